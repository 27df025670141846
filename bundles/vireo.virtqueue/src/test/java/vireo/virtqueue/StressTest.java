// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vireo.device.Chain;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.driver.DriverQueue;
import vireo.memory.MemoryGeneration;
import vireo.memory.MemoryRegion;
import vireo.virtqueue.mock.MockDriver;

/** Both sides at once, each sleeping when it has nothing to do, so that a lost notification or entry stops the test. */
@Timeout(120)
class StressTest {

    private static final int SIZE = 64;
    private static final int CHAINS = 70_000;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

    static Stream<FeatureSet> features() {
        return Stream.of(TestQueue.PLAIN, TestQueue.EVENTS, TestQueue.ALL);
    }

    @ParameterizedTest
    @MethodSource("features")
    void shouldLoseNothingBetweenTwoThreads(FeatureSet features) throws Exception {
        try (RingPair pair = new RingPair(SIZE, features, SIZE * 64L)) {
            Device device = new Device(pair, 0);
            drive(pair, device);
        }
    }

    @ParameterizedTest
    @MethodSource("features")
    void shouldLoseNothingWhenOtherThreadsComplete(FeatureSet features) throws Exception {
        try (RingPair pair = new RingPair(SIZE, features, SIZE * 64L)) {
            Device device = new Device(pair, 2);
            drive(pair, device);
        }
    }

    private static void drive(RingPair pair, Device device) throws Exception {
        Semaphore told = new Semaphore(0);
        pair.onCall = told::release;
        Driver driver = new Driver(pair);
        while (driver.back < CHAINS) {
            do {
                while (pair.driver.poll(driver::used, SIZE) > 0) {
                    driver.fill();
                }
                driver.fill();
            } while (!pair.driver.arm());
            if (driver.back < CHAINS) {
                told.acquire();
                told.drainPermits();
            }
        }
        device.end();
        assertNull(pair.trouble.get());
        assertNull(device.failure.get());
        assertEquals(0, pair.drops.get());
        assertEquals(CHAINS & 0xffff, pair.engine.usedPosition());
        MemoryGeneration generation = pair.guest.acquire();
        pair.engine.close();
        assertEquals(2, generation.holders(), "the bus and this test");
        generation.release();
    }

    /** Gives every chain a number and a block of 64 bytes, and checks what comes back. */
    private static final class Driver {

        private final RingPair pair;
        private final long[] numbers = new long[SIZE];
        private final int[] blocks = new int[SIZE];
        private final int[] free = new int[SIZE];
        private int freeCount = SIZE;
        private long submitted;
        long back;

        Driver(RingPair pair) {
            this.pair = pair;
            for (int i = 0; i < SIZE; i++) {
                free[i] = i;
            }
        }

        void fill() {
            while (submitted < CHAINS && freeCount > 0 && pair.driver.room() >= 3) {
                int block = free[freeCount - 1];
                long address = pair.data + 64L * block;
                pair.memory.set(LONG, pair.offset(address), submitted);
                pair.memory.set(LONG, pair.offset(address) + 8, 0);
                pair.driver.readable(address, 8);
                pair.driver.writable(address + 8, 3);
                pair.driver.writable(address + 11, 5);
                int id = pair.driver.submit();
                if (id == DriverQueue.FULL) {
                    break;
                }
                freeCount--;
                numbers[id] = submitted++;
                blocks[id] = block;
            }
            pair.driver.kick();
        }

        void used(int id, long written) {
            long at = pair.offset(pair.data + 64L * blocks[id]) + 8;
            if (written != 8 || pair.memory.get(LONG, at) != ~numbers[id]) {
                throw new AssertionError("chain " + numbers[id] + " came back with " + pair.memory.get(LONG, at));
            }
            free[freeCount++] = blocks[id];
            back++;
        }
    }

    /** A worker that sleeps between notifications, and threads that complete some of the chains. */
    private static final class Device {

        private final RingPair pair;
        private final Semaphore told = new Semaphore(1);
        private final BlockingQueue<Chain> handedOn = new ArrayBlockingQueue<>(SIZE);
        private final List<Thread> threads = new ArrayList<>();
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        private volatile boolean ended;

        Device(RingPair pair, int completers) {
            this.pair = pair;
            pair.onKick = told::release;
            MemorySegment scratch = MemorySegment.ofArray(new byte[8]);
            Random random = new Random(3);
            pair.engine.handler(chain -> {
                if (completers > 0 && random.nextBoolean()) {
                    handedOn.add(chain);
                } else {
                    answer(chain, scratch);
                }
            });
            start(this::serve);
            for (int i = 0; i < completers; i++) {
                start(this::completeSome);
            }
        }

        private void start(Runnable work) {
            threads.add(Thread.ofPlatform().daemon().start(() -> {
                try {
                    work.run();
                } catch (Throwable thrown) {
                    failure.compareAndSet(null, thrown);
                    thrown.printStackTrace();
                }
            }));
        }

        private void serve() {
            while (!ended) {
                told.acquireUninterruptibly();
                told.drainPermits();
                do {
                    while (pair.engine.serve(16) > 0) {
                        Thread.onSpinWait();
                    }
                } while (!pair.engine.arm());
            }
        }

        private void completeSome() {
            MemorySegment scratch = MemorySegment.ofArray(new byte[8]);
            try {
                while (!ended) {
                    Chain chain = handedOn.poll(10, TimeUnit.MILLISECONDS);
                    if (chain != null) {
                        answer(chain, scratch);
                    }
                }
            } catch (InterruptedException stopped) {
                throw new IllegalStateException(stopped);
            }
        }

        private static void answer(Chain chain, MemorySegment scratch) {
            chain.read(0, scratch, 0, 8);
            scratch.set(LONG, 0, ~scratch.get(LONG, 0));
            chain.write(0, scratch, 0, 8);
            chain.complete(8);
        }

        void end() throws InterruptedException {
            ended = true;
            told.release();
            for (Thread thread : threads) {
                thread.join();
            }
        }
    }

    /** A device that takes by itself is not disturbed by a worker that lets the queue follow a change of memory. */
    @Test
    void shouldMoveOverWhileDeviceTakesByItself() throws Exception {
        try (TestQueue queue = new TestQueue(SIZE, TestQueue.ALL)) {
            AtomicReference<Boolean> ended = new AtomicReference<>(false);
            Thread worker = Thread.ofPlatform().daemon().start(() -> {
                while (!ended.get()) {
                    queue.driver.guest().publish(List.of(new MemoryRegion(MockDriver.BASE, queue.driver.memory())),
                            () -> { });
                    queue.engine.serve(1);
                    queue.engine.arm();
                }
            });
            for (int i = 0; i < 20_000; i++) {
                queue.driver.writable(MockDriver.BASE, 1).submit();
                queue.take().complete(1);
                assertTrue(queue.driver.poll());
            }
            ended.set(true);
            worker.join();
            queue.engine.serve(1);
            MemoryGeneration generation = queue.driver.guest().acquire();
            assertEquals(3, generation.holders(), "the bus, the queue and this test");
            generation.release();
        }
    }

    /** Rings and tables change between any two loads of the engine; at worst that breaks the queue. */
    @Test
    void shouldSurviveWhenMemoryChangesWhileItIsRead() throws Exception {
        try (TestQueue queue = new TestQueue(SIZE, TestQueue.ALL)) {
            long table = queue.driver.allocate(16 * 64);
            queue.driver.allocate(4096);
            AtomicReference<Boolean> ended = new AtomicReference<>(false);
            Thread scribbler = Thread.ofPlatform().daemon().start(() -> {
                Random random = new Random(17);
                while (!ended.get()) {
                    scribble(queue, table, random);
                }
            });
            int broken = 0;
            int handed = 0;
            MemorySegment scratch = MemorySegment.ofArray(new byte[64]);
            List<Chain> kept = new ArrayList<>();
            while (broken < 300 || handed < 10_000) {
                try {
                    Chain chain = queue.engine.take();
                    if (chain == null) {
                        Thread.onSpinWait();
                    } else {
                        handed++;
                        long length = Math.min(64, chain.readable());
                        chain.read(chain.readable() - length, scratch, 0, length);
                        kept.add(chain);
                    }
                    if (kept.size() > 4) {
                        kept.remove(handed % 5).complete(7);
                    }
                } catch (QueueBrokenException expected) {
                    broken++;
                    kept.clear();
                    queue.engine.abandon();
                    queue.reopen(queue.driver.guest(), queue.ring.availIndex(), queue.ring.usedIndex());
                }
            }
            ended.set(true);
            scribbler.join();
            assertTrue(queue.failures.isEmpty());
        }
    }

    // Mostly plausible, so that the engine gets far before it meets what is wrong.
    private static void scribble(TestQueue queue, long table, Random random) {
        long address = random.nextInt(50) == 0 ? random.nextLong() : table + random.nextInt(4096);
        int flags = random.nextInt(8) == 0 ? random.nextInt(8) : random.nextInt(4);
        int next = random.nextInt(SIZE + (random.nextInt(50) == 0 ? 1 : 0));
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> queue.ring.descriptorAt(queue.driver.offset(table) + 16L * random.nextInt(64), address,
                    random.nextInt(64), flags & 3, next);
            case 3, 4 -> queue.ring.descriptor(random.nextInt(SIZE), address, random.nextInt(64), flags & 3, next);
            case 5 -> queue.ring.descriptor(random.nextInt(SIZE), table, 16L * (1 + random.nextInt(64)), 4, 0);
            case 6 -> queue.ring.availHead(random.nextInt(SIZE), random.nextInt(SIZE));
            default -> queue.ring.availIndex(queue.engine.position() + random.nextInt(SIZE + 1));
        }
    }
}
