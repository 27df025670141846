// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import vireo.device.DeviceSession;

/**
 * Brings sessions to rest on platform threads of their own: a device may have to wait for the kernel there, which a
 * virtual thread must not, and may not come back, which must cost its own slot only. The threads end when they are
 * idle.
 */
final class DeviceCalls implements AutoCloseable {
    private static final int MOST = 256;
    private static final long IDLE_MILLIS = 500;
    private static final long CLOSE_MILLIS = 2_000;

    private final AtomicInteger names = new AtomicInteger();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(0, MOST, IDLE_MILLIS, TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(), task -> Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false)
                    .name("vireo-device-call-" + names.getAndIncrement()).unstarted(task));

    /** An attempt to bring a session to rest. */
    static final class Attempt {
        private final FutureTask<Boolean> task;

        private Attempt(FutureTask<Boolean> task) {
            this.task = task;
        }

        /**
         * Tells whether the session is at rest, waiting for that until the deadline; false also if it never will be.
         */
        boolean atRest(long deadlineNanos) {
            while (true) {
                try {
                    return task.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (ExecutionException | TimeoutException | CancellationException no) {
                    return false;
                } catch (InterruptedException ignored) {
                    // Nobody interrupts a slot's executor for a reason that this wait would have to know.
                    continue;
                }
            }
        }

        boolean ended() {
            return task.isDone();
        }
    }

    Attempt quiesce(DeviceSession session, long deadlineNanos) {
        FutureTask<Boolean> task = new FutureTask<>(() -> session.quiesce(deadlineNanos));
        try {
            threads.execute(task);
        } catch (RejectedExecutionException full) {
            task.cancel(false);
        }
        return new Attempt(task);
    }

    /** Ends the threads; one whose device does not come back is left behind. Idempotent. */
    @Override
    public void close() {
        threads.shutdown();
        try {
            threads.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
