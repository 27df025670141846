// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.Chain;
import vireo.memory.MemoryRegion;
import vireo.virtqueue.mock.MockDriver;

/** Driver memory that changes under a queue. */
@Timeout(20)
class GenerationTest {

    private static final int BYTES = 1 << 20;

    private final TestQueue queue = new TestQueue(8, TestQueue.ALL, BYTES, 0);

    @AfterEach
    void close() {
        queue.close();
    }

    private CompletableFuture<Void> publish(MemoryRegion... regions) {
        return queue.driver.guest().publish(List.of(regions), () -> { }).toCompletableFuture();
    }

    private CompletableFuture<Void> publishSame() {
        return publish(new MemoryRegion(MockDriver.BASE, queue.driver.memory()));
    }

    @Test
    void shouldMoveOverBetweenTwoChains() throws Exception {
        queue.offerWritable(16);
        CompletableFuture<Void> retired = publishSame();
        assertFalse(retired.isDone(), "the queue still uses it");
        queue.take().complete(1);
        retired.get(10, TimeUnit.SECONDS);
        assertEquals(1, queue.ring.usedIndex());
    }

    @Test
    void shouldHoldOldGenerationWhileChainIsInFlight() throws Exception {
        queue.offerWritable(16);
        Chain chain = queue.take();
        CompletableFuture<Void> retired = publishSame();
        queue.offerWritable(16);
        Chain next = queue.take();
        next.complete(0);
        assertFalse(retired.isDone());
        chain.complete(16);
        retired.get(10, TimeUnit.SECONDS);
        assertEquals(2, queue.ring.usedIndex());
    }

    @Test
    void shouldMoveOverWhenIdleStoppedOrWithoutHandler() throws Exception {
        CompletableFuture<Void> retired = publishSame();
        queue.engine.serve(1);
        retired.get(10, TimeUnit.SECONDS);
        retired = publishSame();
        queue.engine.handler(chain -> chain.complete(0));
        queue.engine.stop();
        queue.engine.serve(1);
        retired.get(10, TimeUnit.SECONDS);
        retired = publishSame();
        queue.engine.resume();
        assertTrue(queue.engine.arm());
        retired.get(10, TimeUnit.SECONDS);
    }

    @Test
    @DisplayName("VQ-ROB-13: a queue whose rings are not in driver memory any more breaks")
    void shouldBreakWhenRingsAreGone() throws Exception {
        CompletableFuture<Void> retired = publish(new MemoryRegion(MockDriver.BASE + BYTES, queue.driver.memory()));
        String reason = queue.takeBroken();
        assertTrue(reason.contains("VQ-ROB-13"), reason);
        assertEquals(1, queue.broken.size());
        retired.get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldLetGoOfMemoryWhenBroken() throws Exception {
        queue.driver.offer(8);
        queue.takeBroken();
        publishSame().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldFindNothingAndBreakNothingWhenMemoryIsClosed() {
        queue.engine.handler(chain -> chain.complete(0));
        queue.offerWritable(16);
        Chain chain = queue.take();
        queue.offerWritable(16);
        queue.driver.guest().close();
        assertNull(queue.engine.take());
        assertEquals(0, queue.engine.serve(1));
        assertTrue(queue.engine.arm());
        assertTrue(queue.broken.isEmpty());
        chain.complete(16);
        assertEquals(1, queue.ring.usedIndex(), "memory in use stays");
    }

    @Test
    void shouldJoinElementsAndTablesAcrossAdjacentRegions() {
        long cut = queue.driver.allocate(4096) + 2048;
        long offset = queue.driver.offset(cut);
        MemorySegment memory = queue.driver.memory();
        publish(new MemoryRegion(MockDriver.BASE, memory.asSlice(0, offset)),
                new MemoryRegion(cut, memory.asSlice(offset)));
        queue.driver.put(cut - 8, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        // A table whose second entry lies half in one region and half in the next one.
        long table = cut - 24;
        long data = queue.driver.allocate(64);
        queue.driver.put(data, new byte[] {21, 22});
        queue.driver.readable(cut - 4, 8).writable(cut - 1, 2).submit();
        Chain chain = queue.take();
        assertEquals(8, chain.readable());
        assertEquals(2, chain.readableElements());
        byte[] copy = new byte[8];
        chain.read(0, MemorySegment.ofArray(copy), 0, 8);
        assertEquals(List.of(5, 6, 7, 8, 9, 10, 11, 12), toList(copy));
        chain.write(0, MemorySegment.ofArray(new byte[] {77, 78}), 0, 2);
        assertEquals(77, queue.driver.get(cut - 1, 1)[0]);
        assertEquals(78, queue.driver.get(cut, 1)[0]);
        chain.complete(2);

        queue.ring.descriptorAt(queue.driver.offset(table), data, 1, 1, 1);
        queue.ring.descriptorAt(queue.driver.offset(table) + 16, data + 1, 1, 0, 0);
        queue.ring.descriptor(7, table, 32, 4, 0);
        queue.driver.offer(7);
        Chain indirect = queue.take();
        indirect.read(0, MemorySegment.ofArray(copy), 0, 2);
        assertEquals(21, copy[0]);
        assertEquals(22, copy[1]);
    }

    @Test
    @DisplayName("VQ-ROB-07: an element that wraps breaks the queue, though both its ends are mapped")
    void shouldBreakWhenElementWrapsAndBothEndsAreMapped() {
        MemorySegment memory = queue.driver.memory();
        long offset = queue.driver.offset(queue.driver.allocate(8192) + 4095 & -4096);
        publish(new MemoryRegion(MockDriver.BASE, memory), new MemoryRegion(-4096, memory.asSlice(offset, 4096)),
                new MemoryRegion(0, memory.asSlice(offset, 4096)));
        queue.driver.readable(-16, 16).submit();
        assertEquals(16, queue.take().readable());
        queue.driver.readable(-16, 32).submit();
        String reason = queue.takeBroken();
        assertTrue(reason.contains("VQ-ROB-07"), reason);
    }

    private static List<Integer> toList(byte[] bytes) {
        return IntStream.range(0, bytes.length).mapToObj(i -> (int) bytes[i]).toList();
    }
}
