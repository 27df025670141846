// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import vireo.device.Chain;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.memory.MemoryRegion;
import vireo.virtqueue.mock.MockDriver;

/**
 * Runs the operations of a driver, a device and an owner that may do anything, and checks after each one that the
 * engine wrote nothing but the used ring and what the device told it to, and keeps its bounds.
 */
final class HostileModel implements AutoCloseable {

    static final int SIZE = 8;
    private static final int BYTES = 16 << 10;
    private static final int DATA = 4096;

    /** What can happen. */
    sealed interface Op {

        /** A chain as it should be. */
        record Honest(int readable, int writable, int direct, boolean indirect) implements Op {
        }

        /** A descriptor of the table, overwritten. */
        record Descriptor(int index, long address, long length, int flags, int next) implements Op {
        }

        /** An entry of an indirect table, overwritten. */
        record TableEntry(int index, long address, long length, int flags, int next) implements Op {
        }

        /** Two descriptors that refer to each other, made available. */
        record Loop(int one, int other) implements Op {
        }

        /** Any head made available. */
        record Offer(int head) implements Op {
        }

        /** The available index, overwritten. */
        record AvailIndex(int index) implements Op {
        }

        /** Random bytes, in the rings only or anywhere. */
        record Scribble(long seed, int count, boolean anywhere) implements Op {
        }

        /** The worker serves; the handler keeps one in so many chains. */
        record Serve(int budget, int keep) implements Op {
        }

        /** The device takes a chain and keeps it. */
        record Take() implements Op {
        }

        /** The device completes a chain that it kept, perhaps twice. */
        record Complete(int which, long written, boolean twice) implements Op {
        }

        /** The device reads and writes all of a chain that it kept. */
        record Touch(int which) implements Op {
        }

        /** The owner is about to sleep. */
        record Arm() implements Op {
        }

        /** The driver collects, as far as it still can. */
        record Poll() implements Op {
        }

        /** A new session. */
        record Epoch(boolean redeliver) implements Op {
        }

        /** The owner stops the queue, or lets it go on. */
        record Stop(boolean stop) implements Op {
        }

        /** All chains are forgotten. */
        record Abandon() implements Op {
        }

        /** Driver memory changes: 0 moves away, others stay, some in two regions. */
        record Publish(int how) implements Op {
        }
    }

    private final TestQueue queue;
    private final MockDriver driver;
    private final MemorySegment scratch = MemorySegment.ofArray(new byte[4096]);
    private final List<Chain> kept = new ArrayList<>();
    private final long table;
    private final long data;
    private long epoch = 1;
    private int served;

    HostileModel(FeatureSet features) {
        queue = new TestQueue(SIZE, features, BYTES, 65530);
        driver = queue.driver;
        table = driver.allocate(64);
        data = driver.allocate(DATA);
    }

    static Arbitrary<Long> inMemory() {
        return Arbitraries.longs().between(MockDriver.BASE, MockDriver.BASE + BYTES + 8);
    }

    /** How it ended: the rule that broke the queue, "served" or "idle". */
    String outcome() {
        if (queue.broken.isEmpty()) {
            return served > 0 ? "served" : "idle";
        }
        String reason = queue.broken.get(0);
        return reason.substring(reason.lastIndexOf('(') + 1, reason.lastIndexOf(')'));
    }

    void run(Op op) {
        boolean dead = !queue.broken.isEmpty();
        byte[] before = fingerprint(dead);
        boolean touches = step(op);
        if (!touches) {
            byte[] after = fingerprint(dead);
            assertEquals(-1, Arrays.mismatch(before, after), "the engine wrote outside the used ring");
        }
        assertTrue(queue.engine.inFlightCount() >= 0 && queue.engine.inFlightCount() <= SIZE, "in flight");
        assertTrue(queue.broken.size() <= 1, "broken was told twice");
        assertTrue(queue.failures.isEmpty(), () -> "the handler failed: " + queue.failures);
    }

    // All that the engine may not write by itself; of a broken queue, that is everything.
    private byte[] fingerprint(boolean dead) {
        byte[] bytes = driver.get(MockDriver.BASE, BYTES);
        if (!dead) {
            int device = (int) driver.offset(driver.deviceAddress());
            Arrays.fill(bytes, device, device + 6 + 8 * SIZE, (byte) 0);
        }
        return bytes;
    }

    // Runs one operation; true if it writes to driver memory beside the used ring, by right.
    private boolean step(Op op) {
        switch (op) {
            case Op.Honest honest -> honest(honest);
            case Op.Descriptor at ->
                    queue.ring.descriptor(at.index(), at.address(), at.length(), at.flags(), at.next());
            case Op.TableEntry at -> {
                queue.ring.descriptorAt(driver.offset(table) + 16L * at.index(), at.address(), at.length(), at.flags(),
                        at.next());
                queue.ring.descriptor(at.index(), table, 16L * (at.index() + 1), 4, 0);
            }
            case Op.Loop loop -> {
                queue.ring.descriptor(loop.one(), data, 0, 1, loop.other());
                queue.ring.descriptor(loop.other(), data, 16, 1, loop.one());
                driver.offer(loop.one());
            }
            case Op.Offer offer -> driver.offer(offer.head());
            case Op.AvailIndex at -> queue.ring.availIndex(at.index());
            case Op.Scribble scribble -> scribble(scribble);
            case Op.Serve serve -> {
                serve(serve);
                return false;
            }
            case Op.Take _ -> {
                take();
                return false;
            }
            case Op.Complete complete -> {
                complete(complete);
                return false;
            }
            case Op.Touch touch -> touch(touch.which());
            case Op.Arm _ -> {
                queue.engine.arm();
                return false;
            }
            case Op.Poll _ -> poll();
            case Op.Epoch next -> epoch(next.redeliver());
            case Op.Stop stop -> stop(stop.stop());
            case Op.Abandon _ -> {
                queue.engine.abandon();
                kept.clear();
            }
            case Op.Publish how -> publish(how.how());
        }
        return true;
    }

    private void honest(Op.Honest honest) {
        for (int i = 0; i < honest.readable(); i++) {
            driver.readable(data + 32L * i, 32);
        }
        for (int i = 0; i < honest.writable(); i++) {
            driver.writable(data + 1024 + 32L * i, 32);
        }
        try {
            int elements = honest.readable() + honest.writable();
            if (honest.indirect()) {
                driver.submitMixed(Math.min(honest.direct(), elements));
            } else {
                driver.submit();
            }
        } catch (IllegalStateException full) {
            assertTrue(full.getMessage().contains("used up"));
        }
    }

    private void scribble(Op.Scribble scribble) {
        Random random = new Random(scribble.seed());
        if (scribble.anywhere()) {
            driver.scribbleMemory(random, scribble.count());
        } else {
            driver.scribbleRings(random, scribble.count());
        }
    }

    private void serve(Op.Serve serve) {
        queue.engine.handler(chain -> {
            check(chain);
            served++;
            if (serve.keep() > 0 && served % serve.keep() == 0) {
                kept.add(chain);
            } else {
                chain.complete(chain.writable());
            }
        });
        assertTrue(queue.engine.serve(serve.budget()) <= serve.budget());
    }

    private void take() {
        try {
            Chain chain = queue.engine.take();
            if (chain != null) {
                check(chain);
                kept.add(chain);
            }
        } catch (QueueBrokenException broken) {
            assertEquals(1, queue.broken.size());
        }
    }

    // A chain keeps to driver memory and to the limits, whatever its descriptors were.
    private static void check(Chain chain) {
        int elements = chain.readableElements() + chain.writableElements();
        assertTrue(elements <= ChainReader.MAX_TABLE, "elements");
        long bytes = 0;
        for (int i = 0; i < elements; i++) {
            assertTrue(chain.length(i) > 0 && chain.offset(i) >= 0, "element");
            assertTrue(chain.offset(i) + chain.length(i) <= chain.base(i).byteSize(), "element");
            bytes += chain.length(i);
        }
        assertEquals(bytes, chain.readable() + chain.writable());
        assertTrue(bytes <= 1L << 32, "bytes");
    }

    private void complete(Op.Complete complete) {
        if (!kept.isEmpty()) {
            Chain chain = kept.remove(complete.which() % kept.size());
            chain.complete(complete.written());
            if (complete.twice()) {
                int dropped = queue.dropped;
                chain.complete(complete.written());
                assertEquals(dropped + 1, queue.dropped);
            }
        }
    }

    private void touch(int which) {
        if (!kept.isEmpty()) {
            Chain chain = kept.get(which % kept.size());
            long readable = Math.min(chain.readable(), scratch.byteSize());
            chain.read(chain.readable() - readable, scratch, 0, readable);
            long writable = Math.min(chain.writable(), scratch.byteSize());
            chain.write(chain.writable() - writable, scratch, 0, writable);
        }
    }

    private void poll() {
        try {
            driver.poll();
        } catch (RuntimeException confused) {
            // The driver's own ring is damaged; what it makes of it is not tested here.
            assertTrue(confused.getMessage() != null);
        }
    }

    private void epoch(boolean redeliver) {
        queue.engine.epoch(++epoch);
        kept.clear();
        if (redeliver) {
            queue.engine.redeliver();
        }
    }

    private void stop(boolean stop) {
        if (stop) {
            queue.engine.stop();
        } else {
            queue.engine.resume();
        }
    }

    private void publish(int how) {
        MemorySegment memory = driver.memory();
        if (how == 0) {
            driver.guest().publish(List.of(new MemoryRegion(MockDriver.BASE + BYTES, memory)), () -> { });
        } else if (how < 5) {
            driver.guest().publish(List.of(new MemoryRegion(MockDriver.BASE, memory)), () -> { });
        } else {
            long cut = driver.offset(data) + 8 * how;
            driver.guest().publish(List.of(new MemoryRegion(MockDriver.BASE, memory.asSlice(0, cut)),
                    new MemoryRegion(MockDriver.BASE + cut, memory.asSlice(cut))), () -> { });
        }
    }

    @Override
    public void close() {
        queue.close();
    }
}
