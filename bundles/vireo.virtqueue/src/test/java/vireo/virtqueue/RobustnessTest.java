// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.Chain;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.virtqueue.mock.MockDriver;

/** What a driver may do wrong (virtqueues.md section 11), and its outcome; the reason proves it was reached. */
@Timeout(20)
class RobustnessTest {

    private static final int SIZE = 8;
    private static final int NEXT = 1;
    private static final int WRITE = 2;
    private static final int INDIRECT = 4;
    private static final long NOWHERE = 0x10L;

    private TestQueue queue;
    private MockDriver driver;
    private long data;

    private void open(FeatureSet features) {
        queue = new TestQueue(SIZE, features);
        driver = queue.driver;
        data = driver.allocate(4096);
    }

    @AfterEach
    void close() {
        queue.close();
    }

    private void mustBreak(String rule, String value) {
        String reason = queue.takeBroken();
        assertTrue(reason.contains("(" + rule + ")"), reason);
        assertTrue(reason.contains(value), reason);
        assertEquals(1, queue.broken.size());
        assertEquals(reason, queue.broken.get(0));
        int used = queue.ring.usedIndex();
        assertThrows(QueueBrokenException.class, queue.engine::take);
        assertEquals(0, queue.engine.serve(10));
        assertTrue(queue.engine.arm());
        assertEquals(1, queue.broken.size(), "broken is told once");
        assertEquals(used, queue.ring.usedIndex());
    }

    @Test
    @DisplayName("VQ-ROB-01: a loop of descriptors breaks the queue")
    void shouldBreakWhenDescriptorsLoop() {
        open(TestQueue.PLAIN);
        queue.ring.descriptor(0, data, 16, NEXT, 1);
        queue.ring.descriptor(1, data, 16, NEXT, 0);
        driver.offer(0);
        mustBreak("VQ-ROB-01", "more than 8 descriptors");
    }

    @Test
    @DisplayName("VQ-ROB-01: a loop inside a table breaks the queue")
    void shouldBreakWhenTableLoops() {
        open(TestQueue.INDIRECT);
        long table = driver.allocate(64);
        queue.ring.descriptorAt(driver.offset(table), data, 16, NEXT, 1);
        queue.ring.descriptorAt(driver.offset(table) + 16, data, 16, NEXT, 0);
        queue.ring.descriptor(0, table, 32, INDIRECT, 0);
        driver.offer(0);
        mustBreak("VQ-ROB-01", "after 2 table entries");
    }

    @Test
    @DisplayName("VQ-ROB-01: a table longer than the limit breaks the queue")
    void shouldBreakWhenTableIsTooLong() {
        open(TestQueue.INDIRECT);
        long table = driver.allocate(1025 * 16);
        queue.ring.descriptor(0, table, 1025 * 16, INDIRECT, 0);
        driver.offer(0);
        mustBreak("VQ-ROB-01", "1025 entries");
    }

    @Test
    @DisplayName("VQ-ROB-01: direct descriptors and the table share one budget")
    void shouldBreakWhenChainAndTableExceedBudgetTogether() {
        open(TestQueue.INDIRECT);
        for (int i = 0; i < 1023; i++) {
            driver.readable(data, 1);
        }
        driver.submitMixed(0);
        for (int i = 0; i < 1024; i++) {
            driver.readable(data, 1);
        }
        driver.submitMixed(1);
        assertEquals(1023, queue.take().readableElements());
        mustBreak("VQ-ROB-01", "goes on after 1022 table entries");
    }

    @Test
    @DisplayName("VQ-ROB-01: the longest legal chain is taken")
    void shouldTakeChainWhenItUsesWholeQueue() {
        open(TestQueue.PLAIN);
        for (int i = 0; i < SIZE; i++) {
            driver.readable(data + i, 1);
        }
        driver.submit();
        assertEquals(SIZE, queue.take().readableElements());
    }

    @Test
    @DisplayName("VQ-ROB-02: a head out of range breaks the queue")
    void shouldBreakWhenHeadIsOutOfRange() {
        open(TestQueue.PLAIN);
        driver.offer(SIZE);
        mustBreak("VQ-ROB-02", "head=8");
    }

    @Test
    @DisplayName("VQ-ROB-02: a link out of the table of descriptors breaks the queue")
    void shouldBreakWhenNextIsOutOfRange() {
        open(TestQueue.PLAIN);
        queue.ring.descriptor(0, data, 16, NEXT, 0xffff);
        driver.offer(0);
        mustBreak("VQ-ROB-02", "next=65535");
    }

    @Test
    @DisplayName("VQ-ROB-02: a link out of an indirect table breaks the queue, though it is below the queue size")
    void shouldBreakWhenNextLeavesTable() {
        open(TestQueue.INDIRECT);
        long table = driver.allocate(64);
        queue.ring.descriptorAt(driver.offset(table), data, 16, NEXT, 2);
        queue.ring.descriptor(0, table, 32, INDIRECT, 0);
        driver.offer(0);
        mustBreak("VQ-ROB-02", "next=2, table has 2 entries");
    }

    @Test
    @DisplayName("VQ-ROB-03: an available index that jumps ahead breaks the queue")
    void shouldBreakWhenAvailableIndexJumps() {
        open(TestQueue.PLAIN);
        queue.ring.availIndex(SIZE + 1);
        mustBreak("VQ-ROB-03", "from 0 to 9");
    }

    @Test
    @DisplayName("VQ-ROB-03: an available index that goes back breaks the queue")
    void shouldBreakWhenAvailableIndexGoesBack() {
        open(TestQueue.PLAIN);
        queue.offerWritable(16);
        queue.take();
        queue.ring.availIndex(0);
        mustBreak("VQ-ROB-03", "from 1 to 0");
    }

    @Test
    @DisplayName("VQ-ROB-04: INDIRECT inside a table breaks the queue")
    void shouldBreakWhenTableRefersToTable() {
        open(TestQueue.INDIRECT);
        long table = driver.allocate(64);
        queue.ring.descriptorAt(driver.offset(table), table, 16, INDIRECT, 0);
        queue.ring.descriptor(0, table, 16, INDIRECT, 0);
        driver.offer(0);
        mustBreak("VQ-ROB-04", "INDIRECT inside");
    }

    @Test
    @DisplayName("VQ-ROB-04: INDIRECT with NEXT breaks the queue")
    void shouldBreakWhenIndirectHasNext() {
        open(TestQueue.INDIRECT);
        queue.ring.descriptor(0, driver.allocate(16), 16, INDIRECT | NEXT, 1);
        driver.offer(0);
        mustBreak("VQ-ROB-04", "together with NEXT");
    }

    @Test
    @DisplayName("VQ-ROB-04: INDIRECT without the feature breaks the queue")
    void shouldBreakWhenIndirectIsNotAgreedOn() {
        open(TestQueue.PLAIN);
        queue.ring.descriptor(0, driver.allocate(16), 16, INDIRECT, 0);
        driver.offer(0);
        mustBreak("VQ-ROB-04", "without INDIRECT_DESC");
    }

    @Test
    @DisplayName("VQ-ROB-05: a table of length 0 breaks the queue")
    void shouldBreakWhenTableIsEmpty() {
        open(TestQueue.INDIRECT);
        queue.ring.descriptor(0, driver.allocate(16), 0, INDIRECT, 0);
        driver.offer(0);
        mustBreak("VQ-ROB-05", "len=0");
    }

    @Test
    @DisplayName("VQ-ROB-05: a table with a fraction of an entry breaks the queue")
    void shouldBreakWhenTableLengthIsUneven() {
        open(TestQueue.INDIRECT);
        queue.ring.descriptor(0, driver.allocate(64), 40, INDIRECT, 0);
        driver.offer(0);
        mustBreak("VQ-ROB-05", "len=40");
    }

    @Test
    @DisplayName("VQ-ROB-05: a table that runs out of driver memory breaks the queue")
    void shouldBreakWhenTableIsNotMapped() {
        open(TestQueue.INDIRECT);
        queue.ring.descriptor(0, MockDriver.BASE + driver.memory().byteSize() - 16, 32, INDIRECT, 0);
        driver.offer(0);
        mustBreak("VQ-ROB-05", "not wholly in driver memory");
    }

    @Test
    @DisplayName("VQ-ROB-06: elements of length 0 are left out, wherever they point")
    void shouldLeaveOutEmptyElements() {
        open(TestQueue.PLAIN);
        driver.readable(NOWHERE, 0).readable(data, 8).readable(-1, 0);
        driver.writable(NOWHERE, 0).writable(data + 8, 4).submit();
        Chain chain = queue.take();
        assertEquals(8, chain.readable());
        assertEquals(4, chain.writable());
        assertEquals(1, chain.readableElements());
        assertEquals(1, chain.writableElements());
    }

    @Test
    @DisplayName("VQ-ROB-06: a chain of nothing is a chain")
    void shouldHandOverChainWhenAllElementsAreEmpty() {
        open(TestQueue.PLAIN);
        int head = driver.readable(NOWHERE, 0).submit();
        Chain chain = queue.take();
        assertEquals(0, chain.readable() + chain.writable());
        chain.complete(0);
        assertTrue(driver.poll());
        assertEquals(head, driver.usedId());
    }

    @Test
    @DisplayName("VQ-ROB-06: empty elements do not defeat the bound of a chain")
    void shouldBreakWhenEmptyElementsLoop() {
        open(TestQueue.PLAIN);
        queue.ring.descriptor(5, 0, 0, NEXT, 5);
        driver.offer(5);
        mustBreak("VQ-ROB-01", "more than 8 descriptors");
    }

    @Test
    @DisplayName("VQ-ROB-07: an element outside driver memory breaks the queue")
    void shouldBreakWhenElementIsNotMapped() {
        open(TestQueue.PLAIN);
        driver.readable(NOWHERE, 16).submit();
        mustBreak("VQ-ROB-07", "0x10 with len=16");
    }

    @Test
    @DisplayName("VQ-ROB-07: an element that runs out of driver memory by one byte breaks the queue")
    void shouldBreakWhenElementEndsBeyondMemory() {
        open(TestQueue.PLAIN);
        driver.writable(MockDriver.BASE + driver.memory().byteSize() - 16, 17).submit();
        mustBreak("VQ-ROB-07", "len=17");
    }

    @Test
    @DisplayName("VQ-ROB-07: an element that wraps around the address space breaks the queue")
    void shouldBreakWhenElementWraps() {
        open(TestQueue.PLAIN);
        driver.readable(-16, 0xffff_ffffL).submit();
        mustBreak("VQ-ROB-07", "0xfffffffffffffff0");
    }

    @Test
    @DisplayName("VQ-ROB-08: a readable element after a writable one breaks the queue")
    void shouldBreakWhenReadableFollowsWritable() {
        open(TestQueue.PLAIN);
        driver.writable(data, 16).readable(data + 16, 16).submit();
        mustBreak("VQ-ROB-08", "readable element after a writable one");
    }

    @Test
    @DisplayName("VQ-ROB-08: so does one across the border of a table, and one after an empty writable one")
    void shouldBreakWhenReadableFollowsEmptyWritableAcrossTable() {
        open(TestQueue.INDIRECT);
        driver.writable(data, 0).readable(data + 16, 16).submitMixed(1);
        mustBreak("VQ-ROB-08", "readable element after a writable one");
    }

    @Test
    @DisplayName("VQ-ROB-09: more than 2^32 bytes in a chain break the queue, though each element is in driver memory")
    void shouldBreakWhenChainIsLongerThanFourGiB() {
        queue = new TestQueue(1024, TestQueue.INDIRECT, 16 << 20, 0);
        driver = queue.driver;
        data = driver.allocate(8 << 20);
        for (int i = 0; i < 512; i++) {
            driver.readable(data, 8 << 20);
        }
        driver.submitIndirect();
        assertEquals(1L << 32, queue.take().readable());
        for (int i = 0; i < 512; i++) {
            driver.readable(data, 8 << 20);
        }
        driver.readable(data, 1).submitIndirect();
        mustBreak("VQ-ROB-09", "more than 2^32 bytes");
    }

    @Test
    @DisplayName("VQ-ROB-10: what changes after a chain was taken changes nothing for the device")
    void shouldKeepItsCopyWhenDescriptorsChangeAfterTake() {
        open(TestQueue.INDIRECT);
        driver.put(data, new byte[] {1, 2, 3, 4});
        driver.readable(data, 2).readable(data + 2, 2).submitMixed(1);
        Chain chain = queue.take();
        driver.memory().asSlice(0, SIZE * 16).fill((byte) 0xee);
        driver.memory().asSlice(driver.offset(data) + 4096, 64).fill((byte) 0xee);
        assertEquals(4, chain.readable());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(4);
            chain.read(0, copy, 0, 4);
            assertEquals(0x04030201, copy.get(ValueLayout.JAVA_INT, 0));
        }
    }

    @Test
    @DisplayName("VQ-ROB-11: a head made available again while in use breaks the queue")
    void shouldBreakWhenHeadIsInUse() {
        open(TestQueue.PLAIN);
        int head = queue.offerWritable(16);
        Chain chain = queue.take();
        driver.offer(head);
        mustBreak("VQ-ROB-11", "head=" + head);
        chain.complete(16);
        assertEquals(0, queue.ring.usedIndex(), "a broken queue's memory is left alone");
        assertEquals(1, queue.dropped);
        assertEquals(0, queue.engine.inFlightCount());
    }

    @Test
    @DisplayName("VQ-ROB-11: a head given back may come again at once, and chains may share descriptors")
    void shouldTakeHeadAgainWhenItWasGivenBack() {
        open(TestQueue.PLAIN);
        int head = queue.offerWritable(16);
        queue.take().complete(1);
        driver.offer(head);
        Chain again = queue.take();
        queue.ring.descriptor(5, data, 16, NEXT, head);
        driver.offer(5);
        assertEquals(16, queue.take().readable());
        assertEquals(16, again.writable());
    }

    @Test
    @DisplayName("VQ-ROB-14: service of an empty queue finds nothing and breaks nothing")
    void shouldFindNothingWhenNotifiedForNothing() {
        open(TestQueue.ALL);
        queue.engine.handler(chain -> {
            throw new AssertionError("no chain was made available");
        });
        assertEquals(0, queue.engine.serve(10));
        assertTrue(queue.engine.arm());
        assertNull(queue.engine.take());
        assertTrue(queue.broken.isEmpty());
        assertFalse(driver.wantsKick());
    }

    @Test
    @DisplayName("VQ-IND-05: WRITE in the descriptor that refers to a table is ignored")
    void shouldIgnoreWriteOfIndirectDescriptor() {
        open(TestQueue.INDIRECT);
        long table = driver.allocate(16);
        queue.ring.descriptorAt(driver.offset(table), data, 16, 0, 0);
        queue.ring.descriptor(0, table, 16, INDIRECT | WRITE, 7);
        driver.offer(0);
        assertEquals(16, queue.take().readable());
    }

    @Test
    @DisplayName("VQ-IND-06: direct descriptors before a table are part of the chain")
    void shouldJoinDirectDescriptorsAndTable() {
        open(TestQueue.INDIRECT);
        driver.readable(data, 1).readable(data, 2).writable(data, 4).writable(data, 8).submitMixed(2);
        Chain chain = queue.take();
        assertEquals(3, chain.readable());
        assertEquals(12, chain.writable());
    }
}
