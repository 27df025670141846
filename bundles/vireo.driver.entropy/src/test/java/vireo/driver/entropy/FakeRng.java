// SPDX-License-Identifier: Apache-2.0
package vireo.driver.entropy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.driver.ConfigSnapshot;
import vireo.driver.DeviceInfo;
import vireo.driver.DmaBuffer;
import vireo.driver.DriverQueue;
import vireo.driver.QueueInfo;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;
import vireo.driver.UsedHandler;

/** A remote entropy device in this process, with one queue, that gives 1, 2, 3 and so on, and misbehaves on request. */
final class FakeRng implements RemoteDevice, DriverQueue, AutoCloseable {

    /** What the device does wrong. */
    enum Mischief { NONE, EMPTY, SILENT, TOO_MUCH, BROKEN }

    private static final long BASE = 0x1000;

    final AtomicInteger claims = new AtomicInteger();
    final AtomicInteger resets = new AtomicInteger();
    final AtomicInteger openBuffers = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    volatile Mischief mischief = Mischief.NONE;
    volatile int atMost = Integer.MAX_VALUE;
    volatile RequestException refuse;
    volatile RemoteDeviceListener listener;
    volatile boolean usedAfterReset;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(RemoteEntropy.BUFFER);
    private final Deque<Long> used = new ArrayDeque<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread worker = new Thread(task, "fake-rng");
        worker.setDaemon(true);
        return worker;
    });
    private DriverQueue.Waker waker;
    private byte next = 1;
    private long building;
    private long submitted;
    private boolean armed;
    private boolean live;
    private boolean claimed;

    // The queue

    @Override
    public int index() {
        return 0;
    }

    @Override
    public int size() {
        return 2;
    }

    @Override
    public int room() {
        return 2;
    }

    @Override
    public void readable(long address, long length) {
        throw new AssertionError("rule DT-RNG-01");
    }

    @Override
    public synchronized void writable(long address, long length) {
        alive();
        building = length;
    }

    @Override
    public synchronized int submit() {
        alive();
        submitted = building;
        return 0;
    }

    @Override
    public void kick() {
        try {
            thread.execute(this::serve);
        } catch (RejectedExecutionException over) {
            return;
        }
    }

    private void serve() {
        requests.incrementAndGet();
        boolean tell;
        synchronized (this) {
            long count = Math.min(atMost, submitted);
            switch (mischief) {
                case SILENT -> {
                    return;
                }
                case EMPTY -> used.add(0L);
                case TOO_MUCH -> used.add(submitted + 1_000_000);
                case BROKEN -> used.add(-1L);
                case NONE -> {
                    for (long i = 0; i < count; i++) {
                        memory.set(java.lang.foreign.ValueLayout.JAVA_BYTE, i, next++);
                    }
                    used.add(count);
                }
            }
            tell = armed;
            armed = false;
        }
        if (tell) {
            waker.used();
        }
    }

    @Override
    public synchronized int poll(UsedHandler handler, int limit) {
        alive();
        Long count = used.poll();
        if (count == null) {
            return 0;
        }
        if (count < 0) {
            throw new QueueBrokenException("used id 77 is not in flight");
        }
        handler.used(0, count);
        return 1;
    }

    @Override
    public synchronized boolean arm() {
        alive();
        armed = used.isEmpty();
        return armed;
    }

    @Override
    public int inFlight() {
        return 0;
    }

    private void alive() {
        if (!live && !claimed) {
            usedAfterReset = true;
            throw new IllegalStateException("queue used after reset");
        }
    }

    // The device

    @Override
    public String busName() {
        return "fake";
    }

    @Override
    public int number() {
        return 3;
    }

    @Override
    public DeviceInfo info() {
        return new DeviceInfo(4, 0, new UUID(0, 0), 2, 0, 1, 0, 0);
    }

    @Override
    public synchronized Claim claim(String driver, RemoteDeviceListener told) {
        if (claimed) {
            throw new IllegalStateException("device fake/3 is driven by somebody else");
        }
        claimed = true;
        claims.incrementAndGet();
        listener = told;
        return this::unclaim;
    }

    private synchronized void unclaim() {
        claimed = false;
        live = false;
        used.clear();
        resets.incrementAndGet();
    }

    @Override
    public FeatureSet features() {
        return FeatureSet.NONE;
    }

    @Override
    public FeatureSet negotiate(FeatureSet wanted) throws RequestException {
        if (refuse != null) {
            throw refuse;
        }
        return FeatureSet.of(FeatureSet.VERSION_1);
    }

    @Override
    public ConfigSnapshot readConfig(int offset, int length) {
        throw new AssertionError("an entropy device has no configuration");
    }

    @Override
    public ConfigSnapshot writeConfig(int offset, byte[] data) {
        throw new AssertionError("an entropy device has no configuration");
    }

    @Override
    public int status() {
        return 0;
    }

    @Override
    public int setStatus(int status) {
        return status;
    }

    @Override
    public QueueInfo queueInfo(int index) {
        return new QueueInfo(index, 2, 0, 0, 0, 0);
    }

    @Override
    public DriverQueue openQueue(int index, int size, DriverQueue.Waker toWake) {
        waker = toWake;
        return this;
    }

    @Override
    public void resetQueue(int index) {
        throw new UnsupportedOperationException("resetQueue");
    }

    @Override
    public synchronized void ready() {
        live = true;
    }

    @Override
    public long[] sharedMemory(int id) {
        return new long[2];
    }

    @Override
    public DmaBuffer allocate(long size, long alignment) {
        openBuffers.incrementAndGet();
        return new DmaBuffer() {
            @Override
            public long address() {
                return BASE;
            }

            @Override
            public MemorySegment segment() {
                return memory;
            }

            @Override
            public void close() {
                openBuffers.decrementAndGet();
            }
        };
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
