// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.observe.LogLimit;

/**
 * The bundle's one timer thread, which exists only while something is scheduled. Its tasks must be short and must not
 * block; what may block goes from there to a {@link SerialExecutor}.
 */
public final class Timers implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Timers.class);
    private static final long IDLE_SECONDS = 10;

    private final LogLimit limit = LogLimit.usual();
    private final ScheduledThreadPoolExecutor executor;
    private volatile Thread thread;

    /** Makes a timer; no thread is started yet. */
    public Timers() {
        ThreadFactory factory = task -> {
            // Nothing of whoever happens to ask first, which may be a bus that is gone while the thread lives on.
            thread = Thread.ofPlatform().name("vireo-transport-timer").daemon(true)
                    .inheritInheritableThreadLocals(false).unstarted(task);
            return thread;
        };
        executor = new ScheduledThreadPoolExecutor(1, factory);
        executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        executor.allowCoreThreadTimeOut(true);
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Runs a task once, later.
     *
     * @param task what to do; an exception of it is logged
     * @param delayNanos how much later
     * @return the handle to cancel it by; already cancelled if the timer is closed
     */
    public Future<?> after(long delayNanos, Runnable task) {
        try {
            return executor.schedule(() -> run(task), delayNanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            FutureTask<Void> never = new FutureTask<>(() -> null);
            never.cancel(false);
            return never;
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | LinkageError failure) {
            long held = limit.permit();
            if (held >= 0) {
                LOG.warn("a timer task failed; {} more were not logged", held, failure);
            }
        }
    }

    /** Drops what is scheduled and ends the thread, waiting for it unless called from it. Idempotent. */
    @Override
    public void close() {
        executor.shutdownNow();
        if (Thread.currentThread() == thread) {
            return;
        }
        boolean interrupted = false;
        while (true) {
            try {
                if (executor.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException wait) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
