// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A counter with a descriptor that is readable while it is not zero: the cheapest way to wake another process. Neither
 * {@link #signal()} nor {@link #drain()} waits or allocates; both are thread-safe and do nothing once closed.
 */
public final class EventFd implements AutoCloseable {

    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;
    private static final MemorySegment ONE = Arena.ofAuto().allocateFrom(JAVA_LONG, 1);

    private final Descriptor descriptor;
    private final Handle handle;

    private EventFd(Descriptor descriptor) {
        this.descriptor = descriptor;
        this.handle = descriptor.handle();
    }

    /**
     * Makes one with count 0.
     *
     * @return its owner
     * @throws OsException if the kernel refuses; EMFILE if the process has too many descriptors
     */
    public static EventFd create() throws OsException {
        Linux.require();
        long result = Frame.direct(SystemCall.EVENTFD2, 0, EFD_CLOEXEC | EFD_NONBLOCK, 0, 0);
        return new EventFd(Descriptor.of(result, "eventfd", "eventfd2(0)"));
    }

    /**
     * Uses one that came from a peer, which becomes non-blocking for both.
     *
     * @param descriptor the eventfd; belongs to the new object if this returns, and stays the caller's if it throws
     * @return its owner
     * @throws OsException if it cannot be made non-blocking
     */
    public static EventFd adopt(Descriptor descriptor) throws OsException {
        descriptor.setNonBlocking(true);
        return new EventFd(descriptor);
    }

    /** Adds one to the count; a count that is at its end is readable anyway. */
    public void signal() {
        int fd = handle.enter();
        if (fd >= 0) {
            transfer(SystemCall.WRITE, fd, ONE);
        }
    }

    /**
     * Sets the count back to zero.
     *
     * @return what it was; 0 if nobody signalled
     */
    public long drain() {
        int fd = handle.enter();
        return fd >= 0 ? transfer(SystemCall.READ, fd, null) : 0;
    }

    private long transfer(int number, int fd, MemorySegment value) {
        Frame frame = Frame.take();
        try {
            MemorySegment buffer = value == null ? frame.scratch : value;
            return frame.call(number, fd, buffer.address(), 8) == 8 ? buffer.get(JAVA_LONG, 0) : 0;
        } finally {
            frame.give();
            handle.exit();
        }
    }

    /**
     * Returns the number to wait on or to pass to a peer.
     *
     * @return the number, or −1 once closed
     */
    public int fd() {
        return descriptor.number();
    }

    /**
     * Returns the descriptor, to be sent to a peer.
     *
     * @return the descriptor, which this object closes
     */
    public Descriptor descriptor() {
        return descriptor;
    }

    /** Gives the descriptor back. Idempotent. */
    @Override
    public void close() {
        descriptor.close();
    }
}
