// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import vireo.observe.CounterSet;
import vireo.os.OsException;
import vireo.os.Poller;
import vireo.os.UnixSocket;

/**
 * The Unix socket at which the two sides meet. The listening side removes its file at the end, and replaces one that a
 * dead process left. Belongs to the bus's own thread.
 */
final class MeetingPoint implements AutoCloseable {

    /** S_IFSOCK, without its twelve low bits. */
    private static final int SOCKET_TYPE = 0xc;

    private final AmpSettings.Wake settings;
    private final Runnable wake;
    private UnixSocket listener;
    private Poller.Registration registration;
    private volatile boolean knocked;

    /**
     * Prepares a meeting.
     *
     * @param settings where, and who listens
     * @param wake called by the poller's thread when somebody wants in
     */
    MeetingPoint(AmpSettings.Wake settings, Runnable wake) {
        this.settings = settings;
        this.wake = wake;
    }

    /**
     * Looks whether this side could listen, as far as that can be known without disturbing anybody.
     *
     * @throws IOException naming the path and the remedy
     */
    static void check(AmpSettings.Wake settings) throws IOException {
        Path path = settings.path();
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) >> 12 != SOCKET_TYPE) {
            throw new IOException("wake.path=" + path + " is no socket; name another path, or remove the file");
        }
    }

    /**
     * Connects, or takes a connection that waits.
     *
     * @return the connection, or null if this side listens and nobody is there; then the thread is woken
     * @throws NotYetException if nobody listens
     * @throws IOException naming the socket, what is wrong, and the remedy
     */
    UnixSocket meet() throws IOException {
        if (!settings.listen()) {
            return connect();
        }
        if (listener == null) {
            listen();
        }
        UnixSocket peer = listener.accept();
        if (peer == null && knocked) {
            knocked = false;
            registration.rearm();
        }
        return peer;
    }

    private UnixSocket connect() throws IOException {
        try {
            return UnixSocket.connect(settings.path());
        } catch (OsException e) {
            switch (e.errnoName()) {
                case "ENOENT", "ECONNREFUSED", "EAGAIN" ->
                    throw new NotYetException("nobody listens at wake.path=" + settings.path() + " yet: "
                            + e.getMessage());
                default -> throw new IOException("cannot connect to wake.path=" + settings.path() + ": "
                        + e.getMessage() + "; both sides must run as the same user, and one of them listen", e);
            }
        }
    }

    private void listen() throws IOException {
        UnixSocket made;
        try {
            made = UnixSocket.listen(settings.path());
        } catch (OsException e) {
            throw new IOException("cannot listen at wake.path=" + settings.path() + ": " + e.getMessage()
                    + "; name a path that nobody else uses, in a directory that this process may write to", e);
        }
        try {
            registration = Poller.register(made.fd(), this::onKnock);
            listener = made;
        } catch (OsException e) {
            made.close();
            throw e;
        }
    }

    private void onKnock() {
        knocked = true;
        wake.run();
    }

    /** Tells whether somebody wanted in since nobody was there last. */
    boolean knocked() {
        return knocked;
    }

    /**
     * Turns everybody away who wants in now.
     *
     * @param counters where they are counted
     * @return true if there was anybody
     */
    boolean turnAway(CounterSet counters) throws IOException {
        boolean any = false;
        for (UnixSocket peer = meet(); peer != null; peer = meet()) {
            counters.increment(AmpCounters.REFUSED);
            peer.close();
            any = true;
        }
        return any;
    }

    @Override
    public void close() {
        if (listener != null) {
            registration.close();
            listener.close();
            listener = null;
        }
    }
}
