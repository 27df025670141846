// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

import vireo.bus.BusException;
import vireo.bus.BusInfo.TokenOwner;

/**
 * Whether a link's peer is there. A peer that takes no message for the stall time counts as gone until it takes one
 * again; the bus knows nothing of that, so the link keeps trying.
 *
 * <p>The owner hears of changes in order and one at a time, although they come from the bus's dispatcher and from the
 * timer: whoever finds nobody at it tells the owner, the other only leaves word.
 */
final class PeerState {
    private static final long PROBE_NANOS = 250_000_000L;
    private static final int YIELDS = 10_000;

    /** Where the peer is. */
    private enum State {
        DOWN, UP, STALLED, CLOSED
    }

    private final Link link;
    private final Timers timers;
    private final long stallNanos;
    private final Prober prober;
    private final ReentrantLock lock = new ReentrantLock();
    private final ConcurrentLinkedQueue<Runnable> changes = new ConcurrentLinkedQueue<>();
    private final AtomicInteger telling = new AtomicInteger();
    private final AtomicBoolean stalling = new AtomicBoolean();
    private volatile Thread teller;
    private volatile State state = State.DOWN;
    private volatile long epoch;
    /** When the bus was full first, of an unbroken row of tries that all found it full; 0 if the last one did not. */
    private volatile long fullSince;

    PeerState(Link link, Timers timers, long stallNanos) {
        this.link = link;
        this.timers = timers;
        this.stallNanos = stallNanos;
        this.prober = new Prober(link, this::recovered);
    }

    boolean up() {
        return state == State.UP;
    }

    long epoch() {
        return epoch;
    }

    void took() {
        if (fullSince != 0) {
            fullSince = 0;
        }
    }

    void nothingWaits() {
        fullSince = 0;
    }

    void full() {
        long since = fullSince;
        long now = System.nanoTime();
        if (since == 0) {
            fullSince = now == 0 ? 1 : now;
        } else if (now - since > stallNanos && stalling.compareAndSet(false, true)) {
            // Not here: the sender may be anybody, in the middle of anything.
            timers.after(0, this::stalled);
        }
    }

    void connected(long peerEpoch, boolean resumed) {
        lock.lock();
        try {
            if (state == State.CLOSED) {
                return;
            }
            if (state == State.UP) {
                down(State.DOWN, new BusException(BusException.Reason.PEER_LOST, "bus " + link.info().name()
                        + ": another instance of the peer took the place of instance " + epoch));
            }
            up(peerEpoch, resumed);
        } finally {
            lock.unlock();
        }
        tell();
    }

    void disconnected(BusException cause) {
        lock.lock();
        try {
            if (state == State.UP) {
                down(State.DOWN, cause);
            } else if (state == State.STALLED) {
                state = State.DOWN;
            }
        } finally {
            lock.unlock();
        }
        tell();
    }

    private void stalled() {
        stalling.set(false);
        lock.lock();
        try {
            long since = fullSince;
            if (state != State.UP || since == 0 || System.nanoTime() - since <= stallNanos) {
                return;
            }
            link.linkCounters().increment(LinkCounters.STALLS);
            down(State.STALLED, new BusException(BusException.Reason.STALLED, "bus " + link.info().name()
                    + ": the peer took no message for " + stallNanos / 1_000_000 + " ms"));
        } finally {
            lock.unlock();
        }
        tell();
        timers.after(PROBE_NANOS, this::probe);
    }

    private void probe() {
        if (state == State.STALLED) {
            prober.probe();
            if (state == State.STALLED) {
                timers.after(PROBE_NANOS, this::probe);
            }
        }
    }

    private void recovered() {
        lock.lock();
        try {
            if (state == State.STALLED) {
                up(epoch, true);
            }
        } finally {
            lock.unlock();
        }
        tell();
    }

    /** The lock is held; it keeps the order of states and the order of words to the owner the same. */
    private void up(long peerEpoch, boolean resumed) {
        epoch = peerEpoch;
        fullSince = 0;
        link.correlator().up();
        state = State.UP;
        changes.add(() -> link.owner().connected(peerEpoch, resumed));
    }

    private void down(State next, BusException cause) {
        // In this order, so that a request that finds the peer gone finds the cause as well.
        link.correlator().down(cause);
        state = next;
        changes.add(() -> link.owner().disconnected(cause));
    }

    private void tell() {
        if (telling.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            teller = Thread.currentThread();
            for (Runnable change = changes.poll(); change != null; change = changes.poll()) {
                if (state != State.CLOSED) {
                    link.guarded(change);
                }
            }
            teller = null;
            missed = telling.addAndGet(-missed);
        } while (missed != 0);
    }

    /** Tells whether a message may be looked at: the owner must have heard first that the peer is there. */
    boolean admits() {
        if (state == State.STALLED && link.info().tokenOwner() == TokenOwner.TRANSPORT) {
            prober.probe();
        }
        for (int i = 0; telling.get() != 0 && teller != Thread.currentThread() && i < YIELDS; i++) {
            Thread.yield();
        }
        return state == State.UP;
    }

    /** Tells the owner nothing any more and waits for a word that is being said, unless it is this thread's. */
    void close() {
        lock.lock();
        try {
            state = State.CLOSED;
        } finally {
            lock.unlock();
        }
        while (telling.get() != 0 && teller != Thread.currentThread()) {
            Thread.onSpinWait();
        }
    }
}
