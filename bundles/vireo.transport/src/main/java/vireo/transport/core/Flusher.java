// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/**
 * Repeats an attempt until it succeeds: after 50 µs, twice as long each time in vain up to 2 ms, and whenever something
 * suggests that it may succeed now. Attempts never overlap, and a request made during one is never lost. The
 * attempt must not throw.
 */
final class Flusher {
    private static final long FIRST_NANOS = 50_000;
    private static final long LAST_NANOS = 2_000_000;

    private final Timers timers;
    private final BooleanSupplier attempt;
    private final Runnable done;
    private final LongSupplier progress;
    private final AtomicLong requests = new AtomicLong();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicInteger running = new AtomicInteger();
    private volatile Thread runner;
    private volatile boolean armed;
    private volatile boolean closed;
    private volatile long delay = FIRST_NANOS;

    /**
     * Makes a flusher.
     *
     * @param attempt true if there is nothing left to try
     * @param done told when an attempt succeeded
     * @param progress a number that changes while attempts get somewhere: then there is no reason to wait longer
     */
    Flusher(Timers timers, BooleanSupplier attempt, Runnable done, LongSupplier progress) {
        this.timers = timers;
        this.attempt = attempt;
        this.done = done;
        this.progress = progress;
    }

    void request() {
        requests.incrementAndGet();
        if (!armed) {
            delay = FIRST_NANOS;
            armed = true;
        }
        schedule();
    }

    private void schedule() {
        if (!closed && scheduled.compareAndSet(false, true)) {
            timers.after(delay, this::tick);
        }
    }

    private void tick() {
        scheduled.set(false);
        long before = progress.getAsLong();
        now();
        if (armed) {
            delay = progress.getAsLong() == before ? Math.min(delay * 2, LAST_NANOS) : FIRST_NANOS;
            schedule();
        }
    }

    /** Attempts at once if anything is wanted. */
    void now() {
        if (!armed || closed || running.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            runner = Thread.currentThread();
            attempt();
            runner = null;
            missed = running.addAndGet(-missed);
        } while (missed != 0);
    }

    private void attempt() {
        long seen = requests.get();
        if (closed || attempt.getAsBoolean()) {
            armed = false;
            done.run();
            if (requests.get() != seen) {
                armed = true;
                schedule();
            }
        }
    }

    /** Attempts nothing any more and waits for an attempt that runs, unless called from it. */
    void close() {
        closed = true;
        while (running.get() != 0 && runner != Thread.currentThread()) {
            Thread.onSpinWait();
        }
    }
}
