// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * One direction of one queue's notifications on a bus that carries them out of band. The sending side calls
 * {@link #signal()}; the receiving side waits on {@link #fd()}, or is told through
 * {@link BusListener#onKick} or {@link BusListener#onCall} where there is no descriptor.
 */
@ConsumerType
public interface QueueSignal extends AutoCloseable {

    /**
     * Returns the descriptor that becomes readable when the peer signalled.
     *
     * @return an open eventfd-like descriptor owned by this signal, or −1 if the bus calls its listener instead
     */
    int fd();

    /**
     * Makes {@link #fd()} unreadable again until the peer's next signal. Called by the waiting side, on one thread at a
     * time, before it looks at the queue. Non-blocking and allocation-free. Nothing to do without a descriptor.
     */
    default void drain() {
    }

    /** Notifies the peer. Non-blocking and allocation-free; legal from any thread; a lost peer makes it a no-op. */
    void signal();

    /** Gives the signal back. Idempotent. */
    @Override
    void close();
}
