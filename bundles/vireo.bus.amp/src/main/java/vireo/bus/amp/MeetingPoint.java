// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import vireo.os.OsException;
import vireo.os.Poller;
import vireo.os.UnixSocket;

/**
 * The Unix socket at which the two sides meet. The listening side removes its file at the end, and replaces one that a
 * dead process left. Belongs to the bus's own thread.
 */
final class MeetingPoint implements AutoCloseable {

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
                    throw new NotYetException("nobody listens at wake.path=" + settings.path() + " yet: " + e.getMessage());
                default -> throw new IOException("cannot connect to wake.path=" + settings.path() + ": " + e.getMessage()
                        + "; both sides must run as the same user, and one of them listen", e);
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
     * @return how many that were
     */
    int turnAway() throws IOException {
        int count = 0;
        for (UnixSocket peer = meet(); peer != null; peer = meet()) {
            peer.close();
            count++;
        }
        return count;
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
