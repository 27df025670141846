// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import vireo.os.Descriptor;
import vireo.os.OsException;
import vireo.os.Poller;
import vireo.os.UnixSocket;

/**
 * Wakes by a byte on the socket. When the socket is full of bytes that the peer did not take yet, one more would tell
 * it nothing, so failing to send it loses nothing.
 */
final class SocketBell implements Bell {

    private static final int DRAIN_BYTES = 4096;
    /** A peer that writes as fast as this side reads is not allowed to keep it here. */
    private static final int DRAIN_ROUNDS = 16;

    private static final MemorySegment ONE = wakeByte();

    private final UnixSocket socket;
    private final MemorySegment buffer;
    private final Runnable wake;
    private final Poller.Registration registration;
    private volatile boolean rang;

    /**
     * Takes a connected socket over.
     *
     * @param socket the socket; closed by this object, also if this throws
     * @param buffer private memory for bytes that are thrown away
     * @param wake called by the poller's thread when the peer rang
     */
    SocketBell(UnixSocket socket, MemorySegment buffer, Runnable wake) throws OsException {
        this.socket = socket;
        this.buffer = buffer;
        this.wake = wake;
        try {
            registration = Poller.register(socket.fd(), this::onReadable);
        } catch (OsException e) {
            socket.close();
            throw e;
        }
    }

    /** Makes memory of the size that {@link #SocketBell} wants. */
    static MemorySegment buffer() {
        return Arena.ofAuto().allocate(DRAIN_BYTES, Long.BYTES);
    }

    private static MemorySegment wakeByte() {
        MemorySegment one = Arena.ofAuto().allocate(1);
        one.set(ValueLayout.JAVA_BYTE, 0, WAKE);
        return one;
    }

    private void onReadable() {
        rang = true;
        wake.run();
    }

    @Override
    public boolean ready() {
        return true;
    }

    @Override
    public void ring() {
        // The message must be visible before the socket is looked at, whichever way the kernel looks.
        VarHandle.fullFence();
        try {
            socket.send(ONE, 0, 1);
        } catch (OsException gone) {
            // The socket's end says the same, on the thread that deals with it.
        }
    }

    @Override
    public boolean rang() {
        return rang;
    }

    @Override
    public boolean drain() {
        try {
            for (int i = 0; i < DRAIN_ROUNDS; i++) {
                long read = socket.receive(buffer, 0, DRAIN_BYTES);
                if (read == Descriptor.EOF) {
                    return false;
                }
                if (read == Descriptor.WOULD_BLOCK) {
                    return true;
                }
                // Only asking once more tells whether the end comes right behind these bytes.
            }
            return true;
        } catch (OsException gone) {
            return false;
        }
    }

    @Override
    public void rearm() {
        rang = false;
        registration.rearm();
    }

    @Override
    public long recheckNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public void close() {
        // The poller holds a copy of the number: the peer sees the end when both are closed.
        registration.close();
        socket.close();
    }
}
