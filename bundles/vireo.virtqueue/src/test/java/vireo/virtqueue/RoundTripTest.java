// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vireo.device.Chain;
import vireo.device.FeatureSet;
import vireo.driver.DriverQueue;

/** Honest traffic between both sides, past the point where the indices wrap. */
@Timeout(60)
class RoundTripTest {

    private static final int SIZE = 16;
    private static final int CHAINS = 70_000;

    static Stream<FeatureSet> features() {
        return Stream.of(TestQueue.PLAIN, TestQueue.INDIRECT, TestQueue.EVENTS, TestQueue.ALL);
    }

    /** Every chain carries a number, and the device writes what follows from it. */
    @ParameterizedTest
    @MethodSource("features")
    void shouldCarryEveryChainOnce(FeatureSet features) {
        try (RingPair pair = new RingPair(SIZE, features, SIZE * 256L)) {
            Random random = new Random(11);
            Deque<Chain> kept = new ArrayDeque<>();
            long[] numbers = new long[SIZE];
            MemorySegment scratch = MemorySegment.ofArray(new long[2]);
            pair.engine.handler(chain -> {
                if (random.nextInt(4) == 0) {
                    kept.add(chain);
                } else {
                    answer(chain, scratch);
                }
            });
            long submitted = 0;
            long[] back = {0};
            while (back[0] < CHAINS) {
                for (int burst = random.nextInt(SIZE); burst >= 0 && submitted < CHAINS; burst--) {
                    if (!submit(pair, random, submitted, numbers)) {
                        break;
                    }
                    submitted++;
                }
                pair.driver.kick();
                while (pair.engine.serve(1 + random.nextInt(8)) > 0) {
                    Thread.onSpinWait();
                }
                while (!kept.isEmpty() && (submitted == CHAINS || random.nextBoolean())) {
                    answer(random.nextBoolean() ? kept.removeFirst() : kept.removeLast(), scratch);
                }
                pair.driver.poll((id, written) -> {
                    check(pair, id, written, numbers);
                    back[0]++;
                }, 1 + random.nextInt(SIZE));
            }
            assertEquals(0, pair.driver.inFlight());
            assertEquals(CHAINS & 0xffff, pair.engine.position());
            assertNull(pair.trouble.get());
        }
    }

    private static long slot(RingPair pair, int slot) {
        return pair.data + 256L * slot;
    }

    // The number goes into the slot of the id that the chain will get, which is not known yet: a free one is searched.
    private static boolean submit(RingPair pair, Random random, long number, long[] numbers) {
        int at = 0;
        while (at < SIZE && numbers[at] != 0) {
            at++;
        }
        int cuts = 1 + random.nextInt(3);
        if (at == SIZE || pair.driver.room() < cuts + 2) {
            return false;
        }
        long address = slot(pair, at);
        MemorySegment memory = pair.memory;
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, pair.offset(address), number);
        memory.set(ValueLayout.JAVA_LONG_UNALIGNED, pair.offset(address) + 8, at);
        pair.driver.readable(address, 4);
        pair.driver.readable(address + 4, 12);
        for (int i = 0; i < cuts; i++) {
            pair.driver.writable(address + 64 + 8L * i, i == cuts - 1 ? 32 - 8L * i : 8);
        }
        int id = pair.driver.submit();
        if (id == DriverQueue.FULL) {
            return false;
        }
        numbers[at] = (long) id << 40 | number + 1;
        return true;
    }

    private static void answer(Chain chain, MemorySegment scratch) {
        chain.read(0, scratch, 0, 16);
        long number = scratch.get(ValueLayout.JAVA_LONG_UNALIGNED, 0);
        scratch.set(ValueLayout.JAVA_LONG_UNALIGNED, 0, ~number);
        chain.write(5, scratch, 0, 16);
        chain.complete(21);
    }

    private static void check(RingPair pair, int id, long written, long[] numbers) {
        assertEquals(21, written);
        int at = 0;
        while (numbers[at] == 0 || numbers[at] >>> 40 != id) {
            at++;
        }
        long number = (numbers[at] & (1L << 40) - 1) - 1;
        numbers[at] = 0;
        long answer = pair.offset(slot(pair, at)) + 64 + 5;
        assertEquals(~number, pair.memory.get(ValueLayout.JAVA_LONG_UNALIGNED, answer));
        assertEquals(at, pair.memory.get(ValueLayout.JAVA_LONG_UNALIGNED, answer + 8));
    }

    /** Nobody polls: both sides act on notifications alone, so one that is missing stops the traffic. */
    @ParameterizedTest
    @MethodSource("features")
    void shouldMissNoNotificationWhenBothSidesSleep(FeatureSet features) {
        try (RingPair pair = new RingPair(SIZE, features, 4096)) {
            int chains = 70_000;
            Random random = new Random(5);
            boolean[] deviceTold = {true};
            boolean[] driverTold = {true};
            pair.onKick = () -> deviceTold[0] = true;
            pair.onCall = () -> driverTold[0] = true;
            pair.engine.handler(chain -> chain.complete(chain.writable()));
            int[] back = {0};
            int submitted = 0;
            while (back[0] < chains) {
                assertTrue(deviceTold[0] || driverTold[0], "both sleep");
                if (driverTold[0]) {
                    driverTold[0] = false;
                    do {
                        while (pair.driver.poll((id, written) -> back[0]++, SIZE) > 0) {
                            Thread.onSpinWait();
                        }
                        for (int burst = random.nextInt(SIZE) + 1; burst > 0 && submitted < chains; burst--) {
                            pair.driver.writable(pair.data, 16);
                            if (pair.driver.submit() == DriverQueue.FULL) {
                                break;
                            }
                            submitted++;
                        }
                        pair.driver.kick();
                    } while (!pair.driver.arm());
                }
                if (deviceTold[0]) {
                    deviceTold[0] = false;
                    do {
                        while (pair.engine.serve(3) > 0) {
                            Thread.onSpinWait();
                        }
                    } while (!pair.engine.arm());
                }
            }
            assertEquals(chains, submitted);
            assertNotEquals(0, pair.kicks.get());
            assertNull(pair.trouble.get());
        }
    }
}
