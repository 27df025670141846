// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import vireo.bus.BusException;
import vireo.os.Descriptor;
import vireo.os.EventFd;
import vireo.os.OsException;
import vireo.os.Poller;
import vireo.os.UnixSocket;

/**
 * Wakes by an eventfd. Directly after connecting each side sends one byte 0xED that carries, as SCM_RIGHTS, the one
 * eventfd on which it wants to be woken; nothing else goes over the socket, whose end is the end of the connection.
 *
 * <p>The eventfd that came from the peer is made non-blocking, yet a peer could undo that and fill the counter to make
 * this side wait in a wake-up; the socket is the choice for a peer that is not trusted so far.
 */
final class EventBell implements Bell {

    private static final long RECHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final SocketBell connection;
    private final UnixSocket socket;
    private final MemorySegment buffer;
    private final Runnable wake;
    private final EventFd mine;
    private final Poller.Registration registration;
    private volatile boolean rang;
    private volatile EventFd peers;

    /**
     * Takes a connected socket over and sends this side's eventfd.
     *
     * @param socket the socket; closed by this object, also if this throws
     * @param buffer private memory for bytes that are thrown away
     * @param wake called by the poller's thread when the peer rang
     */
    EventBell(UnixSocket socket, MemorySegment buffer, Runnable wake) throws OsException {
        this.socket = socket;
        this.buffer = buffer;
        this.wake = wake;
        connection = new SocketBell(socket, buffer, wake);
        EventFd made = null;
        try {
            made = EventFd.create();
            buffer.set(ValueLayout.JAVA_BYTE, 0, WAKE);
            socket.send(buffer, 0, 1, List.of(made.descriptor()));
            registration = Poller.register(made.fd(), this::onReadable);
        } catch (OsException e) {
            connection.close();
            if (made != null) {
                made.close();
            }
            throw e;
        }
        mine = made;
    }

    private void onReadable() {
        rang = true;
        wake.run();
    }

    @Override
    public boolean ready() throws IOException {
        if (peers != null) {
            return true;
        }
        List<Descriptor> received = new ArrayList<>();
        long read = socket.receive(buffer, 0, 1, received);
        if (read == 1 && received.size() == 1) {
            peers = adopt(received.getFirst());
            return true;
        }
        received.forEach(Descriptor::close);
        if (read == Descriptor.WOULD_BLOCK) {
            return false;
        }
        throw new BusException(BusException.Reason.PEER_FAULT, (read == 1
                ? "the peer sent " + received.size() + " descriptors instead of one eventfd"
                : "the peer went before it had sent its eventfd") + "; say wake=eventfd on both sides");
    }

    private static EventFd adopt(Descriptor descriptor) throws IOException {
        try {
            Path kind = Files.readSymbolicLink(Path.of("/proc/self/fd", Integer.toString(descriptor.number())));
            if (!kind.toString().equals("anon_inode:[eventfd]")) {
                throw new BusException(BusException.Reason.PEER_FAULT,
                        "the peer sent " + kind + " instead of an eventfd");
            }
            return EventFd.adopt(descriptor);
        } catch (IOException e) {
            descriptor.close();
            throw e;
        }
    }

    @Override
    public void ring() {
        VarHandle.fullFence();
        EventFd other = peers;
        if (other != null) {
            other.signal();
        }
    }

    @Override
    public boolean rang() {
        return rang || connection.rang();
    }

    @Override
    public boolean drain() {
        mine.drain();
        return connection.drain();
    }

    @Override
    public void rearm() {
        if (rang) {
            rang = false;
            registration.rearm();
        }
        if (connection.rang()) {
            connection.rearm();
        }
    }

    @Override
    public long recheckNanos() {
        return RECHECK_NANOS;
    }

    @Override
    public void close() {
        registration.close();
        mine.close();
        EventFd other = peers;
        if (other != null) {
            other.close();
        }
        connection.close();
    }
}
