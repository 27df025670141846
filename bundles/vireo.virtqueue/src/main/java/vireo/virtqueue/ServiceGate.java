// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets one thread at a time serve a queue, and lets any thread close it without waiting for that one: whoever comes
 * last, the closer or the server on its way out, does the closing.
 */
final class ServiceGate {

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int BUSY_CLOSING = 2;
    private static final int CLOSED = 3;
    private static final int BRIEF = 4;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(ServiceGate.class, "state", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private volatile int state;
    // Written by the server only, and compared by others with themselves only: a racy read can not give a wrong answer.
    private Thread server;

    /** Tells whether the calling thread is the one inside. */
    boolean mine() {
        return server == Thread.currentThread();
    }

    /**
     * Enters, after whoever is inside for a moment only.
     *
     * @return false if the gate is closed
     * @throws IllegalStateException if somebody serves
     */
    boolean enter(int queue) {
        while (!STATE.compareAndSet(this, IDLE, BUSY)) {
            int now = state;
            if (now == CLOSED || now == BUSY_CLOSING) {
                return false;
            }
            if (now == BUSY) {
                throw new IllegalStateException("queue " + queue + " is served already; one thread at a time may");
            }
            Thread.onSpinWait();
        }
        server = Thread.currentThread();
        return true;
    }

    /** Enters for a moment that others are to wait for, if nobody is inside and the gate is not closed. */
    boolean tryEnterBriefly() {
        if (STATE.compareAndSet(this, IDLE, BRIEF)) {
            server = Thread.currentThread();
            return true;
        }
        return false;
    }

    /** Leaves; true if the gate was closed meanwhile, so that the caller does the closing. */
    boolean leave() {
        server = null;
        int now = state;
        if (now != BUSY_CLOSING && STATE.compareAndSet(this, now, IDLE)) {
            return false;
        }
        state = CLOSED;
        return true;
    }

    /** Closes; true if nobody is inside, so that the caller does the closing. */
    boolean close() {
        while (true) {
            int now = state;
            if (now == CLOSED || now == BUSY_CLOSING) {
                return false;
            }
            if (STATE.compareAndSet(this, now, now == IDLE ? CLOSED : BUSY_CLOSING)) {
                return now == IDLE;
            }
        }
    }

    boolean busy() {
        int now = state;
        return now == BUSY || now == BRIEF || now == BUSY_CLOSING;
    }
}
