// SPDX-License-Identifier: Apache-2.0
package vireo.os.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.os.Proc;

@Timeout(60)
class DutyThreadTest {

    private static final String NAME = "duty-under-test";

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Consumer<Throwable> onFailure = failure::set;
    private final AtomicReference<Thread> worker = new AtomicReference<>();

    @AfterEach
    void end() {
        Proc.await(() -> !Proc.threadExists(NAME));
        assertNull(failure.get());
    }

    private DutyThread start(Duty duty, long pollNanos) {
        return DutyThread.start(NAME, new Duty() {
            @Override
            public int work() throws Exception {
                worker.set(Thread.currentThread());
                return duty.work();
            }

            @Override
            public long sleepNanos() {
                return duty.sleepNanos();
            }
        }, pollNanos, onFailure);
    }

    private boolean asleep() {
        return worker.get() != null && worker.get().getState() == Thread.State.WAITING;
    }

    @Test
    void shouldHoldNothingOfItsDutyWhenItHasEnded() {
        Object burden = new Object();
        WeakReference<Object> held = new WeakReference<>(burden);
        DutyThread ended = startWith(burden);
        ended.close();
        burden = null;
        for (int i = 0; i < 50 && !held.refersTo(null); i++) {
            System.gc();
        }
        assertTrue(held.refersTo(null));
        assertFalse(ended.isCurrentThread(), "and the thread itself is held all the while");
    }

    private DutyThread startWith(Object burden) {
        return DutyThread.start(NAME, () -> burden == null ? 1 : 0, 0, onFailure);
    }

    @Test
    void shouldNotSleepWhenWokenAfterItFoundNoWork() {
        AtomicInteger waiting = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        AtomicReference<DutyThread> self = new AtomicReference<>();
        try (DutyThread duty = start(new Duty() {
            @Override
            public int work() {
                int some = waiting.getAndSet(0);
                done.addAndGet(some);
                return some;
            }

            @Override
            public long sleepNanos() {
                // Between finding nothing and sleeping: the worst moment for work to come.
                if (self.get() != null && done.get() + waiting.get() < 3) {
                    waiting.incrementAndGet();
                    self.get().wake();
                }
                return Long.MAX_VALUE;
            }
        }, 0)) {
            self.set(duty);
            duty.wake();
            Proc.await(() -> done.get() == 3);
        }
    }

    @Test
    void shouldLoseNoWakeUpUnderLoad() {
        for (long pollNanos : new long[] {0, 2_000}) {
            AtomicLong produced = new AtomicLong();
            AtomicLong consumed = new AtomicLong();
            try (DutyThread duty = start(() -> {
                long todo = produced.getAcquire() - consumed.getPlain();
                consumed.setRelease(consumed.getPlain() + todo);
                return (int) todo;
            }, pollNanos)) {
                for (int i = 1; i <= 60_000; i++) {
                    // No more than a release, as a producer's ring has it: the fence must be that of wake itself.
                    produced.setRelease(i);
                    duty.wake();
                    while ((i & 1) == 0 && consumed.getAcquire() != i) {
                        Thread.onSpinWait();
                    }
                }
                Proc.await(() -> consumed.get() == 60_000);
            }
        }
    }

    @Test
    void shouldSleepWithoutWorkAndStopAtOnce() {
        AtomicInteger calls = new AtomicInteger();
        try (DutyThread duty = start(() -> {
            calls.incrementAndGet();
            return 0;
        }, 0)) {
            Proc.await(this::asleep);
            int before = calls.get();
            duty.wake();
            Proc.await(() -> calls.get() > before && asleep());
        }
        assertFalse(worker.get().isAlive());
    }

    @Test
    void shouldWakeByItselfWhenTheTimerIsDue() {
        AtomicInteger calls = new AtomicInteger();
        try (DutyThread duty = start(new Duty() {
            @Override
            public int work() {
                calls.incrementAndGet();
                return 0;
            }

            @Override
            public long sleepNanos() {
                return calls.get() < 10 ? 1_000_000 : Long.MAX_VALUE;
            }
        }, 0)) {
            Proc.await(() -> calls.get() >= 10 && asleep());
            assertFalse(duty.isCurrentThread());
        }
    }

    @Test
    void shouldGoOnAfterFailuresEvenOfTheHandler() {
        AtomicInteger handled = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        try (DutyThread duty = DutyThread.start(NAME, () -> {
            if (calls.incrementAndGet() < 5) {
                throw new AssertionError("on purpose");
            }
            return 0;
        }, 0, e -> {
            handled.incrementAndGet();
            throw new IllegalStateException(e);
        })) {
            Proc.await(() -> calls.get() >= 5);
            assertEquals(4, handled.get());
            duty.wake();
        }
    }

    @Test
    void shouldEndWithoutJoiningItselfWhenClosedByItsDuty() throws Exception {
        AtomicReference<DutyThread> self = new AtomicReference<>();
        CountDownLatch closed = new CountDownLatch(1);
        DutyThread duty = start(() -> {
            DutyThread mine = self.get();
            if (mine != null) {
                assertTrue(mine.isCurrentThread());
                mine.close();
                mine.close();
                closed.countDown();
            }
            return 1;
        }, 0);
        self.set(duty);
        closed.await();
        duty.close();
        assertFalse(worker.get().isAlive());
    }

    @Test
    void shouldTellTheDutyOnceThatItEndedWhenStopped() {
        AtomicInteger ended = new AtomicInteger();
        DutyThread duty = DutyThread.start(NAME, new Duty() {
            @Override
            public int work() {
                worker.set(Thread.currentThread());
                return 0;
            }

            @Override
            public void ended() {
                assertEquals(worker.get(), Thread.currentThread());
                ended.incrementAndGet();
                throw new IllegalStateException("on purpose");
            }
        }, 0, onFailure);
        Proc.await(this::asleep);
        duty.stop();
        duty.close();
        duty.close();
        assertEquals(1, ended.get());
        assertEquals("on purpose", failure.getAndSet(null).getMessage());
    }

    @Test
    void shouldBeClosableFromManyThreadsAndWokenAfterwards() throws Exception {
        DutyThread duty = start(() -> 0, 0);
        List<Thread> closers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            closers.add(Thread.ofVirtual().start(() -> {
                duty.close();
                assertFalse(Proc.threadExists(NAME));
            }));
        }
        for (Thread closer : closers) {
            closer.join();
        }
        duty.wake();
    }

    @Test
    void shouldSleepOnAfterAnInterrupt() {
        AtomicInteger calls = new AtomicInteger();
        try (DutyThread duty = start(() -> {
            calls.incrementAndGet();
            return 0;
        }, 0)) {
            Proc.await(this::asleep);
            int before = calls.get();
            worker.get().interrupt();
            Proc.await(() -> calls.get() > before && asleep());
            assertFalse(worker.get().isInterrupted());
            duty.wake();
        }
    }

    @Test
    void shouldAllocateNothingWhenWoken() throws Exception {
        AtomicLong calls = new AtomicLong();
        try (DutyThread duty = start(() -> {
            calls.incrementAndGet();
            return 0;
        }, 0)) {
            Proc.assertAllocatesNothing(() -> {
                long before = calls.get();
                duty.wake();
                while (calls.get() == before) {
                    Thread.onSpinWait();
                }
            });
        }
    }
}
