// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.api.block.BlockCompletion;
import vireo.observe.LogLimit;

/**
 * A volume's one thread: collects used buffers when a queue woke it, and tells asynchronous callers. While they keep it
 * busy it polls; otherwise it sleeps, and each lane has asked its queue to be told.
 */
final class CompletionThread implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CompletionThread.class);

    /** How often requests in flight are looked at although nothing happened: time-outs, and a wake-up that got lost. */
    private static final long TICK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private final LogLimit limit = LogLimit.usual();
    private final String volume;
    private final long pollNanos;
    private final Thread thread;
    private volatile List<Lane> lanes = List.of();
    private volatile boolean woken;
    /** Sleeps without a tick, so that the first request has to wake it. */
    private volatile boolean dozing;
    private volatile boolean closed;

    CompletionThread(String volume, long pollNanos) {
        this.volume = volume;
        this.pollNanos = pollNanos;
        this.thread = Thread.ofPlatform().daemon().name("vireo-volume-" + volume).unstarted(this::run);
    }

    void start(List<Lane> served) {
        lanes = List.copyOf(served);
        thread.start();
    }

    boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    /** Makes the thread look at its lanes; never lost, legal from any thread, never waits. */
    void wake() {
        woken = true;
        if (!isCurrent()) {
            LockSupport.unpark(thread);
        }
    }

    /** Sees to it that requests in flight are looked at now and then. */
    void watch() {
        if (dozing) {
            wake();
        }
    }

    /** Runs a completion; what it throws costs nobody else anything. */
    void tell(BlockCompletion completion, long cookie, IOException failure) {
        try {
            completion.done(cookie, failure);
        } catch (RuntimeException | Error thrown) {
            complain("A completion", thrown);
        }
    }

    private void complain(String what, Throwable unexpected) {
        if (limit.permit() >= 0) {
            LOG.warn("{} of volume {} failed: {}", what, volume, unexpected.toString(), unexpected);
        }
    }

    private void run() {
        while (!closed) {
            woken = false;
            lanes.forEach(Lane::enter);
            serveUntilIdle();
            for (Lane lane : lanes) {
                lane.expire();
                lane.leave();
            }
            sleep();
        }
        // Whoever still waits for a completion gets it before the thread ends.
        for (Lane lane : lanes) {
            while (deliver(lane) > 0) {
                Thread.onSpinWait();
            }
        }
    }

    private void serveUntilIdle() {
        long lastWork = System.nanoTime();
        while (!closed) {
            int done = 0;
            boolean watching = false;
            for (Lane lane : lanes) {
                done += deliver(lane);
                watching |= lane.asyncInFlight() > 0;
            }
            long now = System.nanoTime();
            if (done > 0) {
                lastWork = now;
            } else if (!watching || now - lastWork >= pollNanos) {
                return;
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private int deliver(Lane lane) {
        try {
            return lane.deliver();
        } catch (RuntimeException | Error unexpected) {
            // The lane has to go on for its other callers.
            complain("Collecting requests", unexpected);
            return 0;
        }
    }

    private void sleep() {
        // Set before the lanes are looked at, and a request is counted before this is read: one of both sees the other.
        dozing = true;
        boolean inFlight = false;
        for (Lane lane : lanes) {
            inFlight |= lane.inFlight() > 0;
        }
        dozing = !inFlight;
        if (!woken && !closed) {
            if (inFlight) {
                LockSupport.parkNanos(this, TICK_NANOS);
            } else {
                LockSupport.park(this);
            }
        }
        dozing = false;
    }

    /** Delivers what is left and ends the thread; called from a completion it does not wait for itself. */
    @Override
    public void close() {
        closed = true;
        wake();
        boolean interrupted = false;
        while (!isCurrent() && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
