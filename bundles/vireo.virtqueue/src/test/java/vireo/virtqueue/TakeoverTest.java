// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.Chain;
import vireo.memory.MemoryGeneration;

/** Chains that change hands: from one session to the next on one engine, and from one engine to another. */
@Timeout(20)
class TakeoverTest {

    private final TestQueue queue = new TestQueue(8, TestQueue.ALL);

    @AfterEach
    void close() {
        queue.close();
    }

    private int holders() {
        MemoryGeneration generation = queue.driver.guest().acquire();
        int holders = generation.holders() - 1;
        generation.release();
        return holders;
    }

    @Test
    void shouldHandChainsAgainFirstAndInOrderWhenSessionChanges() {
        int[] heads = {queue.offerWritable(1), queue.offerWritable(2), queue.offerWritable(3)};
        Chain first = queue.take();
        queue.take().complete(0);
        Chain third = queue.take();
        queue.offerWritable(4);
        queue.engine.stop();
        queue.engine.epoch(2);
        queue.engine.redeliver();
        queue.engine.resume();
        assertArrayEquals(new int[] {heads[0], heads[2]}, queue.engine.inFlight());
        List<Long> lengths = new ArrayList<>();
        List<Boolean> again = new ArrayList<>();
        queue.engine.handler(chain -> {
            assertNotSame(first, chain);
            assertNotSame(third, chain);
            lengths.add(chain.writable());
            again.add(chain.redelivered());
            chain.complete(chain.writable());
        });
        assertEquals(3, queue.engine.serve(100));
        assertEquals(List.of(1L, 3L, 4L), lengths);
        assertEquals(List.of(true, true, false), again);
        assertEquals(4, queue.ring.usedIndex());
        assertEquals(0, queue.engine.inFlightCount());
        assertEquals(0, queue.dropped);
    }

    @Test
    void shouldDropAndCountWhenOldSessionCompletes() {
        queue.offerWritable(16);
        Chain old = queue.take();
        queue.engine.epoch(2);
        old.complete(16);
        assertEquals(1, queue.dropped);
        assertEquals(0, queue.ring.usedIndex());
        assertThrows(IllegalStateException.class, () -> old.write(0, MemorySegment.ofArray(new byte[1]), 0, 1));
        queue.engine.redeliver();
        Chain again = queue.take();
        old.complete(16);
        assertEquals(2, queue.dropped);
        again.complete(7);
        assertEquals(7, queue.ring.usedLength(0));
        assertEquals(1, queue.ring.usedIndex());
    }

    @Test
    void shouldDropLateCompletionWhenHeadIsLongInUseAgain() {
        int head = queue.offerWritable(16);
        Chain old = queue.take();
        old.complete(1);
        queue.engine.epoch(2);
        queue.driver.offer(head);
        Chain fresh = queue.take();
        old.complete(9);
        assertEquals(1, queue.ring.usedIndex());
        fresh.complete(2);
        assertEquals(2, queue.ring.usedLength(1));
    }

    @Test
    void shouldKeepChainsInFlightWhenNotRedelivered() {
        int head = queue.offerWritable(16);
        queue.take();
        queue.engine.epoch(2);
        assertNull(queue.engine.take());
        assertArrayEquals(new int[] {head}, queue.engine.inFlight());
        queue.driver.offer(head);
        assertTrue(queue.takeBroken().contains("VQ-ROB-11"));
    }

    @Test
    void shouldHandOnWhatSuccessorDidNotReachWhenItLeavesToo() {
        queue.offerWritable(1);
        queue.offerWritable(2);
        queue.take();
        queue.take();
        queue.engine.epoch(2);
        queue.engine.redeliver();
        assertEquals(1, queue.take().writable());
        queue.engine.epoch(3);
        queue.engine.redeliver();
        assertEquals(1, queue.take().writable());
        assertEquals(2, queue.take().writable());
        assertNull(queue.engine.take());
    }

    @Test
    void shouldCheckRedeliveredChainsAsNew() {
        int head = queue.offerWritable(16);
        queue.take();
        queue.engine.epoch(2);
        queue.engine.redeliver();
        queue.ring.descriptor(head, 0x10, 16, 2, 0);
        assertTrue(queue.takeBroken().contains("VQ-ROB-07"));
    }

    @Test
    void shouldReadRedeliveredChainsAnew() {
        int head = queue.offerWritable(16);
        queue.take();
        queue.engine.epoch(2);
        queue.engine.redeliver();
        queue.ring.descriptor(head, queue.driver.allocate(16), 5, 2, 0);
        assertEquals(5, queue.take().writable());
    }

    @Test
    void shouldHandLongChainsAgainHoweverOftenTheSessionChanges() {
        try (TestQueue large = new TestQueue(32768, TestQueue.PLAIN, 4 << 20, 0)) {
            long data = large.driver.allocate(16);
            for (int i = 0; i < 8; i++) {
                for (int element = 0; element <= SplitChain.OWN_ELEMENTS; element++) {
                    large.driver.readable(data, 1);
                }
                large.driver.submit();
            }
            for (int session = 2; session < 5; session++) {
                for (int i = 0; i < 8; i++) {
                    assertEquals(9, large.take().readable());
                }
                large.engine.epoch(session);
                large.engine.redeliver();
            }
        }
    }

    @Test
    void shouldArmOnlyWhenNothingWaitsForRedelivery() {
        queue.offerWritable(16);
        queue.take();
        queue.engine.epoch(2);
        queue.engine.handler(chain -> chain.complete(0));
        assertTrue(queue.engine.arm());
        queue.engine.redeliver();
        assertFalse(queue.engine.arm());
        assertEquals(1, queue.engine.serve(1));
        assertTrue(queue.engine.arm());
    }

    @Test
    void shouldGoOnWhereAnotherEngineStopped() {
        int first = queue.offerWritable(1);
        queue.offerWritable(2);
        int third = queue.offerWritable(3);
        queue.take();
        queue.take().complete(2);
        queue.take();
        QueueEngine before = queue.engine;
        queue.engine.abandon();
        QueueEngine after = queue.reopen(queue.driver.guest(), before.position(), before.usedPosition(), third, first);
        assertEquals(2, after.inFlightCount());
        assertArrayEquals(new int[] {third, first}, after.inFlight());
        queue.offerWritable(4);
        assertEquals(4, queue.take().writable(), "nothing comes again before it is asked for");
        after.redeliver();
        Chain redelivered = queue.take();
        assertEquals(3, redelivered.writable());
        redelivered.complete(3);
        queue.take().complete(1);
        assertNull(after.take());
        assertEquals(3, queue.ring.usedIndex());
        assertEquals(third, queue.ring.usedId(1));
        assertEquals(first, queue.ring.usedId(2));
    }

    @Test
    void shouldLetGoOfMemoryWhenSessionEndsAndEngineCloses() {
        queue.offerWritable(16);
        queue.take();
        assertEquals(2, holders(), "bus and queue");
        queue.engine.epoch(2);
        queue.engine.close();
        assertEquals(1, holders());
    }

    @Test
    void shouldHoldMemoryUntilLateCompletionWhenClosedWithChainsOut() {
        queue.offerWritable(16);
        Chain late = queue.take();
        queue.engine.close();
        assertEquals(2, holders());
        late.complete(0);
        assertEquals(1, holders());
    }

    @Test
    void shouldLetGoOfMemoryWhenAbandonedAfterClose() {
        queue.offerWritable(16);
        Chain late = queue.take();
        queue.engine.close();
        queue.engine.abandon();
        assertEquals(1, holders());
        late.complete(0);
        assertEquals(1, holders());
        assertEquals(1, queue.dropped);
    }

    @Test
    void shouldForgetChainsWhenAbandoned() {
        int head = queue.offerWritable(16);
        queue.take();
        queue.engine.abandon();
        assertEquals(0, queue.engine.inFlightCount());
        queue.engine.redeliver();
        assertNull(queue.engine.take());
        queue.driver.offer(head);
        assertEquals(16, queue.take().writable());
    }
}
