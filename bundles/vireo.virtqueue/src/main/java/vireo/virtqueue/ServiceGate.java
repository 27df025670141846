// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Lets one thread at a time serve a queue, and lets any thread close it without waiting for that one: whoever comes last,
 * the closer or the server on its way out, does the closing.
 */
final class ServiceGate {

    private static final int IDLE = 0;
    private static final int BUSY = 1;
    private static final int BUSY_CLOSING = 2;
    private static final int CLOSED = 3;

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

    /** Enters if nobody is inside and the gate is not closed. */
    boolean tryEnter() {
        if (STATE.compareAndSet(this, IDLE, BUSY)) {
            server = Thread.currentThread();
            return true;
        }
        return false;
    }

    /** Leaves; true if the gate was closed meanwhile, so that the caller does the closing. */
    boolean leave() {
        server = null;
        if (STATE.compareAndSet(this, BUSY, IDLE)) {
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
        return now == BUSY || now == BUSY_CLOSING;
    }

    boolean closed() {
        int now = state;
        return now == CLOSED || now == BUSY_CLOSING;
    }
}
