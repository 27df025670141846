// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CompletableFuture;

/**
 * Something that workers serve, one at a time, whenever it was submitted. Submitting is lock-free, allocation-free and
 * never lost: what is submitted while it runs makes it run once more.
 */
abstract class PooledTask {
    private static final int NEW = 0;
    private static final int IDLE = 1;
    private static final int SCHEDULED = 2;
    private static final int RUNNING = 3;
    private static final int RERUN = 4;
    private static final int HALTED = 5;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(PooledTask.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final WorkerPool pool;
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private volatile int state = NEW;
    private volatile boolean halting;
    /** Whether it found work since it last went idle; an idle task is never polled. The worker's own, like the next. */
    private boolean worked;
    private boolean polls;

    PooledTask(WorkerPool pool) {
        this.pool = pool;
    }

    /** Called on a worker before it serves, also when it was submitted again meanwhile. */
    abstract void prepare();

    /** Does some of the work there is and tells how much; 0 if there was none. */
    abstract int serve(int budget);

    /** Makes sure that it is submitted when there is work again; false if there is some already. */
    abstract boolean arm();

    /** Serving failed. Called on a worker; the task stays as it is until somebody halts it. */
    abstract void failed(Throwable failure);

    /** Lets it be served from now on; it is served once at once. Until then submitting does nothing. */
    final void begin() {
        if (STATE.compareAndSet(this, NEW, SCHEDULED)) {
            pool.enqueue(this);
        }
    }

    /** Asks for service. */
    final void submit() {
        while (true) {
            switch (state) {
                case IDLE -> {
                    if (STATE.compareAndSet(this, IDLE, SCHEDULED)) {
                        pool.enqueue(this);
                        return;
                    }
                }
                case RUNNING -> {
                    if (STATE.compareAndSet(this, RUNNING, RERUN)) {
                        return;
                    }
                }
                default -> {
                    return;
                }
            }
        }
    }

    /**
     * Ends service for good.
     *
     * @return completes when no worker is in it any more and none will be
     */
    final CompletableFuture<Void> halt() {
        halting = true;
        while (true) {
            int now = state;
            if (now == NEW || now == IDLE) {
                if (STATE.compareAndSet(this, now, HALTED)) {
                    left.complete(null);
                    return left;
                }
            } else if (now != RUNNING || STATE.compareAndSet(this, RUNNING, RERUN)) {
                return left;
            }
        }
    }

    /** Serves until there is nothing left; on a worker, after it was taken from the queue. */
    final void run() {
        try {
            state = RUNNING;
            while (!halting) {
                prepare();
                if (drain()) {
                    state = SCHEDULED;
                    pool.enqueue(this);
                    return;
                }
                if (arm()) {
                    if (STATE.compareAndSet(this, RUNNING, IDLE)) {
                        return;
                    }
                    state = RUNNING;
                }
            }
        } catch (Throwable failure) {
            failed(failure);
            state = IDLE;
            if (!halting) {
                return;
            }
        } finally {
            if (polls) {
                polls = false;
                pool.endPoll();
            }
        }
        state = HALTED;
        left.complete(null);
    }

    /**
     * Serves while there is work, and watches for a moment after the last of it unless others wait.
     *
     * @return true if there may be more, but others have their turn first
     */
    private boolean drain() {
        boolean watching = false;
        long since = 0;
        while (!halting) {
            int done = serve(WorkerPool.BUDGET);
            if (done > 0) {
                if (pool.busy()) {
                    return true;
                }
                watching = false;
                worked = true;
                continue;
            }
            if (!worked || pool.busy() || !polls && !(polls = pool.beginPoll())) {
                break;
            }
            long now = System.nanoTime();
            since = watching ? since : now;
            watching = true;
            if (now - since >= pool.pollNanos()) {
                break;
            }
            Thread.onSpinWait();
        }
        worked = false;
        return false;
    }
}
