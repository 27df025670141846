// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import vireo.bus.BusAttachment;
import vireo.bus.BusException;
import vireo.bus.BusInfo;
import vireo.bus.BusListener;
import vireo.bus.MessageBus;
import vireo.bus.SendResult;
import vireo.memory.GuestMemory;
import vireo.observe.CounterSet;
import vireo.os.Linux;

/**
 * One half of a point-to-point bus over two rings in shared memory. It owns the files, the mappings and the counters;
 * while a listener is attached an {@link AmpLink} owns the connection and the thread.
 *
 * <p>That a peer is gone is noticed by the end of the wake-up socket, by a ring index that moved as none may, by ring
 * memory that vanished, or by a PING without an answer. A peer that keeps the socket open and is configured
 * {@code ping=false} can fall silent without being noticed; so can one that puts its own indices back to where they are
 * legal. No connection is ever reported as resumed: nothing here tells a restarted driver from another one.
 */
final class AmpBus implements MessageBus, AutoCloseable {

    private static final int MAX_IN_FLIGHT = 64;

    private final AmpSettings settings;
    private final BusInfo info;
    private final CounterSet counters;
    private final SendGate gate;
    private final RingFiles rings;
    private final DriverMemory memory;
    private final AtomicLong epoch = new AtomicLong();
    private final Object lock = new Object();
    /** The next two are guarded by the lock. */
    private AmpLink current;
    private boolean closed;

    private AmpBus(AmpSettings settings) {
        this.settings = settings;
        this.info = new BusInfo(settings.name(), settings.role(), settings.profile(), 1, 0, SlotRing.SLOT_BYTES,
                MAX_IN_FLIGHT, BusInfo.TokenOwner.TRANSPORT, BusInfo.Signalling.IN_BAND, BusInfo.Signalling.IN_BAND,
                false, settings.maxDevices());
        this.counters = AmpCounters.create(settings);
        this.gate = new SendGate(counters);
        this.rings = new RingFiles(settings);
        this.memory = new DriverMemory(settings);
    }

    /**
     * Opens a bus. Files that the peer has still to make are waited for once a listener is attached; everything else
     * that is wrong is wrong now.
     *
     * @throws IOException naming the file, what is wrong, and the remedy
     * @throws UnsupportedOperationException on a platform that is not supported
     */
    static AmpBus open(AmpSettings settings) throws IOException {
        Linux.require();
        MeetingPoint.check(settings.wake());
        AmpBus bus = new AmpBus(settings);
        try {
            bus.ensureFiles();
            return bus;
        } catch (NotYetException later) {
            return bus;
        } catch (IOException | RuntimeException e) {
            bus.close();
            throw e;
        }
    }

    /**
     * Opens what is not open and opens again what was replaced.
     *
     * @return true if the rings are in other memory than before
     */
    boolean ensureFiles() throws IOException {
        if (settings.create()) {
            // Memory first: who finds the rings is to find it too.
            memory.ensure();
            return rings.ensure();
        }
        boolean changed = rings.ensure();
        try {
            memory.ensure();
        } catch (IOException | RuntimeException e) {
            rings.forget();
            throw e;
        }
        return changed;
    }

    @Override
    public BusInfo info() {
        return info;
    }

    @Override
    public GuestMemory memory() {
        return memory.guest();
    }

    @Override
    public BusAttachment attach(BusListener listener) {
        AmpLink link = new AmpLink(this, settings, Objects.requireNonNull(listener, "listener"));
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("bus " + this + " is closed");
            }
            if (current != null) {
                throw new IllegalStateException("bus " + this + " has a listener already; close its attachment first");
            }
            link.start();
            current = link;
        }
        return link;
    }

    /** Told by a link that it ends, so that another listener may come. */
    void detached(AmpLink link) {
        synchronized (lock) {
            if (current == link) {
                current = null;
            }
        }
    }

    @Override
    public SendResult trySend(MemorySegment base, long offset, long length) {
        return gate.trySend(base, offset, length);
    }

    CounterSet counters() {
        return counters;
    }

    SendGate gate() {
        return gate;
    }

    RingFiles rings() {
        return rings;
    }

    long nextEpoch() {
        return epoch.incrementAndGet();
    }

    /** Ends everything; a listener that is still attached is told. Idempotent, and legal from any callback. */
    @Override
    public void close() {
        AmpLink link;
        synchronized (lock) {
            closed = true;
            link = current;
        }
        if (link != null) {
            link.closeBecause(new BusException(BusException.Reason.CLOSED, "bus " + this + " was closed"));
        }
        rings.close();
        memory.close();
    }

    @Override
    public String toString() {
        return settings.name() + "/" + settings.roleKey();
    }
}
