// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.ArrayDeque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.observe.LogLimit;

/**
 * Runs tasks one after another, in the order given, on a virtual thread that exists only while there are any. This is
 * where everything happens that may block or that belongs to others: services come and go, listeners are told.
 */
public final class SerialExecutor implements Executor, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SerialExecutor.class);
    private static final long CLOSE_NANOS = 5_000_000_000L;

    private final String name;
    private final LogLimit limit = LogLimit.usual();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private volatile Thread worker;
    private volatile boolean closed;

    /**
     * Makes an executor; no thread is started yet.
     *
     * @param name name of its thread
     */
    public SerialExecutor(String name) {
        this.name = name;
    }

    /**
     * Appends a task. After {@link #close()} it is dropped.
     *
     * @param task what to do; an exception of it is logged and ends only that task
     */
    @Override
    public void execute(Runnable task) {
        lock.lock();
        try {
            if (closed) {
                return;
            }
            tasks.add(task);
            if (worker == null) {
                // Whatever is started from here must not inherit the class loader of whoever happens to ask.
                worker = Thread.ofVirtual().name(name).inheritInheritableThreadLocals(false).unstarted(this::drain);
                worker.start();
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * Appends a task and waits until it is done, unless called from a task: then it runs at once. After
     * {@link #close()}, or when the tasks before it take too long, it is not waited for.
     *
     * @param task what to do
     * @param nanos how long to wait
     * @return true if it is done
     */
    public boolean executeAndWait(Runnable task, long nanos) {
        if (Thread.currentThread() == worker) {
            run(task);
            return true;
        }
        CountDownLatch done = new CountDownLatch(1);
        execute(() -> {
            try {
                task.run();
            } finally {
                done.countDown();
            }
        });
        try {
            return !closed && done.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void drain() {
        while (true) {
            Runnable task;
            lock.lock();
            try {
                task = tasks.poll();
                if (task == null) {
                    worker = null;
                    idle.signalAll();
                    return;
                }
            } finally {
                lock.unlock();
            }
            run(task);
        }
    }

    private void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            long held = limit.permit();
            if (held >= 0) {
                LOG.warn("{}: a task failed; {} more were not logged", name, held, failure);
            }
        }
    }

    /**
     * Lets the tasks that are there finish, takes no more, and waits until the last is done, unless called from one of
     * them. A task of somebody else's that does not end in time is named in the log and left behind: it must not keep
     * the bundle from stopping. Idempotent.
     */
    @Override
    public void close() {
        boolean interrupted = false;
        boolean stuck = false;
        lock.lock();
        try {
            closed = true;
            long left = CLOSE_NANOS;
            while (worker != null && worker != Thread.currentThread() && !stuck) {
                try {
                    left = idle.awaitNanos(left);
                } catch (InterruptedException wait) {
                    interrupted = true;
                }
                stuck = left <= 0 && worker != null;
            }
        } finally {
            lock.unlock();
        }
        if (stuck) {
            LOG.warn("{}: a listener did not return within {} ms; it is left behind", name, CLOSE_NANOS / 1_000_000);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
