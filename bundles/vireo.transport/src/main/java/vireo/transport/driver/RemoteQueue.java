// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.QueueSignal;
import vireo.bus.SendResult;
import vireo.codec.queue.EventAvail;
import vireo.device.FeatureSet;
import vireo.driver.DriverQueue;
import vireo.observe.LogLimit;
import vireo.os.Poller;
import vireo.transport.core.Link;
import vireo.virtqueue.DriverRing;

/**
 * One queue that is set up: its ring and how either side brings the other's attention to it. A notification for which
 * the bus has no room is kept as one bit and sent later, never lost and never waited for.
 */
final class RemoteQueue implements DriverRing.Bell {
    private static final Logger LOG = LoggerFactory.getLogger(RemoteQueue.class);
    private static final int SPLIT_OFFSET = 0x7fff;
    private static final int SPLIT_WRAP = 0x8000;

    private final Link link;
    private final int device;
    private final int index;
    private final boolean tellsNext;
    private final DriverQueue.Waker waker;
    private final DmaPiece memory;
    private final DriverRing ring;
    private final QueueSignal kick;
    private final QueueSignal call;
    private final LogLimit limit = LogLimit.usual();
    private final AtomicBoolean pending = new AtomicBoolean();
    /** One message for whoever drives the queue and one for the flusher, so that neither waits for the other. */
    private final MemorySegment messages = Arena.ofAuto().allocate(2L * EventAvail.SIZE, Long.BYTES);
    private final EventAvail bellView = new EventAvail();
    private final EventAvail flushView = new EventAvail();
    private volatile Poller.Registration registration;
    private volatile Runnable onKick = () -> { };
    private volatile boolean live;
    private volatile boolean ended;
    private volatile int next;

    RemoteQueue(Link link, int device, int index, int size, FeatureSet features, DmaPiece memory,
            DriverQueue.Waker waker) {
        this.link = link;
        this.device = device;
        this.index = index;
        this.waker = waker;
        this.memory = memory;
        this.tellsNext = features.has(FeatureSet.NOTIFICATION_DATA);
        this.ring = new DriverRing(index, size, features, memory.address(), memory.segment(), this);
        this.kick = link.info().kicks() == Signalling.OUT_OF_BAND ? link.bus().kick(device, index) : null;
        this.call = link.info().calls() == Signalling.OUT_OF_BAND ? link.bus().call(device, index) : null;
    }

    DriverRing ring() {
        return ring;
    }

    /**
     * Waits for the device's notifications where they come by a descriptor.
     *
     * @throws IOException if the descriptor cannot be waited for
     */
    void listen() throws IOException {
        if (call != null && call.fd() >= 0) {
            Poller.Registration made = Poller.register(call.fd(), this::called);
            registration = made;
            // The first notification may have come before there was anything to rearm.
            made.rearm();
            if (ended) {
                made.close();
            }
        }
    }

    private void called() {
        call.drain();
        used();
        Poller.Registration waits = registration;
        if (waits != null) {
            waits.rearm();
        }
    }

    @Override
    public void ring(int queue, int position) {
        next = tellsNext ? position & SPLIT_OFFSET | (position & SPLIT_WRAP) << 16 : 0;
        if (ended) {
            return;
        }
        onKick.run();
        if (!live) {
            // No notification before DRIVER_OK (rule VQ-INI-07); there may have been a start in between.
            pending.set(true);
            if (live) {
                link.flushLater();
            }
            return;
        }
        if (!tell(bellView, 0)) {
            pending.set(true);
            link.flushLater();
        }
    }

    private boolean tell(EventAvail view, long at) {
        if (kick != null) {
            kick.signal();
            return true;
        }
        if (link.info().kicks() == Signalling.POLLED) {
            return true;
        }
        view.create(messages, at, device, index, next);
        return link.send(messages, at, EventAvail.SIZE) != SendResult.FULL;
    }

    /** DRIVER_OK is set: what the device was not told yet, it is told now. */
    void live() {
        live = true;
        if (pending.get()) {
            link.flushLater();
        }
    }

    /** Sends what is pending; by the flusher only. */
    boolean flush() {
        if (!live || ended || !pending.getAndSet(false)) {
            return true;
        }
        if (tell(flushView, EventAvail.SIZE)) {
            return true;
        }
        pending.set(true);
        return false;
    }

    /** The device notified, or may have: whoever drives the queue looks. */
    void used() {
        if (waker == null || ended) {
            return;
        }
        try {
            waker.used();
        } catch (RuntimeException | LinkageError failure) {
            long held = limit.permit();
            if (held >= 0) {
                LOG.warn("queue {} of device {} on bus {}: its driver failed to take a notification; {} more were not "
                        + "logged", index, device, link.info().name(), held, failure);
            }
        }
    }

    /** Has something done whenever the device may have got something to do. */
    void onKick(Runnable what) {
        onKick = what;
    }

    boolean isEnded() {
        return ended;
    }

    /** Nothing is submitted, kicked or woken any more; the memory stays, as the device may still use it. */
    void end(String why) {
        ended = true;
        ring.end(why);
        Poller.Registration waits = registration;
        if (waits != null) {
            waits.close();
        }
        if (kick != null) {
            kick.close();
        }
        if (call != null) {
            call.close();
        }
    }

    /** Gives the ring's memory back. */
    void free() {
        memory.close();
    }
}
