// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlotRingTest {

    private static final int SLOTS = 5;
    private static final long BASE = 0x1000;
    private static final ValueLayout.OfInt LE32 =
            ValueLayout.JAVA_INT.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(0x3000, 4096);
    private final MemorySegment source = arena.allocate(64, 8);
    private final MemorySegment target = arena.allocate(64, 8);

    @AfterEach
    void close() {
        arena.close();
    }

    private SlotProducer producer() {
        return SlotRing.producer(memory, BASE, SLOTS);
    }

    private SlotConsumer consumer() {
        return SlotRing.consumer(memory, BASE, SLOTS);
    }

    private int put(SlotProducer producer, int tag) {
        source.fill((byte) tag);
        return producer.put(source, 0, 48);
    }

    private int take(SlotConsumer consumer) {
        return consumer.take(target, 0) == SlotRing.DONE ? target.get(ValueLayout.JAVA_BYTE, 0) : -1;
    }

    private void setHead(int head) {
        memory.set(LE32, BASE, head);
    }

    private void setTail(int tail) {
        memory.set(LE32, BASE + 0x40, tail);
    }

    private int head() {
        return memory.get(LE32, BASE);
    }

    private int tail() {
        return memory.get(LE32, BASE + 0x40);
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 7, 65, 1L << 32, (1L << 32) + 48, Long.MAX_VALUE})
    void shouldRefuseAMessageWhenItsLengthIsOutOfRange(long length) {
        SlotProducer producer = producer();
        String text = assertThrows(IllegalArgumentException.class, () -> producer.put(source, 0, length)).getMessage();
        assertTrue(text.contains("length=" + length), text);
        assertEquals(0, head());
    }

    @Test
    void shouldRefuseAMessageWhenItRunsPastItsSegment() {
        SlotProducer producer = producer();
        assertThrows(IndexOutOfBoundsException.class, () -> producer.put(source, 24, 48));
        assertThrows(IndexOutOfBoundsException.class, () -> producer.put(source, -8, 48));
        assertEquals(0, head(), "nothing was published");
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "0, 0", "-3, 0", "1048577, 0", "2, 1", "2, 32", "5, 12288", "5, -64", "191, 0"})
    void shouldRefuseARingWhenItDoesNotFit(int slots, long base) {
        assertThrows(IllegalArgumentException.class, () -> SlotRing.producer(memory, base, slots));
        assertThrows(IllegalArgumentException.class, () -> SlotRing.consumer(memory, base, slots));
    }

    @Test
    void shouldLayOutIndicesAndSlotsWhereTheFormatHasThem() {
        SlotProducer producer = producer();
        for (int i = 0; i < 48; i++) {
            source.set(ValueLayout.JAVA_BYTE, i, (byte) (i + 1));
        }
        assertEquals(SlotRing.DONE, producer.put(source, 0, 48));
        assertEquals(1, head());
        assertEquals(0, tail());
        for (int i = 0; i < 64; i++) {
            assertEquals(i < 48 ? i + 1 : 0, memory.get(ValueLayout.JAVA_BYTE, BASE + 0x80 + i), "byte " + i);
        }
        producer.put(source, 0, 48);
        assertEquals(1, memory.get(ValueLayout.JAVA_BYTE, BASE + 0xc0), "the second slot follows directly");
        assertEquals(128 + 64 * 4096, SlotRing.bytes(4096));
        assertTrue(SlotRing.bytes(62) <= 4096 && SlotRing.bytes(63) > 4096);
    }

    @Test
    void shouldTouchNothingButIndicesAndSlots() {
        memory.fill((byte) 0x5a);
        setHead(0);
        setTail(0);
        SlotProducer producer = producer();
        SlotConsumer consumer = consumer();
        for (int i = 0; i < 3 * SLOTS; i++) {
            put(producer, i);
            take(consumer);
        }
        long end = BASE + SlotRing.bytes(SLOTS);
        for (long at = 0; at < memory.byteSize(); at++) {
            boolean used = at >= BASE && at < BASE + 4 || at >= BASE + 0x40 && at < BASE + 0x44
                    || at >= BASE + 0x80 && at < end;
            if (!used) {
                assertEquals(0x5a, memory.get(ValueLayout.JAVA_BYTE, at), "offset " + at);
            }
        }
    }

    @Test
    void shouldZeroTheRestOfTheSlotWhenAMessageIsShorterThanItsPredecessor() {
        SlotProducer producer = producer();
        SlotConsumer consumer = consumer();
        for (int length = 64; length >= 8; length--) {
            memory.asSlice(BASE + 0x80, SLOTS * 64L).fill((byte) -1);
            for (int i = 0; i < 64; i++) {
                source.set(ValueLayout.JAVA_BYTE, i, (byte) (i + length));
            }
            assertEquals(SlotRing.DONE, producer.put(source, 0, length));
            assertEquals(SlotRing.DONE, consumer.take(target, 0));
            for (int i = 0; i < 64; i++) {
                assertEquals(i < length ? (byte) (i + length) : 0, target.get(ValueLayout.JAVA_BYTE, i),
                        "length " + length + " byte " + i);
            }
        }
    }

    @Test
    void shouldReadOnlyTheMessageWhenItEndsItsSegment() {
        MemorySegment exact = arena.allocate(13, 1);
        exact.fill((byte) 9);
        SlotProducer producer = producer();
        SlotConsumer consumer = consumer();
        assertEquals(SlotRing.DONE, producer.put(exact, 0, 13));
        assertEquals(SlotRing.DONE, producer.put(exact, 5, 8));
        assertEquals(9, take(consumer));
        assertEquals(9, take(consumer));
        assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 8));
    }

    @Test
    void shouldHoldOneMessageLessThanItHasSlots() {
        SlotProducer producer = producer();
        SlotConsumer consumer = consumer();
        for (int i = 0; i < SLOTS - 1; i++) {
            assertEquals(SlotRing.DONE, put(producer, i));
        }
        assertEquals(SlotRing.NONE, put(producer, 99));
        assertEquals(SlotRing.NONE, put(producer, 99));
        assertEquals(0, take(consumer));
        assertEquals(SlotRing.DONE, put(producer, SLOTS - 1));
        assertEquals(SlotRing.NONE, put(producer, 99));
        for (int i = 1; i < SLOTS; i++) {
            assertEquals(i, take(consumer));
        }
        assertEquals(SlotRing.NONE, consumer.take(target, 0));
    }

    @Test
    void shouldKeepOrderWhenIndicesWrapManyTimes() {
        SlotProducer producer = producer();
        SlotConsumer consumer = consumer();
        int next = 0;
        int expected = 0;
        for (int round = 0; round < 1000; round++) {
            for (int burst = round % SLOTS; burst > 0; burst--) {
                assertEquals(SlotRing.DONE, put(producer, next++ & 0x7f));
                assertTrue(head() >= 0 && head() < SLOTS);
            }
            while (expected < next) {
                assertEquals(expected++ & 0x7f, take(consumer));
            }
        }
    }

    @Test
    void shouldContinueWhereAnEarlierInstanceStood() {
        setHead(3);
        setTail(1);
        memory.fill((byte) 0);
        setHead(3);
        setTail(1);
        SlotConsumer consumer = consumer();
        SlotProducer producer = producer();
        assertEquals(SlotRing.DONE, put(producer, 7));
        assertEquals(4, head());
        assertEquals(0, take(consumer));
        assertEquals(0, take(consumer));
        assertEquals(7, take(consumer));
        assertEquals(4, tail());
    }

    @ParameterizedTest
    @ValueSource(ints = {SLOTS, SLOTS + 1, 4096, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void shouldStartAtZeroWhenItsOwnIndexIsNoSlotNumber(int index) {
        setHead(index);
        setTail(index);
        producer();
        assertEquals(0, head());
        consumer();
        assertEquals(0, tail());
    }

    @Test
    void shouldThrowAwayWhatIsQueuedWhenAsked() {
        SlotProducer producer = producer();
        put(producer, 1);
        put(producer, 2);
        SlotConsumer consumer = consumer();
        assertEquals(2, consumer.discard());
        assertEquals(2, tail());
        assertEquals(SlotRing.NONE, consumer.take(target, 0));
        put(producer, 3);
        assertEquals(3, take(consumer));
    }

    @ParameterizedTest
    @ValueSource(ints = {SLOTS, SLOTS + 1, 4096, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void shouldForgiveAWrongHeadOnceAndBreakWhenItComesAgain(int wrong) {
        SlotConsumer consumer = consumer();
        setHead(wrong);
        assertEquals(SlotRing.NONE, consumer.take(target, 0), "read as 0, which is empty here");
        assertEquals(1, consumer.peer().faults());
        setHead(2);
        assertEquals(0, take(consumer));
        assertEquals(0, take(consumer));
        setHead(wrong);
        assertEquals(SlotRing.BROKEN, consumer.take(target, 0));
        assertEquals(2, consumer.peer().faults());
        assertEquals(Integer.toUnsignedLong(wrong), consumer.peer().wrong());
        setHead(3);
        assertEquals(SlotRing.BROKEN, consumer.take(target, 0), "broken stays broken");
        assertEquals(2, tail(), "nothing moved");
        assertEquals(0, take(consumer()), "until it is attached again");
    }

    @ParameterizedTest
    @ValueSource(ints = {SLOTS, SLOTS + 1, 4096, Integer.MAX_VALUE, Integer.MIN_VALUE, -1})
    void shouldForgiveAWrongTailOnceAndBreakWhenItComesAgain(int wrong) {
        SlotProducer producer = producer();
        setTail(wrong);
        for (int i = 0; i < SLOTS - 1; i++) {
            assertEquals(SlotRing.DONE, put(producer, i), "read as 0");
        }
        assertEquals(1, producer.peer().faults());
        assertEquals(SlotRing.BROKEN, put(producer, 99));
        setTail(2);
        assertEquals(SlotRing.BROKEN, put(producer, 99), "broken stays broken");
        assertEquals(SLOTS - 1, head());
        assertEquals(SlotRing.DONE, put(producer(), 99), "until it is attached again");
    }

    @Test
    void shouldCallItAFaultWhenTheHeadMovesBackOverMessages() {
        SlotConsumer consumer = consumer();
        setHead(4);
        assertEquals(0, take(consumer));
        assertEquals(SlotRing.DONE, consumer.check());
        setHead(2);
        assertEquals(SlotRing.BROKEN, consumer.check());
        assertEquals(SlotRing.DONE, consumer.take(target, 0), "what was known to be there may still be taken");
        assertEquals(2, consumer.peer().wrong());
    }

    @Test
    void shouldSayThatThereAreMessagesWhenACheckFoundThem() {
        SlotConsumer consumer = consumer();
        assertTrue(consumer.isEmpty());
        put(producer(), 1);
        assertTrue(consumer.isEmpty(), "nobody looked yet");
        assertEquals(SlotRing.DONE, consumer.check());
        assertFalse(consumer.isEmpty());
        take(consumer);
        assertTrue(consumer.isEmpty());
    }

    @Test
    void shouldCallItAFaultWhenTheTailPassesTheHead() {
        SlotProducer producer = producer();
        put(producer, 1);
        put(producer, 2);
        setTail(1);
        assertEquals(SlotRing.DONE, producer.check());
        setTail(3);
        assertEquals(SlotRing.BROKEN, producer.check());
        assertTrue(producer.peer().broken());
    }

    @Test
    void shouldCallItAFaultWhenTheTailMovesBack() {
        SlotProducer producer = producer();
        for (int i = 0; i < 3; i++) {
            put(producer, i);
        }
        setTail(3);
        assertEquals(SlotRing.DONE, producer.check());
        setTail(1);
        assertEquals(SlotRing.BROKEN, producer.check());
    }

    @Test
    void shouldFindNothingWrongWhenAnHonestPeerIsCheckedAtEveryStep() {
        SlotProducer producer = producer();
        SlotConsumer consumer = consumer();
        for (int round = 0; round < 100; round++) {
            for (int i = 0; i < round % SLOTS; i++) {
                assertEquals(SlotRing.DONE, put(producer, i));
                assertEquals(SlotRing.DONE, producer.check());
                assertEquals(SlotRing.DONE, consumer.check());
            }
            for (int i = 0; i < round % SLOTS; i++) {
                assertEquals(i, take(consumer));
                assertEquals(SlotRing.DONE, consumer.check());
                assertEquals(SlotRing.DONE, producer.check());
            }
        }
        assertEquals(0, producer.peer().faults() + consumer.peer().faults());
    }

    @Test
    void shouldReadAllMessagesWhenAPeerLeavesGarbageBehindThem() {
        memory.asSlice(BASE + 0x80, SLOTS * 64L).fill((byte) -1);
        MemorySegment.copy(MemorySegment.ofArray(new byte[48]), 0, memory, BASE + 0x80, 48);
        setHead(1);
        assertEquals(0, take(consumer()));
        assertEquals(0, target.get(ValueLayout.JAVA_BYTE, 47));
        assertEquals(-1, target.get(ValueLayout.JAVA_BYTE, 48), "handed up as it came: the frame is 64 bytes");
    }
}
