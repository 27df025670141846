// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.Chain;

/** Completing, once, twice, out of order, too late and not at all. */
@Timeout(20)
class CompletionTest {

    private final TestQueue queue = new TestQueue(8, TestQueue.ALL);

    @AfterEach
    void close() {
        queue.close();
    }

    @Test
    void shouldDropCompletionWhenItIsTheSecond() {
        queue.offerWritable(16);
        Chain chain = queue.take();
        chain.complete(3);
        chain.complete(4);
        assertEquals(1, queue.ring.usedIndex());
        assertEquals(3, queue.ring.usedLength(0));
        assertEquals(1, queue.dropped);
        assertEquals(0, queue.engine.inFlightCount());
    }

    @Test
    void shouldRefuseAccessWhenChainIsCompleted() {
        queue.offerWritable(16);
        Chain chain = queue.take();
        MemorySegment source = MemorySegment.ofArray(new byte[1]);
        chain.complete(0);
        assertThrows(IllegalStateException.class, () -> chain.write(0, source, 0, 1));
        assertThrows(IllegalStateException.class, () -> chain.base(0));
    }

    @Test
    void shouldCutWrittenLengthToWhatIsWritable() {
        queue.offerWritable(16);
        queue.take().complete(17);
        queue.offerWritable(16);
        queue.take().complete(-1);
        queue.driver.readable(queue.driver.allocate(16), 16).submit();
        queue.take().complete(Long.MAX_VALUE);
        assertEquals(16, queue.ring.usedLength(0));
        assertEquals(0, queue.ring.usedLength(1));
        assertEquals(0, queue.ring.usedLength(2));
    }

    @Test
    void shouldKeepOrderOfCompletionAndReportRest() {
        int[] heads = new int[4];
        List<Chain> chains = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            heads[i] = queue.offerWritable(16);
            chains.add(queue.take());
        }
        chains.get(2).complete(2);
        chains.get(0).complete(0);
        assertEquals(heads[2], queue.ring.usedId(0));
        assertEquals(heads[0], queue.ring.usedId(1));
        assertArrayEquals(new int[] {heads[1], heads[3]}, queue.engine.inFlight());
        assertEquals(2, queue.engine.inFlightCount());
        assertEquals(4, queue.engine.position());
        assertEquals(2, queue.engine.usedPosition());
    }

    @Test
    void shouldCompleteWithZeroWhenHandlerThrows() {
        RuntimeException mistake = new IllegalArgumentException("mine");
        queue.offerWritable(16);
        int second = queue.offerWritable(16);
        queue.engine.handler(chain -> {
            if (chain.writable() == 16 && queue.failures.isEmpty()) {
                throw mistake;
            }
            chain.complete(1);
        });
        assertEquals(2, queue.engine.serve(100), "the next chain is served");
        assertSame(mistake, queue.failures.get(0));
        assertEquals(0, queue.ring.usedLength(0));
        assertEquals(second, queue.ring.usedId(1));
        assertEquals(1, queue.ring.usedLength(1));
        assertEquals(0, queue.dropped);
    }

    @Test
    void shouldPassOnWhenMemoryGoesAway() {
        queue.offerWritable(16);
        queue.engine.handler(chain -> {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        });
        assertThrows(InternalError.class, () -> queue.engine.serve(1));
        assertNull(queue.engine.take(), "the queue can be served and closed still");
        queue.engine.close();
    }

    @Test
    void shouldTakeMoreWhenHandlerAsks() {
        queue.offerWritable(16);
        queue.offerWritable(32);
        queue.engine.handler(chain -> {
            Chain next = queue.engine.take();
            next.complete(next.writable());
            chain.complete(chain.writable());
        });
        assertEquals(1, queue.engine.serve(100));
        assertEquals(32, queue.ring.usedLength(0));
        assertEquals(16, queue.ring.usedLength(1));
    }

    @Test
    void shouldRefuseSecondThreadWhenOneServes() throws InterruptedException {
        queue.offerWritable(16);
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        AtomicReference<Throwable> seen = new AtomicReference<>();
        queue.engine.handler(chain -> {
            inside.countDown();
            try {
                done.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            chain.complete(0);
        });
        Thread server = Thread.ofPlatform().start(() -> queue.engine.serve(1));
        inside.await();
        try {
            queue.engine.take();
        } catch (IllegalStateException refused) {
            seen.set(refused);
        }
        done.countDown();
        server.join();
        assertTrue(seen.get().getMessage().contains("queue 3 is served already"));
    }

    @Test
    void shouldStopAndResumeAtItsPosition() {
        queue.offerWritable(16);
        Chain chain = queue.take();
        queue.offerWritable(32);
        queue.engine.stop();
        queue.engine.stop();
        assertNull(queue.engine.take());
        assertTrue(queue.engine.arm());
        assertEquals(0, queue.drained);
        chain.complete(1);
        assertEquals(1, queue.ring.usedIndex(), "completions are accepted");
        assertEquals(1, queue.drained);
        queue.engine.resume();
        assertEquals(32, queue.take().writable());
        assertEquals(0, queue.dropped);
    }

    @Test
    void shouldSayDrainedAtOnceWhenNothingIsInFlight() {
        queue.engine.stop();
        assertEquals(1, queue.drained);
        queue.engine.close();
        assertEquals(1, queue.drained);
    }

    @Test
    void shouldSayDrainedAfterServiceWhenHandlerStops() {
        queue.offerWritable(16);
        queue.engine.handler(chain -> {
            queue.engine.stop();
            chain.complete(0);
            assertEquals(0, queue.drained);
        });
        assertEquals(1, queue.engine.serve(100));
        assertEquals(1, queue.drained);
    }

    @Test
    void shouldNotTouchRingWhenClosed() {
        queue.offerWritable(16);
        Chain chain = queue.take();
        queue.engine.close();
        queue.engine.close();
        chain.complete(1);
        assertEquals(0, queue.ring.usedIndex());
        assertEquals(1, queue.dropped);
        assertEquals(0, queue.notified);
        assertNull(queue.engine.take());
        assertEquals(0, queue.engine.serve(1));
        assertTrue(queue.engine.arm());
    }

    @Test
    void shouldCloseFromHandlerWithoutWaitingForItself() {
        queue.offerWritable(16);
        queue.offerWritable(16);
        queue.engine.handler(chain -> {
            queue.engine.close();
            chain.complete(0);
        });
        assertEquals(1, queue.engine.serve(100));
        assertEquals(0, queue.engine.serve(100));
    }

    @Test
    @DisplayName("a chain that finds no room waits in the ring and is not lost")
    void shouldWaitWhenTablesRunOut() {
        try (TestQueue large = new TestQueue(32768, TestQueue.INDIRECT, 4 << 20, 0)) {
            List<Chain> taken = new ArrayList<>();
            large.engine.handler(taken::add);
            long data = large.driver.allocate(16);
            for (int i = 0; i < 9; i++) {
                for (int element = 0; element <= SplitChain.OWN_ELEMENTS; element++) {
                    large.driver.readable(data, 1);
                }
                large.driver.submit();
            }
            assertEquals(8, large.engine.serve(100));
            assertTrue(large.engine.arm(), "sleep: only a completion helps");
            assertEquals(0, large.engine.serve(100));
            int woken = large.woken;
            taken.get(4).complete(0);
            assertEquals(woken + 1, large.woken);
            assertFalse(large.engine.arm());
            assertEquals(1, large.engine.serve(100));
            assertTrue(large.engine.arm());
            assertEquals(9, taken.get(8).readable());
        }
    }
}
