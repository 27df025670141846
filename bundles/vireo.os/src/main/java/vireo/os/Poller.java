// SPDX-License-Identifier: Apache-2.0
package vireo.os;

/**
 * Waits for descriptors to become readable, all with one thread per process. The thread starts with the first
 * registration and ends with the last. Thread-safe.
 *
 * <p>Callbacks run on that thread, one at a time, and must only hand over: set a flag, wake a thread. One that throws
 * costs nothing but its own event; what it threw goes to the thread's uncaught exception handler.
 */
public final class Poller {

    private Poller() {
    }

    /** A descriptor that is waited for, until closed. */
    public sealed interface Registration extends AutoCloseable permits PollEntry {

        /**
         * Waits once more: the callback runs again as soon as the descriptor is readable, which may be at once. Until
         * then it runs no second time, so that whoever drains the descriptor chooses when. Legal on any thread, also
         * from the callback; allocates nothing; does nothing once closed.
         */
        void rearm();

        /**
         * Stops waiting. Idempotent. Called from a callback it returns at once; called elsewhere it returns when a
         * callback of this registration that was running has ended, so that none runs afterwards. Do not call it while
         * holding a lock that the callback takes.
         */
        @Override
        void close();
    }

    /**
     * Starts waiting for a descriptor to become readable, to reach its end, or to fail. The poller makes its own copy,
     * so the caller may close the number at any time; a socket's peer sees the end only when both are closed.
     *
     * @param fd an open descriptor of a kind that can be waited for; not a regular file
     * @param onReadable called once, and once more after each {@link Registration#rearm()}
     * @return the registration
     * @throws OsException if the descriptor cannot be waited for; EPERM for a regular file, EBADF if it is not open
     */
    public static Registration register(int fd, Runnable onReadable) throws OsException {
        Linux.require();
        return PollLoop.register(fd, onReadable);
    }
}
