// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** One epoll instance with its thread, alive while it has registrations. */
final class PollLoop {

    private static final int EPOLL_CLOEXEC = 0x80000;
    private static final int BATCH = 64;
    private static final long WAKE_ID = -1;

    /** Guards the current loop and every loop's table. */
    private static final Object LOCK = new Object();
    private static PollLoop current;

    private final Descriptor epoll;
    private final EventFd wake;
    private final Thread thread;

    /** Read by the poller thread without the lock; an entry that is not there any more is not called. */
    private volatile PollEntry[] table = new PollEntry[16];
    private int count;
    private int generation;
    private volatile boolean ending;

    private PollLoop() throws OsException {
        epoll = Descriptor.of(Frame.direct(SystemCall.EPOLL_CREATE1, EPOLL_CLOEXEC, 0, 0, 0), "epoll",
                "epoll_create1()");
        EventFd made = null;
        try {
            made = EventFd.create();
            check(control(EpollEvents.CTL_ADD, made.fd(), WAKE_ID), made.descriptor());
        } catch (OsException e) {
            epoll.close();
            if (made != null) {
                made.close();
            }
            throw e;
        }
        wake = made;
        thread = Thread.ofPlatform().daemon().name("vireo-poller").inheritInheritableThreadLocals(false)
                .unstarted(this::run);
        // It outlives whoever happened to register first, and must not keep that one's classes.
        thread.setContextClassLoader(PollLoop.class.getClassLoader());
    }

    static Poller.Registration register(int fd, Runnable onReadable) throws OsException {
        long copy = Frame.direct(SystemCall.FCNTL, fd, FileControl.F_DUPFD_CLOEXEC, 0, 0);
        Descriptor descriptor = Descriptor.of(copy, "copy of fd=" + fd, "fcntl(fd=" + fd + ", F_DUPFD_CLOEXEC)");
        try {
            synchronized (LOCK) {
                boolean fresh = current == null;
                PollLoop loop = fresh ? new PollLoop() : current;
                try {
                    PollEntry entry = loop.add(descriptor, onReadable);
                    if (fresh) {
                        loop.thread.start();
                        current = loop;
                    }
                    return entry;
                } catch (OsException | Error e) {
                    if (fresh) {
                        loop.closeDescriptors();
                    }
                    throw e;
                }
            }
        } catch (OsException | Error e) {
            descriptor.close();
            throw e;
        }
    }

    private PollEntry add(Descriptor descriptor, Runnable onReadable) throws OsException {
        int index = 0;
        while (index < table.length && table[index] != null) {
            index++;
        }
        PollEntry[] next = Arrays.copyOf(table, index < table.length ? table.length : table.length * 2);
        long id = (long) (generation++ & Integer.MAX_VALUE) << 32 | index;
        PollEntry entry = new PollEntry(this, descriptor, id, onReadable);
        next[index] = entry;
        PollEntry[] before = table;
        // In the table first: the event may come before this method returns.
        table = next;
        count++;
        try {
            check(control(EpollEvents.CTL_ADD, descriptor.number(), id), descriptor);
            return entry;
        } catch (OsException e) {
            table = before;
            count--;
            throw e;
        }
    }

    private static void check(long result, Descriptor descriptor) throws OsException {
        if (result < 0) {
            throw new OsException((int) -result, "epoll_ctl(" + descriptor + ")");
        }
    }

    long control(int operation, int fd, long id) {
        int epollFd = epoll.handle().enter();
        if (epollFd < 0) {
            return -Errno.EBADF;
        }
        Frame frame = Frame.take();
        try {
            int oneShot = id == WAKE_ID ? 0 : EpollEvents.EPOLLONESHOT;
            EpollEvents.put(frame.scratch, EpollEvents.EPOLLIN | EpollEvents.EPOLLRDHUP | oneShot, id);
            return frame.call(SystemCall.EPOLL_CTL, epollFd, operation, fd, frame.scratch.address());
        } finally {
            frame.give();
            epoll.handle().exit();
        }
    }

    /** Called once per entry; the last one ends the thread and, elsewhere than on it, waits for that. */
    void remove(PollEntry entry) {
        boolean last;
        synchronized (LOCK) {
            PollEntry[] next = table.clone();
            next[(int) entry.id] = null;
            table = next;
            last = --count == 0;
            control(EpollEvents.CTL_DEL, entry.descriptor.number(), entry.id);
            entry.descriptor.close();
            if (last) {
                ending = true;
                current = null;
                wake.signal();
            }
        }
        if (last && !isCurrentThread()) {
            join();
        }
    }

    private void join() {
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    private void run() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment events = arena.allocate(BATCH * EpollEvents.SIZE, 8);
            while (!ending) {
                int ready = await(events);
                for (int i = 0; i < ready; i++) {
                    deliver(EpollEvents.data(events, i));
                }
            }
        } finally {
            closeDescriptors();
        }
    }

    private int await(MemorySegment events) {
        Frame frame = Frame.take();
        try {
            long ready = frame.call(SystemCall.EPOLL_PWAIT, epoll.number(), events.address(), BATCH, -1, 0, 0, events);
            if (ready < 0) {
                // Nothing but a descriptor closed behind our back can cause this, and waiting on would be a busy loop.
                throw new IllegalStateException(new OsException((int) -ready, "epoll_pwait(" + epoll + ")"));
            }
            return (int) ready;
        } finally {
            frame.give();
        }
    }

    private void deliver(long id) {
        PollEntry[] entries = table;
        int index = (int) id;
        if (id != WAKE_ID && index < entries.length) {
            PollEntry entry = entries[index];
            if (entry != null && entry.id == id) {
                entry.run();
            }
        }
    }

    private void closeDescriptors() {
        epoll.close();
        wake.close();
    }

    static void report(Throwable failure) {
        Thread thread = Thread.currentThread();
        try {
            thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
        } catch (Throwable ignored) {
            // A handler that fails has nobody to tell.
        }
    }
}
