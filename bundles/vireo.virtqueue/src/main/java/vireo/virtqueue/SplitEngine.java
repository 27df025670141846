// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import vireo.device.Chain;
import vireo.device.ChainHandler;
import vireo.device.QueueBrokenException;
import vireo.memory.GuestMemory;

/**
 * Serves split rings in mapped memory: who may take when. How chains are taken is in {@link SplitTaker}, how they are
 * given back in {@link Completions}.
 */
final class SplitEngine implements QueueEngine {

    private final QueueSpec spec;
    private final QueueEvents events;
    private final ServiceGate gate = new ServiceGate();
    private final Completions completions;
    private final SplitTaker taker;

    private volatile ChainHandler handler;
    // Belongs to the thread inside the gate.
    private long epoch;

    /**
     * Makes an engine over rings that were found in driver memory.
     *
     * @param heads checked: in range, no head twice, at most as many as the queue has
     */
    SplitEngine(QueueSpec spec, GuestMemory memory, RingMemory rings, QueueEvents events, int position, int used,
            int[] heads, long epoch) {
        this.spec = spec;
        this.events = events;
        this.epoch = epoch;
        completions = new Completions(spec, rings, events, gate, used);
        taker = new SplitTaker(spec, memory, rings, events, completions, position, heads);
    }

    @Override
    public int index() {
        return spec.index();
    }

    @Override
    public int size() {
        return spec.size();
    }

    @Override
    public void handler(ChainHandler next) {
        handler = next;
        if (next != null) {
            wake();
        }
    }

    @Override
    public void wake() {
        events.wake(spec.index());
    }

    @Override
    public Chain take() {
        if (gate.mine()) {
            return taker.next();
        }
        if (!enter()) {
            taker.throwIfBroken();
            return null;
        }
        try {
            return taker.next();
        } finally {
            leave();
        }
    }

    @Override
    public int serve(int budget) {
        if (handler == null || taker.broken() != null) {
            moveIfIdle();
            return 0;
        }
        if (!enter()) {
            return 0;
        }
        int handled = 0;
        try {
            while (handled < budget && handNext()) {
                handled++;
            }
        } catch (QueueBrokenException told) {
            return handled;
        } finally {
            flushAndLeave();
        }
        return handled;
    }

    private boolean handNext() {
        ChainHandler to = handler;
        if (to == null) {
            return false;
        }
        SplitChain chain = taker.next();
        if (chain == null) {
            return false;
        }
        try {
            to.handle(chain);
        } catch (InternalError memoryGone) {
            throw memoryGone;
        } catch (Throwable thrown) {
            failed(chain, thrown);
        }
        return true;
    }

    private void failed(SplitChain chain, Throwable thrown) {
        if (chain.state() == SplitChain.OPEN) {
            chain.complete(0);
        }
        if (thrown != taker.broken()) {
            events.handlerFailed(spec.index(), thrown);
        }
    }

    private void flushAndLeave() {
        try {
            completions.flush();
        } finally {
            leave();
        }
    }

    // A queue that nobody serves now still lets go of memory that the driver took away.
    private void moveIfIdle() {
        if (taker.broken() == null && taker.outdated() && gate.tryEnterBriefly()) {
            try {
                taker.current();
            } catch (QueueBrokenException told) {
                return;
            } finally {
                leave();
            }
        }
    }

    @Override
    public boolean arm() {
        if (handler == null || taker.broken() != null || !enter()) {
            return true;
        }
        try {
            return !taker.current() || completions.stopped() || taker.armAndLook() || completions.starved();
        } catch (QueueBrokenException told) {
            return true;
        } finally {
            leave();
        }
    }

    private boolean enter() {
        return gate.enter(spec.index());
    }

    private void leave() {
        if (gate.leave()) {
            completions.shut();
        }
        if (completions.stopped()) {
            completions.settle();
        }
    }

    @Override
    public int position() {
        return taker.position();
    }

    @Override
    public int usedPosition() {
        return completions.used();
    }

    @Override
    public int[] inFlight() {
        return taker.inFlight(false);
    }

    @Override
    public int inFlightCount() {
        return completions.inFlight();
    }

    @Override
    public void stop() {
        completions.stop();
    }

    @Override
    public void resume() {
        completions.resume();
    }

    @Override
    public void epoch(long next) {
        if (enter()) {
            if (next != epoch) {
                epoch = next;
                taker.supersede(true);
            }
            leave();
        }
    }

    @Override
    public void redeliver() {
        if (enter()) {
            taker.redeliver();
            leave();
        }
    }

    @Override
    public void abandon() {
        boolean entered = enter();
        taker.supersede(false);
        if (entered) {
            leave();
        }
    }

    @Override
    public void close() {
        completions.stop();
        if (gate.close()) {
            completions.shut();
        }
    }

    @Override
    public String toString() {
        return "queue " + spec.index() + " of " + spec.size() + " at " + position() + ", " + inFlightCount()
                + " in flight";
    }
}
