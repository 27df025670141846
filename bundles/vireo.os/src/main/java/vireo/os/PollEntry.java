// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** One registration: its own copy of the descriptor and who may run its callback. */
final class PollEntry implements Poller.Registration {

    private static final int WAITING = 0;
    private static final int RUNNING = 1;
    /** Closed from elsewhere while the callback runs: somebody waits for it to end. */
    private static final int CLOSING = 2;
    private static final int CLOSED = 3;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(PollEntry.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    final Descriptor descriptor;
    /** What the kernel gives back with an event: a place in the table and which of its users it is. */
    final long id;

    private final PollLoop loop;
    private final Runnable onReadable;
    private volatile int state = WAITING;

    PollEntry(PollLoop loop, Descriptor descriptor, long id, Runnable onReadable) {
        this.loop = loop;
        this.descriptor = descriptor;
        this.id = id;
        this.onReadable = onReadable;
    }

    /** Runs the callback, on the poller thread, unless closed. */
    void run() {
        if (!STATE.compareAndSet(this, WAITING, RUNNING)) {
            return;
        }
        try {
            onReadable.run();
        } catch (Throwable failure) {
            PollLoop.report(failure);
        } finally {
            if (!STATE.compareAndSet(this, RUNNING, WAITING)) {
                ended();
            }
        }
    }

    private synchronized void ended() {
        state = CLOSED;
        notifyAll();
    }

    @Override
    public void rearm() {
        int fd = descriptor.handle().enter();
        if (fd >= 0) {
            try {
                loop.control(EpollEvents.CTL_MOD, fd, id);
            } finally {
                descriptor.handle().exit();
            }
        }
    }

    @Override
    public void close() {
        if (beginClose()) {
            loop.remove(this);
        }
        if (!loop.isCurrentThread()) {
            awaitEnd();
        }
    }

    /** Returns true to the one caller that is to undo the registration. */
    private boolean beginClose() {
        while (true) {
            int now = state;
            if (now >= CLOSING) {
                return false;
            }
            if (STATE.compareAndSet(this, now, now == WAITING ? CLOSED : CLOSING)) {
                return true;
            }
        }
    }

    private synchronized void awaitEnd() {
        boolean interrupted = false;
        while (state == CLOSING) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
