// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.util.concurrent.locks.LockSupport;

/** Lets one thread at a time do a piece of work, until it is closed; closing waits for the piece at work. */
final class Gate {

    private static final long PAUSE_NANOS = 50_000;

    private volatile boolean busy;
    private volatile boolean closed;

    /** Returns true if the work may be done; {@link #leave()} follows. */
    boolean enter() {
        // Both are volatile: either this sees that the gate is closed, or close() sees that somebody is inside.
        busy = true;
        if (closed) {
            busy = false;
            return false;
        }
        return true;
    }

    void leave() {
        busy = false;
    }

    /** Lets nobody in any more; returns false if somebody was still inside at the deadline. */
    boolean close(long deadlineNanos) {
        closed = true;
        while (busy) {
            if (System.nanoTime() - deadlineNanos >= 0) {
                return false;
            }
            LockSupport.parkNanos(this, PAUSE_NANOS);
        }
        return true;
    }
}
