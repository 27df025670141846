// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * A store that keeps what was not flushed apart from what was, so that pulling the plug can be tried: after SIGKILL the
 * page cache survives, and proves nothing.
 */
class MemoryStore implements BlockStore {

    final byte[] cache;
    final byte[] durable;
    int flushes;
    boolean closed;
    IOException failure;

    MemoryStore(int size) {
        cache = new byte[size];
        durable = new byte[size];
    }

    private void check() throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        if (failure != null) {
            throw failure;
        }
    }

    @Override
    public long size() {
        return cache.length;
    }

    @Override
    public void read(long position, BlockData target) throws IOException {
        check();
        target.put(0, MemorySegment.ofArray(cache), position, target.length());
    }

    @Override
    public void write(long position, BlockData source) throws IOException {
        check();
        source.get(0, MemorySegment.ofArray(cache), position, source.length());
    }

    @Override
    public void flush() throws IOException {
        check();
        flushes++;
        System.arraycopy(cache, 0, durable, 0, cache.length);
    }

    @Override
    public void discard(long position, long length) throws IOException {
        check();
        MemorySegment.ofArray(cache).asSlice(position, length).fill((byte) 0xdd);
    }

    @Override
    public void zero(long position, long length, boolean unmap) throws IOException {
        check();
        MemorySegment.ofArray(cache).asSlice(position, length).fill((byte) 0);
    }

    @Override
    public void close() {
        closed = true;
    }

    /** The plug is pulled: only what was flushed is left. */
    void crash() {
        System.arraycopy(durable, 0, cache, 0, cache.length);
    }
}
