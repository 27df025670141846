// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.SeekableByteChannel;
import vireo.api.block.BlockCompletion;
import vireo.api.block.BlockVolume;

/** A volume in an array, which can be made to fail from a byte on. */
final class MemoryVolume implements BlockVolume {

    final byte[] bytes;
    long failFrom = Long.MAX_VALUE;
    int flushes;

    MemoryVolume(int size) {
        bytes = new byte[size];
    }

    @Override
    public String name() {
        return "test/1";
    }

    @Override
    public long capacity() {
        return bytes.length;
    }

    @Override
    public int blockSize() {
        return SECTOR;
    }

    @Override
    public boolean readOnly() {
        return false;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public String id() {
        return "memory";
    }

    @Override
    public void read(long offset, MemorySegment target) throws IOException {
        check(offset, target);
        MemorySegment.copy(MemorySegment.ofArray(bytes), offset, target, 0, target.byteSize());
    }

    @Override
    public void write(long offset, MemorySegment source) throws IOException {
        check(offset, source);
        MemorySegment.copy(source, 0, MemorySegment.ofArray(bytes), offset, source.byteSize());
    }

    private void check(long offset, MemorySegment segment) throws IOException {
        if (offset + segment.byteSize() > failFrom) {
            throw new IOException("volume test/1: request at " + offset + " was lost: peer gone");
        }
    }

    @Override
    public void flush() {
        flushes++;
    }

    @Override
    public void discard(long offset, long length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void zero(long offset, long length, boolean unmap) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void readAsync(long offset, MemorySegment target, long at, int length, long cookie, BlockCompletion done) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void writeAsync(long offset, MemorySegment source, long at, int length, long cookie, BlockCompletion done) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void flushAsync(long cookie, BlockCompletion completion) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int maxTransfer() {
        return SECTOR;
    }

    @Override
    public SeekableByteChannel channel() {
        throw new UnsupportedOperationException();
    }
}
