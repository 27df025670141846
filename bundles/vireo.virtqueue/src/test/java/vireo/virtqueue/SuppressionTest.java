// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.Chain;
import vireo.device.FeatureSet;

/** Who is told of what, and how often (virtqueues.md section 3.5), on the device side. */
@Timeout(20)
class SuppressionTest {

    private static final int SIZE = 16;

    private TestQueue queue;

    private void open(FeatureSet features) {
        queue = new TestQueue(SIZE, features);
    }

    @AfterEach
    void close() {
        queue.close();
    }

    private void offer(int count) {
        for (int i = 0; i < count; i++) {
            queue.offerWritable(16);
        }
    }

    @Test
    @DisplayName("VQ-SUP-07: no notification when the flag says so; VQ-SUP-06: used_event is ignored")
    void shouldNotNotifyWhenFlagIsSet() {
        open(TestQueue.PLAIN);
        queue.ring.availFlags(1);
        queue.ring.usedEvent(0);
        offer(1);
        queue.take().complete(0);
        assertEquals(0, queue.notified);
    }

    @Test
    @DisplayName("VQ-SUP-08: a notification for every completion when the flag is clear")
    void shouldNotifyWhenFlagIsClear() {
        open(TestQueue.PLAIN);
        queue.ring.usedEvent(9);
        offer(2);
        queue.take().complete(0);
        queue.take().complete(0);
        assertEquals(2, queue.notified);
    }

    @Test
    void shouldNotifyOnceWhenHandlerCompletesBatch() {
        open(TestQueue.PLAIN);
        offer(5);
        queue.engine.handler(chain -> {
            chain.complete(1);
            assertEquals(0, queue.notified, "not before the batch is done");
        });
        assertEquals(5, queue.engine.serve(100));
        assertEquals(1, queue.notified);
        assertEquals(5, queue.ring.usedIndex());
        assertEquals(0, queue.engine.serve(100));
        assertEquals(1, queue.notified);
    }

    @Test
    void shouldNotifyAtOnceWhenCompletedElsewhere() {
        open(TestQueue.PLAIN);
        offer(2);
        Deque<Chain> kept = new ArrayDeque<>();
        queue.engine.handler(kept::add);
        assertEquals(2, queue.engine.serve(100));
        assertEquals(0, queue.notified);
        kept.pop().complete(1);
        assertEquals(1, queue.notified);
        kept.pop().complete(1);
        assertEquals(2, queue.notified);
    }

    @Test
    @DisplayName("VQ-SUP-10: notification when the entry was placed that used_event names; VQ-SUP-11: none otherwise")
    void shouldNotifyWhenUsedEventIsPassed() {
        open(TestQueue.EVENTS);
        queue.ring.usedEvent(2);
        offer(5);
        for (int i = 0; i < 5; i++) {
            queue.take().complete(0);
            assertEquals(i < 2 ? 0 : 1, queue.notified, "after entry " + i);
        }
    }

    @Test
    @DisplayName("VQ-SUP-10: a batch that passes used_event is told of, one that does not is not")
    void shouldNotifyOnceWhenBatchPassesUsedEvent() {
        open(TestQueue.EVENTS);
        queue.engine.handler(chain -> chain.complete(0));
        queue.ring.usedEvent(4);
        offer(4);
        queue.engine.serve(100);
        assertEquals(0, queue.notified);
        offer(4);
        queue.engine.serve(100);
        assertEquals(1, queue.notified);
        offer(4);
        queue.engine.serve(100);
        assertEquals(1, queue.notified);
    }

    @Test
    @DisplayName("VQ-SUP-09: with EVENT_IDX the flag is ignored")
    void shouldIgnoreFlagWhenEventIndexIsUsed() {
        open(TestQueue.EVENTS);
        queue.ring.availFlags(1);
        queue.ring.usedEvent(0);
        offer(1);
        queue.take().complete(0);
        assertEquals(1, queue.notified);
    }

    @Test
    @DisplayName("VQ-SUP-19, 20: the device takes its wish back while it serves and repeats it when it is done")
    void shouldSuppressKicksWhenServing() {
        open(TestQueue.PLAIN);
        queue.engine.handler(chain -> {
            assertEquals(1, queue.ring.usedFlags());
            chain.complete(0);
        });
        assertEquals(0, queue.ring.usedFlags());
        offer(1);
        assertTrue(queue.driver.wantsKick());
        queue.engine.serve(100);
        offer(1);
        assertFalse(queue.driver.wantsKick());
        assertFalse(queue.engine.arm(), "there is a chain already");
        queue.engine.serve(100);
        assertTrue(queue.engine.arm());
        assertEquals(0, queue.ring.usedFlags());
        offer(1);
        assertTrue(queue.driver.wantsKick());
    }

    @Test
    @DisplayName("VQ-SUP-21, 22: with EVENT_IDX the flag stays 0 and avail_event says it")
    void shouldUseAvailEventWhenEventIndexIsUsed() {
        open(TestQueue.EVENTS);
        queue.engine.handler(chain -> chain.complete(0));
        assertTrue(queue.engine.arm());
        offer(3);
        assertTrue(queue.driver.wantsKick());
        queue.engine.serve(100);
        offer(1);
        assertFalse(queue.driver.wantsKick(), "not asked for again yet");
        assertFalse(queue.engine.arm());
        queue.engine.serve(100);
        assertTrue(queue.engine.arm());
        assertEquals(4, queue.ring.availEvent());
        assertEquals(0, queue.ring.usedFlags());
        offer(1);
        assertTrue(queue.driver.wantsKick());
    }

    @Test
    void shouldStayArmedWhenThereIsNoHandler() {
        open(TestQueue.PLAIN);
        offer(1);
        assertEquals(0, queue.engine.serve(100));
        assertTrue(queue.engine.arm());
        queue.engine.handler(chain -> chain.complete(0));
        assertEquals(1, queue.woken, "the worker is to serve now");
        assertFalse(queue.engine.arm());
        assertEquals(1, queue.engine.serve(100));
        queue.engine.handler(null);
        offer(1);
        assertEquals(0, queue.engine.serve(100));
    }

    @Test
    void shouldServeNoMoreThanBudget() {
        open(TestQueue.PLAIN);
        offer(5);
        queue.engine.handler(chain -> chain.complete(0));
        assertEquals(2, queue.engine.serve(2));
        assertEquals(2, queue.engine.position());
        assertEquals(3, queue.engine.serve(100));
    }

    @Test
    @DisplayName("section 3.5: the formula for batches, around the wrap of the indices")
    void shouldComputeNeedEventModulo65536() {
        open(TestQueue.PLAIN);
        assertTrue(SplitLayout.needEvent(5, 6, 5));
        assertFalse(SplitLayout.needEvent(6, 6, 5));
        assertFalse(SplitLayout.needEvent(4, 6, 5));
        assertTrue(SplitLayout.needEvent(0xffff, 0, 0xffff));
        assertTrue(SplitLayout.needEvent(0xffff, 3, 0xfffe));
        assertTrue(SplitLayout.needEvent(2, 3, 0xfffe));
        assertFalse(SplitLayout.needEvent(3, 3, 0xfffe));
        assertFalse(SplitLayout.needEvent(0xfffd, 3, 0xfffe));
        assertFalse(SplitLayout.needEvent(7, 9, 9));
    }
}
