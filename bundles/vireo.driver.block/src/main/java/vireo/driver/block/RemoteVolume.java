// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static vireo.wire.block.BlockLayout.ID_SIZE;
import static vireo.wire.block.BlockLayout.SEGMENT_UNMAP;
import static vireo.wire.block.BlockLayout.TYPE_DISCARD;
import static vireo.wire.block.BlockLayout.TYPE_FLUSH;
import static vireo.wire.block.BlockLayout.TYPE_GET_ID;
import static vireo.wire.block.BlockLayout.TYPE_IN;
import static vireo.wire.block.BlockLayout.TYPE_OUT;
import static vireo.wire.block.BlockLayout.TYPE_WRITE_ZEROES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import vireo.api.block.BlockCompletion;
import vireo.api.block.BlockVolume;
import vireo.observe.CounterSet;
import vireo.wire.block.BlockFeature;

/**
 * A volume on a remote block device. One object is good for one life of the device, from DRIVER_OK to reset or loss.
 */
final class RemoteVolume implements BlockVolume {

    private final String name;
    private final VolumeShape shape;
    private final List<Lane> lanes;
    private final int maxTransfer;
    private final VolumeCounters counters;
    private final CompletionThread completions;
    private final ReentrantLock edges = new ReentrantLock();
    private volatile long capacity;
    private volatile boolean open = true;

    RemoteVolume(String name, VolumeShape shape, List<Lane> lanes, int maxTransfer, VolumeCounters counters,
            CompletionThread completions) {
        this.name = name;
        this.shape = shape;
        this.lanes = List.copyOf(lanes);
        this.maxTransfer = maxTransfer;
        this.counters = counters;
        this.completions = completions;
        this.capacity = shape.capacity();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long capacity() {
        return capacity;
    }

    void capacity(long bytes) {
        capacity = bytes;
    }

    @Override
    public int blockSize() {
        return shape.blockSize();
    }

    @Override
    public boolean readOnly() {
        return shape.has(BlockFeature.RO);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public int maxTransfer() {
        return maxTransfer;
    }

    CounterSet counters() {
        return counters.set();
    }

    /** Held while a sector is read, changed and written, so that channels do not undo each other's edges. */
    ReentrantLock edges() {
        return edges;
    }

    @Override
    public String id() throws IOException {
        mayBlock();
        Lane lane = lane();
        Request request = lane.begin(TYPE_GET_ID, 0, ID_SIZE);
        request.prepare(TYPE_GET_ID, 0, ID_SIZE);
        lane.send(request, true);
        lane.await(request);
        StringBuilder id = new StringBuilder(ID_SIZE);
        for (int i = 0; i < ID_SIZE; i++) {
            byte c = request.memory.get(JAVA_BYTE, request.meta + RequestMemory.ID + i);
            if (c == 0) {
                break;
            }
            // The device may say anything; what is shown is text.
            id.append(c >= ' ' && c < 0x7f ? (char) c : '?');
        }
        lane.release(request);
        return id.toString();
    }

    @Override
    public void read(long offset, MemorySegment target) throws IOException {
        mayBlock();
        check(TYPE_IN, offset, target.byteSize());
        Transfer.run(lane(), TYPE_IN, offset, target, maxTransfer);
    }

    @Override
    public void write(long offset, MemorySegment source) throws IOException {
        mayBlock();
        check(TYPE_OUT, offset, source.byteSize());
        Transfer.run(lane(), TYPE_OUT, offset, source, maxTransfer);
    }

    @Override
    public void flush() throws IOException {
        mayBlock();
        if (!shape.has(BlockFeature.FLUSH)) {
            // Not offered, so the device has no cache to speak of (rule DT-BLK-05).
            checkOpen(TYPE_FLUSH, 0, 0);
            return;
        }
        Lane lane = lane();
        Request request = lane.begin(TYPE_FLUSH, 0, 0);
        request.prepare(TYPE_FLUSH, 0, 0);
        lane.send(request, true);
        lane.await(request);
        lane.release(request);
    }

    @Override
    public void discard(long offset, long length) throws IOException {
        offered(BlockFeature.DISCARD, TYPE_DISCARD, offset, length);
        segments(TYPE_DISCARD, offset, length, shape.discardSectors(), 0);
    }

    @Override
    public void zero(long offset, long length, boolean unmap) throws IOException {
        offered(BlockFeature.WRITE_ZEROES, TYPE_WRITE_ZEROES, offset, length);
        segments(TYPE_WRITE_ZEROES, offset, length, shape.zeroSectors(),
                unmap && shape.mayUnmap() ? SEGMENT_UNMAP : 0);
    }

    private void offered(int feature, int type, long offset, long length) throws IOException {
        if (!shape.has(feature)) {
            throw Request.failure(name, type, offset, length, "the device does not offer "
                    + BlockFeature.name(feature), null);
        }
    }

    private void segments(int type, long offset, long length, int maxSectors, int flags) throws IOException {
        mayBlock();
        check(type, offset, length);
        long most = (long) maxSectors * SECTOR;
        for (long done = 0; done < length; done += most) {
            long bytes = Math.min(most, length - done);
            Lane lane = lane();
            Request request = lane.begin(type, offset + done, bytes);
            request.prepareSegment(type, offset + done, bytes, flags);
            lane.send(request, true);
            lane.await(request);
            lane.release(request);
        }
    }

    @Override
    public void readAsync(long offset, MemorySegment target, long at, int length, long cookie,
            BlockCompletion completion) throws IOException {
        checkAsync(TYPE_IN, offset, target, at, length, completion);
        Lane lane = lane();
        Request request = lane.begin(TYPE_IN, offset, length);
        request.prepare(TYPE_IN, offset, length);
        lane.sendAsync(request, target, at, cookie, completion);
    }

    @Override
    public void writeAsync(long offset, MemorySegment source, long at, int length, long cookie,
            BlockCompletion completion) throws IOException {
        checkAsync(TYPE_OUT, offset, source, at, length, completion);
        Lane lane = lane();
        Request request = lane.begin(TYPE_OUT, offset, length);
        Transfer.fill(lane, request, offset, source, at, length);
        lane.sendAsync(request, null, 0, cookie, completion);
    }

    @Override
    public void flushAsync(long cookie, BlockCompletion completion) throws IOException {
        Objects.requireNonNull(completion, "completion");
        Lane lane = lane();
        Request request = lane.begin(TYPE_FLUSH, 0, 0);
        if (shape.has(BlockFeature.FLUSH)) {
            request.prepare(TYPE_FLUSH, 0, 0);
            lane.sendAsync(request, null, 0, cookie, completion);
        } else {
            lane.finishAsync(request, cookie, completion);
        }
    }

    @Override
    public SeekableByteChannel channel() {
        return new VolumeChannel(this);
    }

    private Lane lane() {
        return lanes.size() == 1 ? lanes.getFirst()
                : lanes.get((int) (Thread.currentThread().threadId() % lanes.size()));
    }

    /** A completion that waited for another one would wait for itself. */
    private void mayBlock() {
        if (completions.isCurrent()) {
            throw new IllegalStateException("volume " + name + ": a completion must not make a blocking request");
        }
    }

    private void checkAsync(int type, long offset, MemorySegment segment, long at, int length,
            BlockCompletion completion) throws IOException {
        Objects.requireNonNull(completion, "completion");
        Objects.checkFromIndexSize(at, length, segment.byteSize());
        if (length < SECTOR || length > maxTransfer) {
            throw new IllegalArgumentException("length=" + length + " is not in " + SECTOR + ".." + maxTransfer);
        }
        check(type, offset, length);
    }

    private void check(int type, long offset, long length) throws IOException {
        if (offset < 0 || length < 0 || offset % SECTOR != 0 || length % SECTOR != 0) {
            throw new IllegalArgumentException("volume " + name + ": offset=" + offset + " and length=" + length
                    + " have to be multiples of " + SECTOR);
        }
        checkOpen(type, offset, length);
        if (type != TYPE_IN && readOnly()) {
            throw Request.failure(name, type, offset, length, "the device is read-only", null);
        }
        if (offset > capacity || length > capacity - offset) {
            throw Request.failure(name, type, offset, length, "beyond the capacity of " + capacity + " bytes", null);
        }
    }

    private void checkOpen(int type, long offset, long length) throws IOException {
        if (!open) {
            // The lane knows the cause.
            Lane lane = lane();
            lane.release(lane.begin(type, offset, length));
        }
    }

    /**
     * Ends the volume: requests in flight and later ones fail with the cause. The device may still have their memory.
     */
    void fail(IOException cause) {
        open = false;
        for (Lane lane : lanes) {
            lane.fail(cause);
        }
    }

    /** Frees what the volume holds, after {@link #fail} and after the device was reset. */
    void retire() {
        completions.close();
        for (Lane lane : lanes) {
            lane.retire();
        }
    }

    @Override
    public String toString() {
        return "volume " + name;
    }
}
