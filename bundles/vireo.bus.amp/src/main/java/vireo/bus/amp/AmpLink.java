// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.BusAttachment;
import vireo.bus.BusException;
import vireo.bus.BusException.Reason;
import vireo.bus.BusInfo;
import vireo.bus.BusListener;
import vireo.bus.SendResult;
import vireo.observe.LogLimit;
import vireo.os.duty.Duty;
import vireo.os.duty.DutyThread;

/**
 * A bus with a listener attached, and the one thread that serves it: it meets the peer, takes messages out of the ring,
 * watches for the peer's end, and starts over. Everything here that is not said to be otherwise happens on that thread.
 *
 * <p>The connection lives only while a listener is there, so that a peer which asks whether this side is alive hears
 * the truth.
 */
final class AmpLink implements Duty, BusAttachment {

    private static final Logger LOG = LoggerFactory.getLogger(AmpLink.class);

    /**
     * Messages handed up before timers and the peer's bell are looked at again; below what a socket holds in wake-ups.
     */
    private static final int BATCH = 128;
    /** A connection that lasted this long was a good one, and the next attempt need not wait. */
    private static final long GOOD_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long STARTING_NANOS = 100_000;
    /** When not even refusing works, as without a free descriptor. */
    private static final long REFUSAL_RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final AmpBus bus;
    private final AmpSettings settings;
    private final BusListener listener;
    private final Approach approach;
    private final KeepAlive keepAlive;
    private final MemorySegment message = Arena.ofAuto().allocate(SlotRing.SLOT_BYTES, SlotRing.SLOT_BYTES);
    private final LogLimit limit = LogLimit.usual();
    private final LogLimit connectLimit = LogLimit.usual();

    private volatile DutyThread duty;
    private volatile boolean closing;
    private volatile BusException farewell;
    private volatile boolean ringBroken;

    /** The connection, or null while there is none; the rest is about it. */
    private Bell bell;
    private SlotProducer producer;
    private SlotConsumer consumer;
    private long upSince;
    private int sinceDrain;
    private int countedFaults;

    AmpLink(AmpBus bus, AmpSettings settings, BusListener listener) {
        this.bus = bus;
        this.settings = settings;
        this.listener = listener;
        this.approach = new Approach(bus, settings, this::wake);
        this.keepAlive = new KeepAlive(settings.ping());
    }

    void start() {
        duty = DutyThread.start("vireo-amp-" + settings.name(), this, settings.pollNanos(), this::onFailure);
        duty.wake();
    }

    /** Legal on any thread. */
    private void wake() {
        DutyThread thread = duty;
        if (thread != null) {
            thread.wake();
        }
    }

    /** Told by a sender, on its thread, that the peer broke the ring it consumes from. */
    void onRingBroken() {
        ringBroken = true;
        wake();
    }

    @Override
    public int work() {
        if (bell == null) {
            return 0;
        }
        try {
            return receive();
        } catch (InternalError fault) {
            memoryFailed(fault);
            return 0;
        }
    }

    private int receive() {
        int count = takeMessages(BATCH);
        if (consumer.peer().broken()) {
            down(fault(consumer.peer(), "head"));
        } else if (sinceDrain >= BATCH) {
            // A peer that blocks on a full socket would wait for this side to become idle.
            sinceDrain = 0;
            listenToBell();
        }
        return count;
    }

    private int takeMessages(int most) {
        int count = 0;
        while (count < most && !closing && consumer.take(message, 0) == SlotRing.DONE) {
            count++;
            if (!KeepAlive.isOurs(message, 0)) {
                deliver();
            }
        }
        if (count > 0) {
            bus.counters().add(AmpCounters.RECEIVED, count);
            keepAlive.heard();
            sinceDrain += count;
        }
        return count;
    }

    private void deliver() {
        try {
            listener.onMessage(message, 0, SlotRing.SLOT_BYTES);
        } catch (Throwable failure) {
            callbackFailed("onMessage", failure);
        }
    }

    /** Everything but messages; asked when there are none, before the thread sleeps. */
    @Override
    public long sleepNanos() {
        if (duty == null) {
            return STARTING_NANOS;
        }
        try {
            long now = System.nanoTime();
            return closing ? 0 : bell != null ? settle(now) : connect(now);
        } catch (InternalError fault) {
            memoryFailed(fault);
            return 0;
        }
    }

    private long connect(long now) {
        Bell met = approach.attempt(now);
        if (met == null) {
            return approach.waitNanos(now);
        }
        up(now, met);
        return 0;
    }

    private void up(long now, Bell met) {
        bell = met;
        producer = approach.producer();
        consumer = approach.consumer();
        upSince = now;
        sinceDrain = 0;
        countedFaults = 0;
        ringBroken = false;
        keepAlive.start(now);
        bus.counters().increment(AmpCounters.CONNECTED);
        bus.gate().open(this, producer, bell);
        long epoch = bus.nextEpoch();
        if (connectLimit.permit() >= 0) {
            LOG.info("bus {} is connected: peer epoch {}", bus, epoch);
        }
        try {
            listener.connected(epoch, false);
        } catch (Throwable failure) {
            callbackFailed("connected", failure);
        }
        // What was queued before the peer listened to this bell would else wait for the next message.
        bell.ring();
    }

    private long settle(long now) {
        noteFaults();
        if (ringBroken) {
            down(fault(producer.peer(), "tail"));
            return 0;
        }
        if (bell.rang()) {
            if (listenToBell()) {
                bell.rearm();
            }
            return 0;
        }
        if (approach.meeting().knocked()) {
            return turnAway();
        }
        if (consumer.check() == SlotRing.BROKEN) {
            down(fault(consumer.peer(), "head"));
            return 0;
        }
        if (bus.gate().check() == SlotRing.BROKEN) {
            down(fault(producer.peer(), "tail"));
            return 0;
        }
        return consumer.isEmpty() ? keepAlive(now) : 0;
    }

    /**
     * Takes wake-ups; false if there is no connection any more. The ring must be looked at before the thread sleeps
     * again, since what these wake-ups announced may have come after the last look.
     */
    private boolean listenToBell() {
        if (bell.drain()) {
            return true;
        }
        if (settings.role() == BusInfo.Role.DRIVER) {
            // Answers that it gave before it went; what a driver asked before it went stays for the device's next one.
            takeMessages(settings.rings().slots());
        }
        down(new BusException(Reason.PEER_LOST, "the peer of bus " + bus + " closed its connection or died"));
        return false;
    }

    /** Refuses further peers while the first is there, which is asked first; returns when to look again. */
    private long turnAway() {
        if (!listenToBell()) {
            return 0;
        }
        try {
            long held = approach.meeting().turnAway(bus.counters()) ? limit.permit() : -1;
            if (held >= 0) {
                LOG.warn("bus {} refused a second peer: it is point-to-point ({} lines held back)", bus, held);
            }
            return 0;
        } catch (IOException e) {
            onFailure(e);
            return REFUSAL_RETRY_NANOS;
        }
    }

    private long keepAlive(long now) {
        switch (keepAlive.next(now)) {
            case PING -> {
                boolean sent = bus.trySend(keepAlive.ping(now), 0, KeepAlive.BYTES) == SendResult.SENT;
                keepAlive.sent(sent, now);
                bus.counters().add(AmpCounters.PINGS, sent ? 1 : 0);
            }
            case LOST -> {
                bus.counters().increment(AmpCounters.PINGS_LOST);
                down(new BusException(Reason.PEER_LOST, "the peer of bus " + bus + " did not answer a PING within 2 s; "
                        + "if it never does, say ping=false"));
                return 0;
            }
            case WAIT -> { }
        }
        return Math.min(keepAlive.waitNanos(now), bell.recheckNanos());
    }

    private BusException fault(PeerIndex index, String name) {
        return new BusException(Reason.PEER_FAULT, "the peer of bus " + bus + " set " + name + "=" + index.wrong()
                + " in a ring of " + settings.rings().slots() + " slots, where that cannot be");
    }

    private void memoryFailed(InternalError fault) {
        BusException cause = new BusException(Reason.PEER_FAULT, "the ring memory of bus " + bus
                + " failed, because somebody made its file shorter; remove the file while neither side runs", fault);
        if (bell != null) {
            down(cause);
        } else {
            approach.failed(System.nanoTime(), cause);
        }
        approach.forgetRings();
    }

    private void down(BusException cause) {
        noteFaults();
        bus.gate().close(this);
        bell.close();
        bell = null;
        bus.counters().increment(AmpCounters.DISCONNECTED);
        long now = System.nanoTime();
        approach.startOver(now, now - upSince >= GOOD_NANOS);
        if (limit.permit() >= 0) {
            LOG.warn("bus {} lost its peer: {}", bus, cause.getMessage());
        }
        tellDisconnected(cause);
    }

    private void tellDisconnected(BusException cause) {
        try {
            listener.disconnected(cause);
        } catch (Throwable failure) {
            callbackFailed("disconnected", failure);
        }
    }

    private void noteFaults() {
        int faults = consumer.peer().faults() + producer.peer().faults();
        if (faults > countedFaults) {
            bus.counters().add(AmpCounters.INDEX_FAULTS, faults - countedFaults);
            countedFaults = faults;
        }
    }

    private void callbackFailed(String callback, Throwable failure) {
        bus.counters().increment(AmpCounters.CALLBACK_FAILURES);
        if (limit.permit() >= 0) {
            LOG.error("bus {}: the listener's {} failed", bus, callback, failure);
        }
    }

    private void onFailure(Throwable failure) {
        if (limit.permit() >= 0) {
            LOG.error("bus {}: unexpected failure", bus, failure);
        }
    }

    /** Legal on any thread and idempotent; on others than the bus's own no callback runs after it returned. */
    @Override
    public void close() {
        closing = true;
        bus.detached(this);
        bus.gate().close(this);
        duty.close();
    }

    /** Closes, and tells the listener that it was not it that wanted this. */
    void closeBecause(BusException cause) {
        farewell = cause;
        close();
    }

    @Override
    public void ended() {
        bus.gate().close(this);
        approach.close();
        if (bell == null) {
            return;
        }
        bell.close();
        bell = null;
        if (farewell != null) {
            tellDisconnected(farewell);
        }
    }
}
