// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.driver.DriverQueue;
import vireo.virtqueue.mock.RawRing;

/** The driver side against a device that is played by hand. */
@Timeout(20)
class DriverRingTest {

    private static final int SIZE = 8;

    private RingPair pair;
    private DriverRing ring;
    private RawRing raw;

    private void open(FeatureSet features) {
        pair = new RingPair(SIZE, features, 4096);
        ring = pair.driver;
        raw = pair.raw;
    }

    @AfterEach
    void close() {
        if (pair != null) {
            pair.close();
        }
    }

    private int submit(int readable, int writable) {
        for (int i = 0; i < readable; i++) {
            ring.readable(pair.data + 16L * i, 16);
        }
        for (int i = 0; i < writable; i++) {
            ring.writable(pair.data + 1024 + 16L * i, 16);
        }
        return ring.submit();
    }

    private void mustBreak(String rule, String value) {
        QueueBrokenException first = assertThrows(QueueBrokenException.class, () -> ring.poll((id, n) -> { }, 100));
        assertTrue(first.getMessage().contains("(" + rule + ")"), first.getMessage());
        assertTrue(first.getMessage().contains(value), first.getMessage());
        QueueBrokenException again = assertThrows(QueueBrokenException.class, () -> ring.poll((id, n) -> { }, 100));
        assertEquals(first.getMessage(), again.getMessage());
        assertEquals(DriverQueue.FULL, submit(1, 0));
        assertEquals(0, ring.room());
        assertFalse(ring.arm(), "so that the caller polls and learns of it");
    }

    @Test
    @DisplayName("VQ-ROB-15: a used id beyond the queue breaks it")
    void shouldBreakWhenUsedIdIsOutOfRange() {
        open(TestQueue.PLAIN);
        submit(1, 1);
        raw.used(0, SIZE, 0);
        raw.usedIndex(1);
        mustBreak("VQ-ROB-15", "used id 8");
    }

    @Test
    @DisplayName("VQ-ROB-15: a used id of 32 bits is not cut to 16")
    void shouldBreakWhenUsedIdIsLarge() {
        open(TestQueue.PLAIN);
        int id = submit(1, 1);
        raw.used(0, 0x1_0000L | id, 0);
        raw.usedIndex(1);
        mustBreak("VQ-ROB-15", "used id " + (0x1_0000L | id));
    }

    @Test
    @DisplayName("VQ-ROB-15: a used id that is not in flight breaks the queue")
    void shouldBreakWhenUsedIdIsNotInFlight() {
        open(TestQueue.PLAIN);
        int id = submit(2, 1);
        raw.used(0, id + 1, 0);
        raw.usedIndex(1);
        mustBreak("VQ-ROB-15", "used id " + (id + 1));
    }

    @Test
    @DisplayName("VQ-ROB-15: an id used twice breaks the queue")
    void shouldBreakWhenIdIsUsedTwice() {
        open(TestQueue.PLAIN);
        int id = submit(1, 0);
        submit(1, 0);
        raw.used(0, id, 0);
        raw.used(1, id, 0);
        raw.usedIndex(2);
        mustBreak("VQ-ROB-15", "used id " + id);
    }

    @Test
    @DisplayName("VQ-ROB-15: a used length above what is writable breaks the queue")
    void shouldBreakWhenUsedLengthIsTooLarge() {
        open(TestQueue.PLAIN);
        int id = submit(1, 2);
        raw.used(0, id, 33);
        raw.usedIndex(1);
        mustBreak("VQ-ROB-15", "wrote 33 bytes");
    }

    @Test
    @DisplayName("VQ-ROB-16: a used index that runs ahead of what is in flight breaks the queue")
    void shouldBreakWhenUsedIndexJumps() {
        open(TestQueue.PLAIN);
        submit(1, 0);
        raw.usedIndex(2);
        mustBreak("VQ-ROB-16", "from 0 to 2 with 1 in flight");
    }

    @Test
    @DisplayName("VQ-ROB-16: a used index that goes back breaks the queue")
    void shouldBreakWhenUsedIndexGoesBack() {
        open(TestQueue.PLAIN);
        raw.usedIndex(0xffff);
        mustBreak("VQ-ROB-16", "from 0 to 65535");
    }

    @Test
    void shouldNotBelieveItsDescriptorsWhenDeviceChangesThem() {
        open(TestQueue.PLAIN);
        int id = submit(2, 2);
        pair.memory.asSlice(0, SIZE * 16).fill((byte) 0xff);
        raw.used(0, id, 32);
        raw.usedIndex(1);
        assertEquals(1, ring.poll((used, written) -> assertEquals(32, written), 100));
        assertEquals(SIZE, ring.room());
        assertNotEquals(DriverQueue.FULL, submit(4, 4));
        assertEquals(0, ring.room());
    }

    @Test
    void shouldBeFullWhenDescriptorsRunOut() {
        open(TestQueue.PLAIN);
        assertNotEquals(DriverQueue.FULL, submit(3, 3));
        assertEquals(2, ring.room());
        assertEquals(DriverQueue.FULL, submit(2, 1));
        assertNotEquals(DriverQueue.FULL, submit(1, 1));
        assertEquals(DriverQueue.FULL, submit(1, 0));
        assertEquals(DriverQueue.FULL, submit(40, 0));
        assertEquals(2, ring.inFlight());
    }

    @Test
    void shouldUseTablesWhenQueueIsHalfFull() {
        open(TestQueue.INDIRECT);
        int direct = submit(2, 1);
        assertEquals(0, raw.descriptorFlags(direct) & RawRing.INDIRECT);
        int indirect = submit(2, 1);
        assertEquals(RawRing.INDIRECT, raw.descriptorFlags(indirect));
        assertEquals(3 * 16, raw.descriptorLength(indirect));
        for (int i = 0; i < 4; i++) {
            assertNotEquals(DriverQueue.FULL, submit(DriverRing.TABLE_ENTRIES, 0));
        }
        assertEquals(DriverQueue.FULL, submit(1, 0));
        assertEquals(0, ring.room());
    }

    @Test
    void shouldTakeLongChainsDirectlyWhenNoTableHoldsThem() {
        pair = new RingPair(64, TestQueue.INDIRECT, 4096);
        ring = pair.driver;
        assertNotEquals(DriverQueue.FULL, submit(DriverRing.TABLE_ENTRIES + 1, 0));
        assertEquals(DriverRing.TABLE_ENTRIES, ring.room());
        assertEquals(DriverQueue.FULL, submit(DriverRing.TABLE_ENTRIES + 1, 0));
        assertNotEquals(DriverQueue.FULL, submit(DriverRing.TABLE_ENTRIES, 0));
        assertEquals(DriverQueue.FULL, submit(65, 0));
    }

    @Test
    void shouldForgetChainWhenElementIsWrong() {
        open(TestQueue.PLAIN);
        for (long length : new long[] {0, -1, 1L << 32, Long.MIN_VALUE}) {
            ring.readable(pair.data, 16);
            assertThrows(IllegalArgumentException.class, () -> ring.readable(pair.data, length));
            assertThrows(IllegalStateException.class, ring::submit);
        }
        ring.writable(pair.data, 16);
        assertThrows(IllegalStateException.class, () -> ring.readable(pair.data, 16));
        assertThrows(IllegalStateException.class, ring::submit);
        ring.readable(pair.data, 0xffff_ffffL);
        ring.readable(pair.data, 1);
        assertThrows(IllegalArgumentException.class, () -> ring.readable(pair.data, 1));
    }

    @Test
    @DisplayName("VQ-SUP-14, 15, 13: without EVENT_IDX the flag rules and avail_event is ignored")
    void shouldKickByFlagWhenEventIndexIsNotUsed() {
        open(TestQueue.PLAIN);
        ring.kick();
        assertEquals(0, pair.kicks.get(), "nothing was submitted");
        raw.availEvent(500);
        submit(1, 0);
        ring.kick();
        assertEquals(1, pair.kicks.get());
        assertEquals(1, pair.lastNext.get());
        ring.kick();
        assertEquals(1, pair.kicks.get());
        raw.usedFlags(1);
        submit(1, 0);
        ring.kick();
        assertEquals(1, pair.kicks.get());
    }

    @Test
    @DisplayName("VQ-SUP-16, 17, 18: with EVENT_IDX avail_event rules and the flag is ignored")
    void shouldKickByEventWhenEventIndexIsUsed() {
        open(TestQueue.EVENTS);
        raw.usedFlags(1);
        raw.availEvent(1);
        submit(1, 0);
        ring.kick();
        assertEquals(0, pair.kicks.get());
        submit(1, 0);
        submit(1, 0);
        ring.kick();
        assertEquals(1, pair.kicks.get());
        submit(1, 0);
        ring.kick();
        assertEquals(1, pair.kicks.get());
    }

    @Test
    @DisplayName("VQ-SUP-01, 02: the flag says whether the driver waits")
    void shouldAskByFlagWhenEventIndexIsNotUsed() {
        open(TestQueue.PLAIN);
        assertEquals(1, raw.availFlags(), "nobody waits yet");
        int id = submit(1, 0);
        assertTrue(ring.arm());
        assertEquals(0, raw.availFlags());
        raw.used(0, id, 0);
        raw.usedIndex(1);
        assertFalse(ring.arm());
        assertEquals(1, ring.poll((used, written) -> { }, 100));
        assertEquals(1, raw.availFlags());
    }

    @Test
    @DisplayName("VQ-SUP-03, 04: with EVENT_IDX the flag stays 0 and used_event says it")
    void shouldAskByEventWhenEventIndexIsUsed() {
        open(TestQueue.EVENTS);
        assertEquals(0xffff, raw.usedEvent(), "nobody waits yet");
        int id = submit(1, 0);
        raw.used(0, id, 0);
        raw.usedIndex(1);
        ring.poll((used, written) -> { }, 100);
        assertTrue(ring.arm());
        assertEquals(1, raw.usedEvent());
        assertEquals(0, raw.availFlags());
    }

    @Test
    void shouldHandOutNoMoreThanLimit() {
        open(TestQueue.PLAIN);
        for (int i = 0; i < 3; i++) {
            raw.used(i, submit(1, 0), 0);
        }
        raw.usedIndex(3);
        assertEquals(2, ring.poll((id, written) -> { }, 2));
        assertEquals(1, ring.inFlight());
        assertFalse(ring.arm());
        assertEquals(1, ring.poll((id, written) -> { }, 2));
    }

    @Test
    void shouldStayConsistentWhenHandlerThrows() {
        open(TestQueue.PLAIN);
        for (int i = 0; i < 2; i++) {
            raw.used(i, submit(1, 0), 0);
        }
        raw.usedIndex(2);
        assertThrows(IllegalArgumentException.class, () -> ring.poll((id, written) -> {
            throw new IllegalArgumentException();
        }, 100));
        assertEquals(1, ring.inFlight());
        assertEquals(1, ring.poll((id, written) -> { }, 100));
        assertEquals(SIZE, ring.room());
    }

    @Test
    void shouldEndOnceWithItsFirstReason() {
        open(TestQueue.PLAIN);
        submit(1, 0);
        ring.end("device was reset");
        ring.end("bus is gone");
        ring.kick();
        assertEquals(0, pair.kicks.get());
        mustBreakWith("device was reset");
    }

    private void mustBreakWith(String reason) {
        assertEquals(reason, assertThrows(QueueBrokenException.class, () -> ring.poll((id, n) -> { }, 1)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -8, 7, 65536})
    void shouldRefuseWhenSizeIsNoPowerOfTwoInRange(int size) {
        assertThrows(IllegalArgumentException.class, () -> DriverRing.bytes(size, TestQueue.ALL));
    }

    @Test
    void shouldRefuseMemoryThatIsTooSmallOrNotAligned() {
        try (Arena arena = Arena.ofConfined()) {
            long bytes = DriverRing.bytes(SIZE, TestQueue.ALL);
            MemorySegment memory = arena.allocate(bytes + 16, 16);
            DriverRing.Bell bell = (queue, next) -> { };
            assertThrows(IllegalArgumentException.class,
                    () -> new DriverRing(0, SIZE, TestQueue.ALL, 0, memory.asSlice(0, bytes - 1), bell));
            assertThrows(IllegalArgumentException.class, () -> new DriverRing(0, SIZE, TestQueue.ALL, 8, memory, bell));
            assertThrows(IllegalArgumentException.class,
                    () -> new DriverRing(0, SIZE, TestQueue.ALL, 0, memory.asSlice(8), bell));
            assertThrows(IllegalArgumentException.class,
                    () -> new DriverRing(64, SIZE, TestQueue.ALL, 0, memory, bell));
            MemorySegment dirty = memory.fill((byte) 0xff);
            DriverRing ring = new DriverRing(0, SIZE, TestQueue.ALL, 0, dirty, bell);
            assertEquals(0, ring.poll((id, written) -> { }, 1), "VQ-SUP-12: the ring is initialised");
        }
    }
}
