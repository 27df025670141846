// SPDX-License-Identifier: Apache-2.0
package vireo.os.duty;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * A platform thread that runs a {@link Duty}. While there is work it never sleeps; without work it polls for a while and
 * then sleeps until {@link #wake()} or until the duty's timer. Needs nothing of the operating system but Java.
 *
 * <p>The rule for whoever gives it work: first put the work where {@link Duty#work()} finds it, then call
 * {@link #wake()}. Then the work is found; no wake-up is lost.
 */
public final class DutyThread implements AutoCloseable {

    private static final int IDLE = 0;
    private static final int WOKEN = 1;
    private static final int ASLEEP = 2;

    /** After a failure the duty is tried again soon, but not at once and for ever. */
    private static final long RETRY_NANOS = 1_000_000;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(DutyThread.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long pollNanos;
    /** This and the next are the thread's own, until it ends. */
    private Duty duty;
    private Consumer<? super Throwable> onFailure;
    private final Thread thread;
    @SuppressWarnings("unused")
    private volatile int state = WOKEN;
    private volatile boolean closed;

    private DutyThread(String name, Duty duty, long pollNanos, Consumer<? super Throwable> onFailure) {
        this.duty = Objects.requireNonNull(duty, "duty");
        this.pollNanos = pollNanos;
        this.onFailure = Objects.requireNonNull(onFailure, "onFailure");
        thread = Thread.ofPlatform().daemon().name(name).inheritInheritableThreadLocals(false).unstarted(this::run);
        thread.setContextClassLoader(duty.getClass().getClassLoader());
    }

    /**
     * Starts a thread.
     *
     * @param name name of the thread
     * @param duty what it does
     * @param pollNanos how long it goes on asking for work after the last there was, in nanoseconds; 0 to sleep at once
     * @param onFailure told, on that thread, of everything that {@link Duty#work()} threw
     * @return its owner
     */
    public static DutyThread start(String name, Duty duty, long pollNanos, Consumer<? super Throwable> onFailure) {
        DutyThread made = new DutyThread(name, duty, pollNanos, onFailure);
        made.thread.start();
        return made;
    }

    /** Makes the thread ask for work once more. Cheap, allocation-free, never waits, legal on any thread. */
    public void wake() {
        // Without the fence the caller's work could become visible after the state was read, and be missed.
        VarHandle.fullFence();
        if ((int) STATE.getOpaque(this) != WOKEN && (int) STATE.getAndSet(this, WOKEN) == ASLEEP) {
            LockSupport.unpark(thread);
        }
    }

    /**
     * Tells whether the caller runs on this thread.
     *
     * @return true from within the duty or the failure handler
     */
    public boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /** Tells the thread to end after the call of {@link Duty#work()} that is in progress, without waiting for it. */
    public void stop() {
        closed = true;
        wake();
    }

    /**
     * Ends the thread after the call of {@link Duty#work()} that is in progress, and waits for that unless called on the
     * thread itself. Idempotent.
     */
    @Override
    public void close() {
        stop();
        if (!isCurrentThread()) {
            join();
        }
    }

    private void join() {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            loop();
        } finally {
            end();
            forget();
        }
    }

    /**
     * Lets go of whoever's work this was. A thread may be remembered long after its end: Felix's class loaders remember
     * one when two load the same class at the same time.
     */
    private void forget() {
        duty = null;
        onFailure = null;
        Thread.currentThread().setContextClassLoader(null);
    }

    private void end() {
        try {
            duty.ended();
        } catch (Throwable failure) {
            report(failure);
        }
    }

    private void loop() {
        boolean polling = false;
        long pollUntil = 0;
        while (!closed) {
            long longestSleep = Long.MAX_VALUE;
            try {
                if (duty.work() > 0) {
                    polling = false;
                    continue;
                }
                if (pollNanos > 0) {
                    long now = System.nanoTime();
                    pollUntil = polling ? pollUntil : now + pollNanos;
                    polling = true;
                    if (now - pollUntil < 0) {
                        Thread.onSpinWait();
                        continue;
                    }
                }
                longestSleep = duty.sleepNanos();
            } catch (Throwable failure) {
                report(failure);
                longestSleep = RETRY_NANOS;
            }
            if (sleep(longestSleep)) {
                polling = false;
            }
        }
    }

    /** Sleeps unless woken since the last time, and tells whether it was woken. */
    private boolean sleep(long nanos) {
        if ((int) STATE.getAndSet(this, IDLE) == WOKEN) {
            return true;
        }
        if (nanos <= 0 || !STATE.compareAndSet(this, IDLE, ASLEEP)) {
            return false;
        }
        if (nanos == Long.MAX_VALUE) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, nanos);
        }
        // An interrupt is nothing to this thread, and while it is pending parking would not wait.
        Thread.interrupted();
        return (int) STATE.getAndSet(this, IDLE) == WOKEN;
    }

    private void report(Throwable failure) {
        try {
            onFailure.accept(failure);
        } catch (Throwable ignored) {
            // A handler that fails has nobody to tell, and must not end the thread.
        }
    }
}
