// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.observe.LogLimit;
import vireo.os.duty.Duty;
import vireo.os.duty.DutyThread;

/**
 * The threads that serve the queues of all slots. They start with the first queue; those that find nothing to do sleep,
 * but for one that watches the queue it just served (one for every two of them on larger machines).
 */
final class WorkerPool implements AutoCloseable {
    /** How many chains a queue gets before others have their turn. */
    static final int BUDGET = 32;

    private static final Logger LOG = LoggerFactory.getLogger(WorkerPool.class);
    private static final int RING = 4096;
    private static final long CLOSE_NANOS = 2_000_000_000L;

    private final RunQueue tasks = new RunQueue(RING);
    private final LogLimit limit = LogLimit.usual();
    private final AtomicInteger polling = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Worker[] workers;
    private final long pollNanos;
    private final int mayPoll;
    private boolean started;
    private boolean closed;

    WorkerPool(int size, long pollNanos) {
        this.pollNanos = pollNanos;
        this.mayPoll = Math.max(1, Math.min(size, Runtime.getRuntime().availableProcessors()) / 2);
        this.workers = new Worker[size];
        for (int i = 0; i < size; i++) {
            workers[i] = new Worker();
        }
    }

    /** One thread. */
    private final class Worker implements Duty {
        private final AtomicInteger idle = new AtomicInteger();
        private final CountDownLatch ended = new CountDownLatch(1);
        private volatile DutyThread thread;

        @Override
        public int work() {
            PooledTask task = tasks.take();
            if (task == null) {
                idle.set(1);
                task = tasks.take();
                if (task == null) {
                    return 0;
                }
            }
            idle.set(0);
            if (busy()) {
                // Who woke this thread meanwhile for another task counts on it; somebody else may be free for that one.
                wakeOne();
            }
            task.run();
            return 1;
        }

        @Override
        public void ended() {
            ended.countDown();
        }

        boolean endsBefore(long deadlineNanos) {
            try {
                return ended.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        boolean wake() {
            if (idle.get() == 1 && idle.compareAndSet(1, 0)) {
                thread.wake();
                return true;
            }
            return false;
        }
    }

    /** Makes sure that there are threads; called before a task begins, never on the data path. */
    void start() {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the worker pool is closed");
            }
            for (int i = 0; i < workers.length && !started; i++) {
                workers[i].thread = DutyThread.start("vireo-worker-" + i, workers[i], 0, this::failed);
            }
            started = true;
        } finally {
            lock.unlock();
        }
    }

    private void failed(Throwable failure) {
        long held = limit.permit();
        if (held >= 0) {
            LOG.error("a queue worker failed; {} more were not logged", held, failure);
        }
    }

    void enqueue(PooledTask task) {
        tasks.add(task);
        wakeOne();
    }

    private void wakeOne() {
        for (Worker worker : workers) {
            if (worker.wake()) {
                return;
            }
        }
    }

    /** Tells whether tasks wait that no worker has taken yet. */
    boolean busy() {
        return !tasks.isEmpty();
    }

    long pollNanos() {
        return pollNanos;
    }

    boolean beginPoll() {
        int now = polling.get();
        while (pollNanos > 0 && now < mayPoll) {
            if (polling.compareAndSet(now, now + 1)) {
                return true;
            }
            now = polling.get();
        }
        return false;
    }

    void endPoll() {
        polling.decrementAndGet();
    }

    /**
     * Ends the threads and waits for them, unless called from one. All tasks are halted before; a thread that a device
     * holds all the same is named in the log and left behind. Idempotent.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
        for (Worker worker : workers) {
            if (worker.thread != null) {
                worker.thread.stop();
            }
        }
        long deadline = System.nanoTime() + CLOSE_NANOS;
        for (int i = 0; i < workers.length; i++) {
            DutyThread thread = workers[i].thread;
            if (thread != null && !thread.isCurrentThread()) {
                if (workers[i].endsBefore(deadline)) {
                    thread.close();
                } else {
                    LOG.error("queue worker {} is held by a device and left behind", i);
                }
            }
        }
    }
}
