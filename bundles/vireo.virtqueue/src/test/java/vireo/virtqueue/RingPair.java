// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import vireo.device.FeatureSet;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryRegion;
import vireo.virtqueue.mock.RawRing;

/** A driver ring and an engine over the same memory, with data after the ring. */
final class RingPair implements QueueEvents, AutoCloseable {

    static final long BASE = 0x10_0000L;

    final Arena arena = Arena.ofShared();
    final MemorySegment memory;
    final long data;
    final DriverRing driver;
    final GuestMemory guest = GuestMemory.mapped();
    final QueueEngine engine;
    final RawRing raw;

    final AtomicInteger kicks = new AtomicInteger();
    final AtomicInteger calls = new AtomicInteger();
    final AtomicInteger drops = new AtomicInteger();
    final AtomicLong lastNext = new AtomicLong(-1);
    final AtomicReference<Object> trouble = new AtomicReference<>();
    volatile Runnable onKick = () -> { };
    volatile Runnable onCall = () -> { };

    RingPair(int size, FeatureSet features, long dataBytes) {
        long ringBytes = DriverRing.bytes(size, features) + 63 & -64;
        memory = arena.allocate(ringBytes + dataBytes, 64);
        data = BASE + ringBytes;
        driver = new DriverRing(0, size, features, BASE, memory, (queue, next) -> {
            lastNext.set(next);
            kicks.incrementAndGet();
            onKick.run();
        });
        guest.publish(List.of(new MemoryRegion(BASE, memory)), () -> { });
        QueueSpec spec = driver.spec();
        raw = new RawRing(memory, size, spec.descriptors() - BASE, spec.driver() - BASE, spec.device() - BASE);
        engine = QueueEngines.open(spec, guest, this, 0, 0, new int[0], 1);
    }

    long offset(long address) {
        return address - BASE;
    }

    @Override
    public void notifyDriver(int queue) {
        calls.incrementAndGet();
        onCall.run();
    }

    @Override
    public void broken(int queue, String reason) {
        trouble.set(reason);
    }

    @Override
    public void dropped(int queue) {
        drops.incrementAndGet();
    }

    @Override
    public void wake(int queue) {
        onKick.run();
    }

    @Override
    public void handlerFailed(int queue, Throwable thrown) {
        trouble.set(thrown);
    }

    @Override
    public void close() {
        engine.close();
        guest.close();
        arena.close();
    }
}
