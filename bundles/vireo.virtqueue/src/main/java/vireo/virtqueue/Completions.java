// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import vireo.device.FeatureSet;

/**
 * The used ring of one queue and everything else that completions change, from whatever thread they come, behind one
 * {@link SpinLock}. Events are told after the lock.
 *
 * <p>The order of a completion is: data (by the device, before it completes), used element, used index with release,
 * full fence, the driver's wish to be notified. Completions on the thread that serves the queue leave the last two to
 * {@link #flush}, once for all.
 */
final class Completions {

    // Entries placed without a look at the driver's wish, at most: needEvent can tell 65535 apart.
    private static final int MAX_UNCHECKED = 0x8000;

    private static final VarHandle TAKEN;

    static {
        try {
            TAKEN = MethodHandles.lookup().findVarHandle(Completions.class, "taken", long.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final int queue;
    private final int slotMask;
    private final boolean eventIndex;
    private final QueueEvents events;
    private final ServiceGate gate;
    private final SpinLock lock = new SpinLock();
    private final ElementTables tables;

    private RingMemory rings;
    private boolean serving = true;
    private boolean starved;
    private int used;
    private int checked;
    private long completed;
    private boolean drainedTold;

    private volatile boolean stopped;

    // Written by the serving thread only.
    private long taken;

    Completions(QueueSpec spec, RingMemory rings, QueueEvents events, ServiceGate gate, int used) {
        queue = spec.index();
        slotMask = spec.size() - 1;
        eventIndex = spec.features().has(FeatureSet.EVENT_IDX);
        this.rings = rings;
        this.events = events;
        this.gate = gate;
        this.used = used;
        checked = used;
        tables = new ElementTables(ChainReader.limit(spec.size()), spec.size());
    }

    /** Returns how many chains were taken, those that an earlier engine left included. */
    long taken() {
        return (long) TAKEN.getOpaque(this);
    }

    void taken(long count) {
        TAKEN.setOpaque(this, count);
    }

    int used() {
        lock.lock();
        int now = used;
        lock.unlock();
        return now;
    }

    int inFlight() {
        lock.lock();
        long now = taken() - completed;
        lock.unlock();
        return (int) now;
    }

    /** Gives a chain back to the driver; from any thread. */
    void complete(SplitChain chain, int length) {
        boolean later = gate.mine();
        boolean open = false;
        boolean published = false;
        boolean notify = false;
        boolean release = false;
        boolean wake = false;
        boolean drained = false;
        RingMemory memory = null;
        lock.lock();
        try {
            open = chain.state() == SplitChain.OPEN;
            if (open) {
                memory = chain.memory();
                release = memory.chainDone();
                wake = takeTableBack(chain);
                completed++;
                // From here on a driver that lies may have the chain filled anew by the serving thread.
                chain.state(SplitChain.FREE);
                published = serving;
                if (published) {
                    publish(chain.head(), length);
                    notify = (!later || unchecked() >= MAX_UNCHECKED) && notificationDue();
                }
                drained = drainedNow();
            }
        } finally {
            lock.unlock();
            if (release) {
                memory.release();
            }
        }
        tell(!published, notify, wake, drained);
    }

    private void tell(boolean dropped, boolean notify, boolean wake, boolean drained) {
        if (notify) {
            events.notifyDriver(queue);
        }
        if (dropped) {
            events.dropped(queue);
        }
        if (wake) {
            events.wake(queue);
        }
        if (drained) {
            events.drained(queue);
        }
    }

    private void publish(int head, int length) {
        rings.usedElement(used & slotMask, head, length);
        used = used + 1 & SplitLayout.INDEX_MASK;
        rings.usedIndexRelease(used);
    }

    private int unchecked() {
        return used - checked & SplitLayout.INDEX_MASK;
    }

    private boolean notificationDue() {
        int placed = used;
        int before = checked;
        if (placed == before) {
            return false;
        }
        checked = placed;
        SplitLayout.storeThenLoad();
        return eventIndex ? SplitLayout.needEvent(rings.usedEvent(), placed, before)
                : (rings.availFlags() & SplitLayout.NO_NOTIFICATION) == 0;
    }

    /** Notifies the driver of what the serving thread completed, if the driver wants that. */
    void flush() {
        lock.lock();
        boolean notify;
        try {
            notify = serving && notificationDue();
        } finally {
            lock.unlock();
        }
        if (notify) {
            events.notifyDriver(queue);
        }
    }

    /** Gives a chain room for the longest legal one; false if it has to wait for a completion. */
    boolean lendTable(SplitChain chain) {
        lock.lock();
        try {
            long[] table = tables.take();
            if (table != null) {
                chain.moveTo(table);
            }
            starved = table == null;
            return table != null;
        } finally {
            lock.unlock();
        }
    }

    // True if a chain waits for the table.
    private boolean takeTableBack(SplitChain chain) {
        if (chain.usesOwnElements()) {
            return false;
        }
        tables.giveBack(chain.leaveTable());
        boolean wake = starved;
        starved = false;
        return wake;
    }

    /** Tells whether the next chain waits for room that only a completion can make. */
    boolean starved() {
        lock.lock();
        boolean now = starved;
        lock.unlock();
        return now;
    }

    /** Goes on in another generation of driver memory; by the serving thread. */
    void moveTo(RingMemory next) {
        lock.lock();
        RingMemory last = rings;
        rings = next;
        boolean release = last.retire();
        lock.unlock();
        if (release) {
            last.release();
        }
    }

    /** Ends every use of the rings, with nobody taking chains. Idempotent. */
    void shut() {
        lock.lock();
        serving = false;
        RingMemory last = rings;
        boolean release = last.retire();
        lock.unlock();
        if (release) {
            last.release();
        }
    }

    boolean stopped() {
        return stopped;
    }

    void stop() {
        stopped = true;
        settle();
    }

    void resume() {
        lock.lock();
        drainedTold = false;
        lock.unlock();
        stopped = false;
    }

    /** Looks whether a stopped queue is drained, after the serving thread left. */
    void settle() {
        lock.lock();
        boolean drained = drainedNow();
        lock.unlock();
        if (drained) {
            events.drained(queue);
        }
    }

    // A thread that serves may be about to count a chain; it settles this itself when it leaves.
    private boolean drainedNow() {
        boolean now = stopped && !drainedTold && !gate.busy() && completed == taken();
        drainedTold |= now;
        return now;
    }

    /** Puts a new chain in the place of one of an earlier session; nobody serves. */
    void supersede(SplitChain old, SplitChain fresh, boolean keep) {
        boolean release = false;
        lock.lock();
        int state = old.state();
        if (state == SplitChain.OPEN) {
            old.state(SplitChain.STALE);
            release = old.memory().chainDone();
            if (!old.usesOwnElements()) {
                tables.forget();
                starved = false;
            }
        }
        if (state == SplitChain.OPEN || state == SplitChain.WAITING) {
            if (keep) {
                fresh.waiting(old.sequence());
            } else {
                completed++;
            }
        }
        lock.unlock();
        if (release) {
            old.memory().release();
        }
    }
}
