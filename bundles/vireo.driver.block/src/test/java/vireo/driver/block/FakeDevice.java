// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import vireo.device.FeatureSet;
import vireo.driver.ConfigSnapshot;
import vireo.driver.DeviceInfo;
import vireo.driver.DmaBuffer;
import vireo.driver.DriverQueue;
import vireo.driver.QueueInfo;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;
import vireo.wire.block.BlockFeature;
import vireo.wire.block.BlockLayout;

/** A remote device in this process, as the transport would show it, with a behaviour for its requests. */
final class FakeDevice implements RemoteDevice {

    /** What the device does with a chain. */
    interface Behaviour {
        void serve(FakeQueue queue, FakeQueue.Sent sent);
    }

    private static final long BASE = 0x4000_0000L;
    private static final int MEMORY = 32 << 20;

    final AtomicInteger arms = new AtomicInteger();
    final AtomicInteger resets = new AtomicInteger();
    final AtomicInteger claims = new AtomicInteger();
    final AtomicInteger openBuffers = new AtomicInteger();
    final List<FakeQueue> queues = new CopyOnWriteArrayList<>();
    volatile boolean rawIds;
    volatile boolean usedAfterReset;
    volatile boolean usedByTwo;
    volatile boolean freedBeforeReset;
    volatile RemoteDeviceListener listener;
    volatile Behaviour behaviour;
    volatile RequestException refuse;
    final ByteBuffer config = ByteBuffer.allocate(BlockLayout.CONFIG_SIZE).order(ByteOrder.LITTLE_ENDIAN);
    FeatureSet offered = FeatureSet.of(BlockFeature.FLUSH, BlockFeature.BLK_SIZE, BlockFeature.DISCARD,
            BlockFeature.WRITE_ZEROES, BlockFeature.SEG_MAX, BlockFeature.MQ, BlockFeature.CONFIG_WCE);
    int queueSize = 256;
    int configSize = BlockLayout.CONFIG_SIZE;
    long memoryLimit = MEMORY;
    final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(MEMORY, 4096);
    private final List<String> log = new CopyOnWriteArrayList<>();
    private long next;
    private boolean claimed;
    private boolean live;

    FakeDevice(long capacity) {
        config.putLong(BlockLayout.CONFIG_CAPACITY, capacity / 512);
        config.putInt(BlockLayout.CONFIG_SEG_MAX, 128);
        config.putInt(BlockLayout.CONFIG_BLK_SIZE, 4096);
        config.putShort(BlockLayout.CONFIG_NUM_QUEUES, (short) 1);
        config.putInt(BlockLayout.CONFIG_MAX_DISCARD_SECTORS, 64);
        config.putInt(BlockLayout.CONFIG_MAX_WRITE_ZEROES_SECTORS, 64);
        config.put(BlockLayout.CONFIG_WRITE_ZEROES_MAY_UNMAP, (byte) 1);
    }

    MemorySegment at(long address, long length) {
        return memory.asSlice(address - BASE, length);
    }

    void poke(long address, byte value) {
        memory.set(ValueLayout.JAVA_BYTE, address - BASE, value);
    }

    void deliver(FakeQueue queue, FakeQueue.Sent sent) {
        behaviour.serve(queue, sent);
    }

    List<String> log() {
        return log;
    }

    private void ask(String what) throws RequestException {
        log.add(what);
        if (refuse != null) {
            throw refuse;
        }
    }

    @Override
    public String busName() {
        return "fake";
    }

    @Override
    public int number() {
        return 7;
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo(2, 0, new UUID(0, 0), 2, configSize, 8, 0, 0);
    }

    @Override
    public synchronized Claim claim(String driver, RemoteDeviceListener told) {
        if (claimed) {
            throw new IllegalStateException("device fake/7 is driven by somebody else");
        }
        claimed = true;
        claims.incrementAndGet();
        listener = told;
        return this::unclaim;
    }

    private synchronized void unclaim() {
        if (claimed) {
            claimed = false;
            live = false;
            resets.incrementAndGet();
            queues.forEach(FakeQueue::kill);
            queues.clear();
        }
    }

    @Override
    public FeatureSet features() {
        return offered;
    }

    @Override
    public FeatureSet negotiate(FeatureSet wanted) throws RequestException {
        ask("negotiate");
        return offered.and(wanted).plus(FeatureSet.of(FeatureSet.VERSION_1));
    }

    @Override
    public ConfigSnapshot readConfig(int offset, int length) throws RequestException {
        ask("readConfig");
        return new ConfigSnapshot(1, offset, Arrays.copyOfRange(config.array(), offset, offset + length));
    }

    @Override
    public ConfigSnapshot writeConfig(int offset, byte[] data) {
        throw new UnsupportedOperationException("writeConfig");
    }

    @Override
    public int status() {
        return live ? 15 : 0;
    }

    @Override
    public int setStatus(int status) {
        return status;
    }

    @Override
    public QueueInfo queueInfo(int index) {
        return new QueueInfo(index, queueSize, 0, 0, 0, 0);
    }

    @Override
    public DriverQueue openQueue(int index, int size, DriverQueue.Waker waker) throws RequestException {
        ask("openQueue " + index);
        FakeQueue queue = new FakeQueue(this, index, Math.min(size, queueSize), waker);
        queues.add(queue);
        return queue;
    }

    @Override
    public void resetQueue(int index) {
        throw new UnsupportedOperationException("resetQueue");
    }

    @Override
    public void ready() throws RequestException {
        ask("ready");
        live = true;
    }

    @Override
    public long[] sharedMemory(int id) {
        return new long[2];
    }

    @Override
    public synchronized DmaBuffer allocate(long size, long alignment) throws RequestException {
        long start = (next + alignment - 1) / alignment * alignment;
        if (size > memoryLimit || start + size > MEMORY) {
            throw new RequestException(RequestException.Kind.REFUSED, "no " + size + " bytes left", null);
        }
        next = start + size;
        openBuffers.incrementAndGet();
        MemorySegment segment = memory.asSlice(start, size);
        return new DmaBuffer() {
            private boolean closed;

            @Override
            public long address() {
                return BASE + start;
            }

            @Override
            public MemorySegment segment() {
                return segment;
            }

            @Override
            public void close() {
                if (!closed) {
                    closed = true;
                    openBuffers.decrementAndGet();
                    freedBeforeReset |= live;
                }
            }
        };
    }

    /** The elements of one direction as one piece of memory each, for behaviours. */
    List<MemorySegment> part(FakeQueue.Sent sent, boolean writable) {
        List<MemorySegment> part = new ArrayList<>();
        for (FakeQueue.Element element : sent.elements()) {
            if (element.writable() == writable) {
                part.add(at(element.address(), element.length()));
            }
        }
        return part;
    }
}
