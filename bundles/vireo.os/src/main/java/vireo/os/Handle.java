// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The number of an open descriptor and the calls in progress on it. Closing while a call is in progress takes effect when
 * that call returns, so that no call ever reaches a number that the kernel has given to somebody else meanwhile.
 */
final class Handle {

    private static final int CLOSED = 1 << 31;
    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(Handle.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int number;
    /** What the descriptor is called in messages. */
    private final String name;
    /** Number of calls in progress, and the top bit once closed. */
    private volatile int state;

    Handle(int number, String name) {
        this.number = number;
        this.name = name;
    }

    /** Takes the number for one call, to be given back with {@link #exit()}; −1 once closed. */
    int enter() {
        int now = state;
        while (now >= 0) {
            if (STATE.compareAndSet(this, now, now + 1)) {
                return number;
            }
            now = state;
        }
        return -1;
    }

    void exit() {
        if ((int) STATE.getAndAdd(this, -1) - 1 == CLOSED) {
            Frame.direct(SystemCall.CLOSE, number, 0, 0, 0);
        }
    }

    void close() {
        int now = state;
        while (now >= 0) {
            if (STATE.compareAndSet(this, now, now | CLOSED)) {
                if (now == 0) {
                    Frame.direct(SystemCall.CLOSE, number, 0, 0, 0);
                }
                return;
            }
            now = state;
        }
    }

    boolean isOpen() {
        return state >= 0;
    }

    int number() {
        return isOpen() ? number : -1;
    }

    OsException closed(String call) {
        return new OsException(Errno.EBADF, call + "(" + this + ")", "this descriptor was closed before the call");
    }

    OsException failure(String call, String arguments, long result) {
        return new OsException((int) -result, call + "(" + this + arguments + ")");
    }

    String name() {
        return name;
    }

    @Override
    public String toString() {
        return "fd=" + number + " " + name;
    }
}
