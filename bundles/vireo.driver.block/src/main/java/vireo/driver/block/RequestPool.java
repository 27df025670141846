// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/**
 * The requests of one queue that nobody uses. Thread-safe; its monitor is the innermost and calls nobody but the bus.
 */
final class RequestPool {

    private final String volume;
    private final long timeoutNanos;
    private final RequestMemory memory;
    private final Request[] all;
    private final Request[] free;
    private int count;
    private Throwable failed;
    private boolean retired;

    RequestPool(String volume, long timeoutNanos, RequestMemory memory) {
        this.volume = volume;
        this.timeoutNanos = timeoutNanos;
        this.memory = memory;
        this.all = new Request[memory.requests];
        this.free = new Request[all.length];
        for (int i = all.length - 1; i >= 0; i--) {
            all[i] = new Request(memory, i);
            free[count++] = all[i];
        }
    }

    Request[] all() {
        return all;
    }

    /** Returns a request, or null if there is none now. */
    synchronized Request tryTake() {
        if (failed != null || count == 0) {
            return null;
        }
        Request request = free[--count];
        request.state = Request.OWNED;
        return request;
    }

    /** Waits for a request; what it would be is given for the message of a failure. */
    synchronized Request take(int type, long position, long length) throws IOException {
        long deadline = System.nanoTime() + timeoutNanos;
        while (failed == null) {
            Request request = tryTake();
            if (request != null) {
                return request;
            }
            if (!waitFor(this, deadline)) {
                throw Request.failure(volume, type, position, length, "none of " + all.length
                        + " requests in flight came back within " + timeoutNanos / 1_000_000 + " ms", null);
            }
        }
        throw Request.failure(volume, type, position, length, failed.getMessage(), failed);
    }

    /** Takes a request back. */
    synchronized void give(Request request) {
        request.clear();
        free[count++] = request;
        notify();
        closeMemoryIfDone();
    }

    /** Lets nobody have a request any more. */
    synchronized void fail(Throwable why) {
        failed = why;
        notifyAll();
    }

    /** Lets the memory go as soon as no caller copies from or to it; the device must not have it any more. */
    synchronized void retire() {
        retired = true;
        closeMemoryIfDone();
    }

    private void closeMemoryIfDone() {
        if (retired && count == all.length) {
            memory.close();
        }
    }

    /**
     * Waits on a monitor that the caller holds. Interruption is kept for later: what is in flight cannot be called
     * back.
     *
     * @return false if the deadline has passed
     */
    static boolean waitFor(Object monitor, long deadline) {
        boolean interrupted = false;
        try {
            while (true) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedWait(monitor, Math.max(left, 1_000_000));
                    return true;
                } catch (InterruptedException again) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
