// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** A volume as bytes with a position: sectors at the edges are read, changed and written. Thread-safe. */
final class VolumeChannel implements SeekableByteChannel {

    private static final int SECTOR = RemoteVolume.SECTOR;

    private final RemoteVolume volume;
    private final byte[] edge = new byte[SECTOR];
    private long position;
    private boolean written;
    private volatile boolean open = true;

    VolumeChannel(RemoteVolume volume) {
        this.volume = volume;
    }

    @Override
    public synchronized int read(ByteBuffer target) throws IOException {
        checkOpen();
        long left = volume.capacity() - position;
        if (left <= 0) {
            return -1;
        }
        MemorySegment memory = MemorySegment.ofBuffer(target);
        int length = (int) Math.min(left, memory.byteSize());
        int done = 0;
        while (done < length) {
            done += readSome(memory, done, length - done, position + done);
        }
        target.position(target.position() + length);
        position += length;
        return length;
    }

    private int readSome(MemorySegment memory, int at, int length, long from) throws IOException {
        int inSector = (int) (from % SECTOR);
        int whole = length / SECTOR * SECTOR;
        if (inSector == 0 && whole > 0) {
            volume.read(from, memory.asSlice(at, whole));
            return whole;
        }
        int some = Math.min(length, SECTOR - inSector);
        MemorySegment sector = MemorySegment.ofArray(edge);
        volume.read(from - inSector, sector);
        MemorySegment.copy(sector, inSector, memory, at, some);
        return some;
    }

    @Override
    public synchronized int write(ByteBuffer source) throws IOException {
        checkOpen();
        if (volume.readOnly()) {
            throw new NonWritableChannelException();
        }
        MemorySegment memory = MemorySegment.ofBuffer(source);
        long left = volume.capacity() - position;
        if (left <= 0 && memory.byteSize() > 0) {
            throw new IOException("volume " + volume.name() + ": write at " + position + " is beyond the capacity of "
                    + volume.capacity() + " bytes");
        }
        int length = (int) Math.min(left, memory.byteSize());
        int done = 0;
        while (done < length) {
            done += writeSome(memory, done, length - done, position + done);
        }
        source.position(source.position() + length);
        position += length;
        return length;
    }

    private int writeSome(MemorySegment memory, int at, int length, long to) throws IOException {
        written = true;
        int inSector = (int) (to % SECTOR);
        int whole = length / SECTOR * SECTOR;
        if (inSector == 0 && whole > 0) {
            volume.write(to, memory.asSlice(at, whole));
            return whole;
        }
        int some = Math.min(length, SECTOR - inSector);
        MemorySegment sector = MemorySegment.ofArray(edge);
        volume.edges().lock();
        try {
            volume.read(to - inSector, sector);
            MemorySegment.copy(memory, at, sector, inSector, some);
            volume.write(to - inSector, sector);
        } finally {
            volume.edges().unlock();
        }
        return some;
    }

    @Override
    public synchronized long position() throws IOException {
        checkOpen();
        return position;
    }

    @Override
    public synchronized SeekableByteChannel position(long newPosition) throws IOException {
        checkOpen();
        if (newPosition < 0) {
            throw new IllegalArgumentException("position=" + newPosition + " is negative");
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        checkOpen();
        return volume.capacity();
    }

    @Override
    public synchronized SeekableByteChannel truncate(long size) throws IOException {
        checkOpen();
        if (size < volume.capacity()) {
            throw new UnsupportedOperationException("volume " + volume.name() + ": its size of " + volume.capacity()
                    + " bytes cannot be changed");
        }
        return this;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    private void checkOpen() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (open) {
            open = false;
            if (written) {
                volume.flush();
            }
        }
    }
}
