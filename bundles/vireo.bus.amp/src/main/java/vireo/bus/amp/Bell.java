// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;

/**
 * One connection to a peer, by which the two sides wake each other and notice each other's end. {@link #ring()} may be
 * called by any thread; everything else belongs to the bus's own thread.
 */
sealed interface Bell extends AutoCloseable permits SocketBell, EventBell {

    /** What each side writes to wake the other; its value has no meaning to the reader. */
    byte WAKE = (byte) 0xed;

    /**
     * Tells whether the peer can be rung; if not, {@link #rang()} will become true.
     *
     * @return false while the peer has still to say how
     * @throws IOException if the peer is gone, or said something that it may not
     */
    boolean ready() throws IOException;

    /** Wakes the peer. Never waits; a peer that is gone is noticed by {@link #drain()}. */
    void ring();

    /** Tells whether the peer rang, or went, since {@link #rearm()}. */
    boolean rang();

    /**
     * Takes all wake-ups that are there. The ring is to be looked at afterwards, never before: who queues a message
     * rings after it.
     *
     * @return false if the peer is gone
     */
    boolean drain();

    /** Waits for the next wake-up after {@link #rang()}; the thread is woken then. */
    void rearm();

    /** Returns how long a consumer may sleep before it looks at its ring although nobody rang. */
    long recheckNanos();

    /** Ends the connection, which the peer notices. Idempotent. */
    @Override
    void close();
}
