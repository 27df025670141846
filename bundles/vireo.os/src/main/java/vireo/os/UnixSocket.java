// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.List;

/**
 * A Unix stream socket, listening or connected. It never waits: use a {@link Poller} to learn when there is something to
 * accept or receive. Thread-safe, and closeable at any moment as a {@link Descriptor} is. Sending and receiving without
 * descriptors allocate nothing unless they fail.
 */
public final class UnixSocket implements AutoCloseable {

    /** Most descriptors that one message may carry; one with more is refused and all of them are closed. */
    public static final int MAX_DESCRIPTORS = MessageHeader.MAX_DESCRIPTORS;

    private static final int STREAM_NONBLOCK_CLOEXEC = 1 | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC;
    private static final int ACCEPT_FLAGS = OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC;
    private static final int SOL_SOCKET = 1;
    private static final int SO_PEERCRED = 17;

    private final Descriptor descriptor;
    private final Handle handle;
    private final SocketFile file;

    private UnixSocket(Descriptor descriptor, SocketFile file) {
        this.descriptor = descriptor;
        this.handle = descriptor.handle();
        this.file = file;
    }

    /**
     * Listens at a path that only this user may connect to (mode 0600).
     *
     * @param path where; at most 107 bytes
     * @return the listening socket
     * @throws OsException as {@link #listen(Path, int)}
     */
    public static UnixSocket listen(Path path) throws OsException {
        return listen(path, 0600);
    }

    /**
     * Listens at a path. A socket file that nobody listens at any more is replaced; processes that may start at the same
     * moment need a lock of their own around this. The file is removed when the socket is closed.
     *
     * @param path where; at most 107 bytes
     * @param mode permissions of the socket file; whoever may write to it may connect
     * @return the listening socket
     * @throws OsException if the kernel refuses; EADDRINUSE if somebody listens there, or the path is no socket
     */
    public static UnixSocket listen(Path path, int mode) throws OsException {
        Descriptor socket = open("listen " + path);
        try {
            return new UnixSocket(socket, SocketFile.listen(socket, path, mode));
        } catch (OsException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * Connects to a listening socket.
     *
     * @param path where it listens
     * @return the connected socket
     * @throws OsException if that fails: ENOENT or ECONNREFUSED if nobody listens, EAGAIN if too many wait to be
     *         accepted, EACCES
     */
    public static UnixSocket connect(Path path) throws OsException {
        Descriptor socket = open("connected to " + path);
        Frame frame = Frame.take();
        try {
            long length = SocketAddress.put(frame.scratch, path);
            long result = frame.call(SystemCall.CONNECT, socket.number(), frame.scratch.address(), length);
            if (result < 0) {
                throw new OsException((int) -result, "connect(" + path + ")");
            }
            return new UnixSocket(socket, null);
        } catch (OsException | RuntimeException e) {
            socket.close();
            throw e;
        } finally {
            frame.give();
        }
    }

    /**
     * Makes two sockets that are connected to each other.
     *
     * @return the two ends
     * @throws OsException if the kernel refuses
     */
    public static List<UnixSocket> pair() throws OsException {
        Linux.require();
        Frame frame = Frame.take();
        try {
            long result = frame.call(SystemCall.SOCKETPAIR, SocketAddress.AF_UNIX, STREAM_NONBLOCK_CLOEXEC, 0,
                    frame.scratch.address());
            if (result < 0) {
                throw new OsException((int) -result, "socketpair(AF_UNIX)");
            }
            return List.of(connected(frame.scratch.get(JAVA_INT, 0), "pair"),
                    connected(frame.scratch.get(JAVA_INT, 4), "pair"));
        } finally {
            frame.give();
        }
    }

    private static UnixSocket connected(int number, String name) {
        return new UnixSocket(new Descriptor(number, name), null);
    }

    static Descriptor open(String name) throws OsException {
        Linux.require();
        long result = Frame.direct(SystemCall.SOCKET, SocketAddress.AF_UNIX, STREAM_NONBLOCK_CLOEXEC, 0, 0);
        return Descriptor.of(result, name, "socket(AF_UNIX)");
    }

    /**
     * Takes one waiting connection.
     *
     * @return the connected socket, or null if none waits
     * @throws OsException if the call fails; EMFILE if the process has too many descriptors, EINVAL if this is not a
     *         listening socket
     */
    public UnixSocket accept() throws OsException {
        int fd = handle.enter();
        if (fd < 0) {
            throw handle.closed("accept4");
        }
        try {
            long result = Frame.direct(SystemCall.ACCEPT4, fd, 0, 0, ACCEPT_FLAGS);
            if (result == -Errno.EAGAIN) {
                return null;
            }
            if (result < 0) {
                throw handle.failure("accept4", "", result);
            }
            return connected((int) result, "accepted from " + handle.name());
        } finally {
            handle.exit();
        }
    }

    /**
     * Sends bytes.
     *
     * @param base native memory
     * @param offset byte offset in it
     * @param length number of bytes, 1 or more
     * @return bytes taken, perhaps fewer; {@link Descriptor#WOULD_BLOCK} if there is no room
     * @throws OsException if the call fails; EPIPE or ECONNRESET if the peer is gone
     */
    public long send(MemorySegment base, long offset, long length) throws OsException {
        return SocketTransfer.send(handle, base, offset, length, List.of());
    }

    /**
     * Sends bytes together with descriptors. If any byte was taken, so were all descriptors. The peer gets copies: the
     * caller's stay the caller's.
     *
     * @param base native memory
     * @param offset byte offset in it
     * @param length number of bytes, 1 or more
     * @param descriptors what to send, at most {@link #MAX_DESCRIPTORS}
     * @return bytes taken, perhaps fewer; {@link Descriptor#WOULD_BLOCK} if there is no room
     * @throws OsException if the call fails; EPIPE or ECONNRESET if the peer is gone, EBADF if one is closed
     */
    public long send(MemorySegment base, long offset, long length, List<Descriptor> descriptors) throws OsException {
        if (descriptors.size() > MAX_DESCRIPTORS) {
            throw new IllegalArgumentException(
                    descriptors.size() + " descriptors in one message; at most " + MAX_DESCRIPTORS + " are allowed");
        }
        return SocketTransfer.send(handle, base, offset, length, descriptors);
    }

    /**
     * Receives bytes. Descriptors that come along are closed.
     *
     * @param base native memory
     * @param offset byte offset in it
     * @param length number of bytes at most, 1 or more
     * @return bytes received; {@link Descriptor#EOF} if the peer is gone; {@link Descriptor#WOULD_BLOCK} if there are
     *         none
     * @throws OsException if the call fails; ECONNRESET if the peer went without taking what was sent
     */
    public long receive(MemorySegment base, long offset, long length) throws OsException {
        return SocketTransfer.receive(handle, base, offset, length, null);
    }

    /**
     * Receives bytes and descriptors.
     *
     * @param base native memory
     * @param offset byte offset in it
     * @param length number of bytes at most, 1 or more
     * @param received gets the descriptors that came, close-on-exec, which are the caller's from then on
     * @return as {@link #receive(MemorySegment, long, long)}
     * @throws OsException if the call fails; EMSGSIZE if the peer sent more than {@link #MAX_DESCRIPTORS} at once or this
     *         process has no room for them; then none is kept and the connection is of no use any more
     */
    public long receive(MemorySegment base, long offset, long length, List<Descriptor> received) throws OsException {
        return SocketTransfer.receive(handle, base, offset, length, received);
    }

    /**
     * Returns the user the peer acted as when it connected.
     *
     * @return effective user id
     * @throws OsException if the call fails
     */
    public int peerUser() throws OsException {
        return credential(4);
    }

    /**
     * Returns the peer's process.
     *
     * @return process id when it connected; 0 if it is in a process namespace that this one cannot see
     * @throws OsException if the call fails
     */
    public int peerProcess() throws OsException {
        return credential(0);
    }

    /** {@code struct ucred}: process, user, group. */
    private int credential(long offset) throws OsException {
        int fd = handle.enter();
        if (fd < 0) {
            throw handle.closed("getsockopt");
        }
        Frame frame = Frame.take();
        try {
            MemorySegment scratch = frame.scratch;
            scratch.set(JAVA_INT, 16, 12);
            long result = frame.call(SystemCall.GETSOCKOPT, fd, SOL_SOCKET, SO_PEERCRED, scratch.address(),
                    scratch.address() + 16, 0);
            if (result < 0) {
                throw handle.failure("getsockopt", ", SO_PEERCRED", result);
            }
            return scratch.get(JAVA_INT, offset);
        } finally {
            frame.give();
            handle.exit();
        }
    }

    /**
     * Returns the number to register with a {@link Poller}.
     *
     * @return the number, or −1 once closed
     */
    public int fd() {
        return descriptor.number();
    }

    /**
     * Tells whether the socket has not been closed yet.
     *
     * @return true until {@link #close()}
     */
    public boolean isOpen() {
        return descriptor.isOpen();
    }

    /** Closes the socket and, if it listens, removes its file. Idempotent. */
    @Override
    public void close() {
        if (file != null) {
            file.remove();
        }
        descriptor.close();
    }

    @Override
    public String toString() {
        return handle.toString();
    }
}
