// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import vireo.bus.SendResult;
import vireo.observe.CounterSet;

/**
 * Lets many threads use a ring's one producing end. A sender holds the gate for the copy of one message; one that finds
 * it held tries for a bounded moment and then reports a full ring, so nobody ever waits for a thread that lost its
 * processor.
 */
final class SendGate {

    /** Some tens of microseconds, hundreds of times what a holder needs. */
    private static final int TRIES = 1000;

    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SendGate.class, "held", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final CounterSet counters;
    @SuppressWarnings("unused")
    private boolean held;
    /** The next three are touched by whoever holds the gate. */
    private AmpLink owner;
    private SlotProducer producer;
    private Bell bell;

    SendGate(CounterSet counters) {
        this.counters = counters;
    }

    /**
     * Lets messages through from now on.
     *
     * @param newOwner told when a sender finds that the peer broke the ring
     * @param newProducer where messages go
     * @param newBell how the peer is woken
     */
    void open(AmpLink newOwner, SlotProducer newProducer, Bell newBell) {
        enterSurely();
        owner = newOwner;
        producer = newProducer;
        bell = newBell;
        leave();
    }

    /** Lets nothing through any more, unless somebody else opened the gate meanwhile. */
    void close(AmpLink oldOwner) {
        enterSurely();
        if (owner == oldOwner) {
            owner = null;
            producer = null;
            bell = null;
        }
        leave();
    }

    /** Sends one message and wakes the peer; see {@link vireo.bus.MessageBus#trySend}. */
    SendResult trySend(MemorySegment base, long offset, long length) {
        if (!enter(TRIES)) {
            counters.increment(AmpCounters.CONTENDED);
            return SendResult.FULL;
        }
        int outcome = SlotRing.BROKEN;
        Bell peer = null;
        AmpLink link = null;
        try {
            peer = bell;
            link = owner;
            if (link != null) {
                outcome = producer.put(base, offset, length);
            }
        } catch (InternalError fault) {
            // The ring's file got shorter under the mapping; the bus's own thread will find the same.
            outcome = SlotRing.BROKEN;
        } finally {
            leave();
        }
        return link == null ? SendResult.CLOSED : finish(outcome, peer, link);
    }

    private SendResult finish(int outcome, Bell peer, AmpLink link) {
        if (outcome == SlotRing.DONE) {
            peer.ring();
            counters.increment(AmpCounters.SENT);
            return SendResult.SENT;
        }
        if (outcome == SlotRing.NONE) {
            counters.increment(AmpCounters.FULL);
            return SendResult.FULL;
        }
        link.onRingBroken();
        return SendResult.CLOSED;
    }

    /** Looks, unless somebody sends, whether the peer moved its index as it may; see {@link SlotProducer#check()}. */
    int check() {
        if (!enter(1)) {
            return SlotRing.DONE;
        }
        try {
            return producer == null ? SlotRing.DONE : producer.check();
        } finally {
            leave();
        }
    }

    private boolean enter(int tries) {
        for (int i = 0; i < tries; i++) {
            if (!(boolean) HELD.getOpaque(this) && (boolean) HELD.compareAndSet(this, false, true)) {
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private void enterSurely() {
        while (!enter(TRIES)) {
            Thread.yield();
        }
    }

    private void leave() {
        HELD.setRelease(this, false);
    }
}
