// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.api.block.BlockCompletion;

@Timeout(60)
class VolumeAsyncTest {

    private static final int CAPACITY = 4 << 20;

    @Test
    void shouldTellEveryCallerOnceWhenMoreIsAskedThanFits() throws Exception {
        try (Rig rig = Rig.open(CAPACITY)) {
            byte[] all = new byte[CAPACITY];
            Completions done = new Completions();
            int pieces = CAPACITY / 4096;
            for (int i = 0; i < pieces; i++) {
                rig.volume.readAsync(i * 4096L, MemorySegment.ofArray(all), i * 4096L, 4096, i, done);
            }
            done.awaitSuccess(pieces);
            assertArrayEquals(rig.disk.content, all);
            new Random(5).nextBytes(all);
            Completions written = new Completions();
            for (int i = 0; i < pieces; i++) {
                rig.volume.writeAsync(i * 4096L, MemorySegment.ofArray(all), i * 4096L, 4096, i, written);
            }
            written.awaitSuccess(pieces);
            assertArrayEquals(all, rig.disk.content);
            Completions flushed = new Completions();
            rig.volume.flushAsync(1, flushed);
            flushed.awaitSuccess(1);
            assertEquals(1, rig.disk.flushes.get());
            assertFalse(rig.device.usedByTwo);
        }
    }

    @Test
    void shouldStartTheNextRequestFromACompletionWhenAllAreInFlight() throws Exception {
        try (Rig rig = Rig.open(CAPACITY)) {
            int chains = 64;
            AtomicInteger left = new AtomicInteger(5_000);
            Completions ends = new Completions();
            MemorySegment target = Arena.ofAuto().allocate(512L * chains);
            BlockCompletion again = new BlockCompletion() {
                @Override
                public void done(long cookie, IOException failure) {
                    try {
                        if (failure != null || left.decrementAndGet() < 0) {
                            ends.done(cookie, failure);
                        } else {
                            rig.volume.readAsync(cookie * 512, target, cookie * 512, 512, cookie, this);
                        }
                    } catch (IOException full) {
                        ends.done(cookie, full);
                    }
                }
            };
            for (int i = 0; i < chains; i++) {
                rig.volume.readAsync(i * 512L, target, i * 512L, 512, i, again);
            }
            ends.awaitSuccess(chains);
            assertTrue(rig.disk.requests.get() >= 5_000);
        }
    }

    @Test
    void shouldRefuseABlockingRequestWhenACompletionMakesOne() throws Exception {
        try (Rig rig = Rig.open(CAPACITY)) {
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            CountDownLatch over = new CountDownLatch(1);
            rig.volume.flushAsync(0, (cookie, failure) -> {
                try {
                    rig.volume.flush();
                } catch (IOException | IllegalStateException refused) {
                    thrown.set(refused);
                }
                over.countDown();
            });
            over.await();
            assertInstanceOf(IllegalStateException.class, thrown.get());
            rig.volume.flush();
        }
    }

    @Test
    void shouldRefuseASecondRequestWhenACompletionStartsTwoAndNoneIsFree() throws Exception {
        Rig rig = new Rig(CAPACITY);
        try (rig) {
            rig.device.queueSize = 4;
            rig.open(Rig.USUAL);
            AtomicReference<IOException> refused = new AtomicReference<>();
            CountDownLatch over = new CountDownLatch(1);
            Completions inner = new Completions();
            rig.volume.flushAsync(0, (cookie, failure) -> {
                try {
                    rig.volume.flushAsync(1, inner);
                    rig.volume.flushAsync(2, inner);
                } catch (IOException full) {
                    refused.set(full);
                }
                over.countDown();
            });
            over.await();
            assertTrue(refused.get().getMessage().contains("a completion may start one request"),
                    refused.get().getMessage());
            inner.awaitSuccess(1);
        }
    }

    @Test
    void shouldGoOnWhenACompletionThrows() throws Exception {
        try (Rig rig = Rig.open(CAPACITY)) {
            for (int i = 0; i < 100; i++) {
                rig.volume.flushAsync(i, (cookie, failure) -> {
                    throw new IllegalArgumentException("a caller's mistake");
                });
            }
            Completions done = new Completions();
            rig.volume.flushAsync(1, done);
            done.awaitSuccess(1);
        }
    }

    /** A wake-up that got lost would cost a tick of 200 ms each time, and so the time limit. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, 50_000})
    @Timeout(20)
    void shouldLoseNoWakeUpWhenCallersOfAllSortsMix(long pollNanos) throws Exception {
        Rig rig = new Rig(CAPACITY);
        try (rig) {
            rig.open(new VolumeOptions(64 << 10, 8, 1, Rig.USUAL.timeoutNanos(), pollNanos));
            AtomicReference<Throwable> trouble = new AtomicReference<>();
            Thread[] threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                int seed = i;
                threads[i] = Thread.ofPlatform().start(() -> {
                    try {
                        hammer(rig, seed, 600);
                    } catch (Throwable failed) {
                        trouble.set(failed);
                    }
                });
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertNull(trouble.get());
            assertFalse(rig.device.usedByTwo);
        }
    }

    private static void hammer(Rig rig, int seed, int rounds) throws Exception {
        Random random = new Random(seed);
        byte[] bytes = new byte[128 << 10];
        MemorySegment memory = MemorySegment.ofArray(bytes);
        for (int i = 0; i < rounds; i++) {
            int at = random.nextInt(CAPACITY / 512 - 256) * 512;
            switch (random.nextInt(4)) {
                case 0 -> {
                    rig.volume.read(at, memory.asSlice(0, 4096));
                    assertArrayEquals(Arrays.copyOfRange(rig.disk.content, at, at + 4096), Arrays.copyOf(bytes, 4096));
                }
                case 1 -> {
                    Completions done = new Completions();
                    int count = 1 + random.nextInt(12);
                    for (int j = 0; j < count; j++) {
                        rig.volume.readAsync(at + 512L * j, memory, 512L * j, 512, j, done);
                    }
                    done.awaitSuccess(count);
                    assertArrayEquals(Arrays.copyOfRange(rig.disk.content, at, at + 512 * count),
                            Arrays.copyOf(bytes, 512 * count));
                }
                case 2 -> {
                    rig.volume.read(at, memory);
                    assertArrayEquals(Arrays.copyOfRange(rig.disk.content, at, at + bytes.length), bytes);
                }
                default -> rig.volume.flush();
            }
        }
    }

    @Test
    void shouldAllocateNothingPerRequestWhenWarm() throws Exception {
        Rig rig = new Rig(CAPACITY);
        try (rig) {
            // Served on the caller's thread and without objects, so that what is measured is the driver.
            rig.device.behaviour = null;
            rig.open(Rig.USUAL);
            var device = new NullDevice(rig);
            MemorySegment target = rig.device.arena.allocate(4096);
            var threads = (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
            // Until it is compiled it makes objects; what counts is that it stops.
            long least = Long.MAX_VALUE;
            for (int window = 0; window < 200 && least > 0; window++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 1000; i++) {
                    device.volume.read(0, target);
                }
                least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
            }
            device.close();
            assertEquals(0, least);
        }
    }
}
