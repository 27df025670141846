// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.BusException;
import vireo.bus.BusException.Reason;
import vireo.bus.BusInfo;
import vireo.os.UnixSocket;

/**
 * The way to a connection: the files, this side's ends of the rings, the socket, and what has to be exchanged over it.
 * Whatever is missing or wrong is tried again, ever less often. Belongs to the bus's own thread.
 */
final class Approach implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Approach.class);

    private static final long SHORTEST_RETRY = TimeUnit.MILLISECONDS.toNanos(10);
    private static final long LONGEST_RETRY = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long HELLO_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final AmpBus bus;
    private final AmpSettings settings;
    private final Runnable wake;
    private final MeetingPoint meeting;
    private final MemorySegment bellBuffer = SocketBell.buffer();

    private SlotProducer producer;
    private SlotConsumer consumer;
    private Bell bell;
    /** When to try next, or while there is a bell, until when the peer has time to make it ready. */
    private long due = System.nanoTime();
    private long retryNanos = SHORTEST_RETRY;
    private boolean waiting;
    private String trouble;

    Approach(AmpBus bus, AmpSettings settings, Runnable wake) {
        this.bus = bus;
        this.settings = settings;
        this.wake = wake;
        this.meeting = new MeetingPoint(settings.wake(), wake);
    }

    /**
     * Goes as far as it can now.
     *
     * @return the connection, or null if that takes longer: see {@link #waitNanos}
     */
    Bell attempt(long now) {
        waiting = false;
        if (bell == null && now - due < 0) {
            return null;
        }
        try {
            if (bell == null && !meet(now)) {
                waiting = bell == null;
                return null;
            }
            return hello(now);
        } catch (IOException | RuntimeException e) {
            failed(now, e);
            return null;
        }
    }

    private boolean meet(long now) throws IOException {
        boolean changed = bus.ensureFiles();
        if (changed || consumer == null || !settings.wake().listen()) {
            // Before the peer can know of the connection: whatever it sends after that is meant.
            makeEnds();
        }
        UnixSocket socket = meeting.meet();
        if (socket == null) {
            trouble = null;
            return false;
        }
        due = now + HELLO_NANOS;
        bell = settings.wake().kind() == AmpSettings.WakeKind.EVENTFD ? new EventBell(socket, bellBuffer, wake)
                : new SocketBell(socket, bellBuffer, wake);
        return true;
    }

    private void makeEnds() {
        producer = bus.rings().producer();
        consumer = bus.rings().consumer();
        if (settings.role() == BusInfo.Role.DRIVER) {
            bus.counters().add(AmpCounters.DISCARDED, consumer.discard());
        }
    }

    private Bell hello(long now) throws IOException {
        if (bell.ready()) {
            Bell ready = bell;
            bell = null;
            trouble = null;
            return ready;
        }
        if (bell.rang()) {
            bell.rearm();
        }
        if (now - due >= 0) {
            throw new BusException(Reason.PEER_FAULT,
                    "the peer connected and sent no eventfd within 2 s; say wake=eventfd on both sides");
        }
        return null;
    }

    /** Returns how long there is nothing to do unless the thread is woken. */
    long waitNanos(long now) {
        return waiting ? Long.MAX_VALUE : Math.max(0, due - now);
    }

    /** Notes why an attempt failed, and puts the next one off. */
    void failed(long now, Exception e) {
        String text = e.getMessage() == null ? e.toString() : e.getMessage();
        if (!text.equals(trouble)) {
            trouble = text;
            if (e instanceof NotYetException) {
                LOG.info("bus {} waits for its peer: {}", bus, text);
            } else {
                LOG.warn("bus {} cannot connect and tries again: {}", bus, text);
            }
        }
        dropBell();
        putOff(now);
    }

    /**
     * Starts over after a connection ended.
     *
     * @param good whether it had been a good one; else the next must wait longer than this one did
     */
    void startOver(long now, boolean good) {
        consumer = null;
        retryNanos = good ? SHORTEST_RETRY : retryNanos;
        putOff(now);
    }

    private void putOff(long now) {
        waiting = false;
        due = now + retryNanos;
        retryNanos = Math.min(retryNanos * 2, LONGEST_RETRY);
    }

    /** Gives up ring memory that failed. */
    void forgetRings() {
        bus.rings().forget();
        consumer = null;
    }

    SlotProducer producer() {
        return producer;
    }

    SlotConsumer consumer() {
        return consumer;
    }

    MeetingPoint meeting() {
        return meeting;
    }

    private void dropBell() {
        if (bell != null) {
            bell.close();
            bell = null;
        }
    }

    @Override
    public void close() {
        meeting.close();
        dropBell();
    }
}
