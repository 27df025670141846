// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two threads on one ring, and a third that changes what they read. */
@Timeout(60)
class SlotRingStressTest {

    /** A small ring changes hands with every message, which costs much where the cores are busy. */
    private static final int FEW = 10_000;
    private static final int MANY = 150_000;
    private static final long MIX = 0x9e3779b97f4a7c15L;

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 62, 4096})
    void shouldDeliverEveryMessageWholeAndInOrderWhenTwoThreadsRace(int slots) throws Exception {
        try (Arena arena = Arena.ofShared(); ExecutorService threads = Executors.newFixedThreadPool(2)) {
            MemorySegment memory = arena.allocate(SlotRing.bytes(slots), 4096);
            Future<Long> full = threads.submit(() -> produce(arena.allocate(64, 8), memory, slots));
            Future<Long> sum = threads.submit(() -> consume(arena.allocate(64, 8), memory, slots));
            full.get(50, TimeUnit.SECONDS);
            assertEquals(messages(slots), sum.get(50, TimeUnit.SECONDS));
        }
    }

    private static long messages(int slots) {
        return slots < 10 ? FEW : MANY;
    }

    /** Every word of a message follows from its number, so a torn or stale one cannot look right. */
    private static long produce(MemorySegment message, MemorySegment memory, int slots) {
        SlotProducer producer = SlotRing.producer(memory, 0, slots);
        long full = 0;
        for (long number = 1; number <= messages(slots); number++) {
            int words = 1 + (int) (number % 8);
            for (int word = 0; word < words; word++) {
                message.set(ValueLayout.JAVA_LONG, word * 8L, number * MIX + word);
            }
            while (producer.put(message, 0, words * 8L) != SlotRing.DONE) {
                full++;
                Thread.onSpinWait();
                if ((full & 0x3f) == 0) {
                    Thread.yield();
                }
            }
        }
        return full;
    }

    private static long consume(MemorySegment message, MemorySegment memory, int slots) {
        SlotConsumer consumer = SlotRing.consumer(memory, 0, slots);
        int empty = 0;
        for (long number = 1; number <= messages(slots); number++) {
            while (consumer.take(message, 0) != SlotRing.DONE) {
                Thread.onSpinWait();
                if ((++empty & 0x3f) == 0) {
                    Thread.yield();
                }
            }
            int words = 1 + (int) (number % 8);
            for (int word = 0; word < 8; word++) {
                assertEquals(word < words ? number * MIX + word : 0, message.get(ValueLayout.JAVA_LONG, word * 8L));
            }
        }
        return messages(slots);
    }

    @Test
    void shouldGiveAPrivateCopyWhenThePeerScribblesOnTheSlotMeanwhile() throws Exception {
        try (Arena arena = Arena.ofShared(); ExecutorService threads = Executors.newFixedThreadPool(1)) {
            int slots = 4;
            MemorySegment memory = arena.allocate(SlotRing.bytes(slots), 4096);
            AtomicBoolean stop = new AtomicBoolean();
            Callable<Void> scribbler = () -> {
                for (long value = 1; !stop.get(); value++) {
                    for (long at = SlotRing.SLOTS_OFFSET; at < memory.byteSize(); at += 8) {
                        memory.set(ValueLayout.JAVA_LONG, at, value);
                    }
                    memory.set(ValueLayout.JAVA_INT, 0, (int) (value % slots));
                }
                return null;
            };
            Future<Void> peer = threads.submit(scribbler);
            SlotConsumer consumer = SlotRing.consumer(memory, 0, slots);
            MemorySegment first = arena.allocate(64, 8);
            int taken = 0;
            int changed = 0;
            while (taken < 50_000) {
                if (consumer.take(first, 0) == SlotRing.DONE) {
                    byte[] now = first.toArray(ValueLayout.JAVA_BYTE);
                    Thread.onSpinWait();
                    changed += Arrays.equals(now, first.toArray(ValueLayout.JAVA_BYTE)) ? 0 : 1;
                    taken++;
                } else {
                    Thread.yield();
                }
            }
            stop.set(true);
            peer.get(10, TimeUnit.SECONDS);
            assertEquals(0, changed);
            assertEquals(0, consumer.peer().faults(), "every head was a slot number");
        }
    }

    @Test
    void shouldNeverLeaveTheRingWhenThePeerWritesAnyIndexAtAnyTime() throws Exception {
        try (Arena arena = Arena.ofShared(); ExecutorService threads = Executors.newFixedThreadPool(1)) {
            int slots = 62;
            MemorySegment memory = arena.allocate(4096, 4096);
            AtomicBoolean stop = new AtomicBoolean();
            Future<?> peer = threads.submit(() -> {
                Random random = new Random(1);
                while (!stop.get()) {
                    int index = random.nextInt(4) == 0 ? random.nextInt() : random.nextInt(slots);
                    memory.set(ValueLayout.JAVA_INT, random.nextBoolean() ? 0x00 : 0x40, index);
                }
            });
            MemorySegment message = arena.allocate(64, 8);
            int broken = 0;
            for (int round = 0; round < 5_000; round++) {
                SlotConsumer consumer = SlotRing.consumer(memory, 0, slots);
                SlotProducer producer = SlotRing.producer(memory, 0, slots);
                int outcome = SlotRing.DONE;
                for (int i = 0; i < 100 && outcome != SlotRing.BROKEN; i++) {
                    outcome = Math.min(consumer.take(message, 0), producer.put(message, 0, 48));
                    outcome = Math.min(outcome, Math.min(consumer.check(), producer.check()));
                }
                broken += outcome == SlotRing.BROKEN ? 1 : 0;
            }
            stop.set(true);
            peer.get(10, TimeUnit.SECONDS);
            assertTrue(broken > 0, "the hostile branch was reached");
        }
    }
}
