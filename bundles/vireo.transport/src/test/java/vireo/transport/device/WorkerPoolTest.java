// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.transport.core.Await;

@Timeout(60)
class WorkerPoolTest {
    private WorkerPool pool = new WorkerPool(2, 50_000);

    @AfterEach
    void end() {
        pool.close();
    }

    /** Work that comes in units; says so if two workers are in it at once. */
    private static final class Units extends PooledTask {
        final AtomicLong there = new AtomicLong();
        final AtomicLong done = new AtomicLong();
        final AtomicInteger inside = new AtomicInteger();
        final AtomicBoolean overlap = new AtomicBoolean();
        final AtomicLong looks = new AtomicLong();
        volatile CountDownLatch gate;
        volatile Throwable fails;
        volatile Throwable failed;

        Units(WorkerPool pool) {
            super(pool);
        }

        void more(int count) {
            there.addAndGet(count);
            submit();
        }

        @Override
        void prepare() {
            looks.incrementAndGet();
        }

        @Override
        int serve(int budget) {
            if (inside.incrementAndGet() != 1) {
                overlap.set(true);
            }
            Throwable failure = fails;
            CountDownLatch closed = gate;
            try {
                if (closed != null) {
                    closed.await();
                }
                if (failure instanceof Error error) {
                    throw error;
                }
                long now = there.get();
                int taken = (int) Math.min(budget, now);
                there.addAndGet(-taken);
                done.addAndGet(taken);
                return taken;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            } finally {
                inside.decrementAndGet();
            }
        }

        @Override
        boolean arm() {
            return there.get() == 0;
        }

        @Override
        void failed(Throwable failure) {
            failed = failure;
        }
    }

    private Units units() {
        pool.start();
        Units task = new Units(pool);
        task.begin();
        return task;
    }

    @Test
    void shouldLoseNoSubmissionWhenManyThreadsSubmit() throws Exception {
        List<Units> tasks = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            tasks.add(units());
        }
        int each = 20_000;
        List<Thread> producers = new ArrayList<>();
        for (int t = 0; t < 3; t++) {
            int seed = t;
            producers.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    tasks.get((i + seed) % tasks.size()).more(1);
                    if (i % 100 == 0) {
                        Thread.yield();
                    }
                }
            }));
        }
        for (Thread producer : producers) {
            producer.join();
        }
        Await.until(() -> tasks.stream().mapToLong(task -> task.done.get()).sum() == 3L * each);
        assertTrue(tasks.stream().noneMatch(task -> task.overlap.get()));
    }

    @Test
    void shouldWakeForEverySingleUnitWhenAsleepBetween() throws Exception {
        pool.close();
        pool = new WorkerPool(2, 0);
        Units task = units();
        for (int i = 1; i <= 2_000; i++) {
            task.more(1);
            long want = i;
            while (task.done.get() != want) {
                Thread.onSpinWait();
            }
        }
        assertFalse(task.overlap.get());
    }

    @Test
    void shouldServeOthersWhenOneTaskBlocks() throws Exception {
        Units blocked = units();
        blocked.gate = new CountDownLatch(1);
        blocked.more(1);
        Await.until(() -> blocked.inside.get() == 1);
        Units free = units();
        free.more(1000);
        Await.until(() -> free.done.get() == 1000);
        blocked.gate.countDown();
        Await.until(() -> blocked.done.get() == 1);
    }

    @Test
    void shouldShareTheWorkersWhenOneTaskNeverEnds() throws Exception {
        pool.close();
        pool = new WorkerPool(1, 50_000);
        Units endless = units();
        endless.more(Integer.MAX_VALUE);
        Units other = units();
        other.more(5);
        Await.until(() -> other.done.get() == 5);
        assertTrue(endless.there.get() > 0);
        endless.halt().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldCloseWhenDeviceHoldsAWorker() throws Exception {
        Units held = units();
        held.gate = new CountDownLatch(1);
        held.more(1);
        Await.until(() -> held.inside.get() == 1);
        pool.close();
        assertEquals(1, workers());
        held.gate.countDown();
        Await.until(() -> workers() == 0);
    }

    @Test
    void shouldSleepWhenTwoTasksHaveNothingToDo() throws Exception {
        pool.close();
        pool = new WorkerPool(1, 50_000);
        Units one = units();
        Units two = units();
        one.more(1);
        two.more(1);
        Await.until(() -> one.done.get() == 1 && two.done.get() == 1);
        // Both are idle once nobody looks any more; a task that is passed around without work would go on for ever.
        long looks = -1;
        int quiet = 0;
        while (quiet < 20) {
            long now = one.looks.get() + two.looks.get();
            quiet = now == looks ? quiet + 1 : 0;
            looks = now;
            Thread.sleep(1);
        }
    }

    @Test
    void shouldBeLeftByItsWorkerWhenHalted() throws Exception {
        Units task = units();
        task.gate = new CountDownLatch(1);
        task.more(1);
        Await.until(() -> task.inside.get() == 1);
        CompletableFuture<Void> left = task.halt();
        assertFalse(left.isDone());
        task.gate.countDown();
        left.get(10, TimeUnit.SECONDS);
        long done = task.done.get();
        task.more(1);
        assertSame(left, task.halt());
        assertEquals(done, task.done.get());
    }

    @Test
    void shouldEndHaltingWhateverTheTaskDoesAtThatMoment() throws Exception {
        for (int i = 0; i < 3_000; i++) {
            Units task = units();
            task.more(i % 3);
            if (i % 2 == 0) {
                Thread.onSpinWait();
            }
            task.halt().get(10, TimeUnit.SECONDS);
            assertEquals(0, task.inside.get());
        }
    }

    @Test
    void shouldNeverRunWhenHaltedBeforeItBegan() throws Exception {
        pool.start();
        Units task = new Units(pool);
        task.submit();
        task.halt().get(10, TimeUnit.SECONDS);
        task.begin();
        assertEquals(0, task.looks.get());
    }

    @Test
    void shouldStayAliveWhenTaskFails() throws Exception {
        Units task = units();
        task.fails = new InternalError("gone");
        task.more(1);
        Await.until(() -> task.failed != null);
        Units other = units();
        other.more(1);
        Await.until(() -> other.done.get() == 1);
        task.fails = null;
        task.more(1);
        Await.until(() -> task.done.get() == 2);
        task.halt().get(10, TimeUnit.SECONDS);
    }

    @Test
    void shouldHaveNoThreadBeforeFirstTaskAndNoneAfterClose() throws Exception {
        assertEquals(0, workers());
        units();
        assertEquals(2, workers());
        pool.close();
        assertEquals(0, workers());
        assertThrows(IllegalStateException.class, pool::start);
    }

    private static long workers() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith(
                "vireo-worker-")).count();
    }

    @Test
    void shouldKeepOrderAndLoseNothingWhenRingOverflows() {
        RunQueue queue = new RunQueue(4);
        List<Units> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(new Units(pool));
            queue.add(all.get(i));
        }
        for (int i = 0; i < 10; i++) {
            assertFalse(queue.isEmpty());
            assertSame(all.get(i), queue.take());
        }
        assertTrue(queue.isEmpty());
        assertNull(queue.take());
        queue.add(all.get(0));
        assertSame(all.get(0), queue.take());
    }

    @Test
    void shouldLoseNoTaskWhenManyThreadsAddAndTake() throws Exception {
        RunQueue queue = new RunQueue(8);
        Units task = new Units(pool);
        AtomicLong added = new AtomicLong();
        AtomicLong taken = new AtomicLong();
        int each = 100_000;
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 2; t++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < each; i++) {
                    queue.add(task);
                    added.incrementAndGet();
                }
            }));
            threads.add(Thread.ofPlatform().start(() -> {
                while (taken.get() < 2L * each) {
                    if (queue.take() == null) {
                        Thread.onSpinWait();
                    } else {
                        taken.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(added.get(), taken.get());
        assertTrue(queue.isEmpty());
    }
}
