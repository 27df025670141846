// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.util.Arrays;
import java.util.Comparator;
import vireo.device.Chain;
import vireo.device.ChainHandler;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryGeneration;

/**
 * Serves split rings in mapped memory. Taking belongs to the thread inside the {@link ServiceGate}; what completions
 * change is in {@link Completions}.
 */
final class SplitEngine implements QueueEngine {

    private static final int[] NONE = {};

    private final QueueSpec spec;
    private final int size;
    private final int slotMask;
    private final boolean eventIndex;
    private final GuestMemory memory;
    private final QueueEvents events;
    private final ServiceGate gate = new ServiceGate();
    private final Completions completions;
    private final ChainReader reader;
    private final int origin;

    private volatile ChainHandler handler;
    private volatile QueueBrokenException broken;
    private volatile SplitChain[] chains;

    // All below belongs to the serving thread.
    private RingMemory rings;
    private int available;
    private boolean suppressed;
    private int[] again = NONE;
    private int againAt;
    private long epoch;

    /**
     * Makes an engine over rings that were found in driver memory.
     *
     * @param heads checked: in range, no head twice, at most as many as the queue has
     */
    SplitEngine(QueueSpec spec, GuestMemory memory, RingMemory rings, QueueEvents events, int position, int used,
            int[] heads, long epoch) {
        this.spec = spec;
        this.memory = memory;
        this.rings = rings;
        this.events = events;
        this.epoch = epoch;
        size = spec.size();
        slotMask = size - 1;
        eventIndex = spec.features().has(FeatureSet.EVENT_IDX);
        completions = new Completions(spec, rings, events, gate, used);
        reader = new ChainReader(spec, completions);
        origin = position - heads.length;
        available = position;
        chains = newChains();
        for (int i = 0; i < heads.length; i++) {
            chains[heads[i]].waiting(i);
        }
        completions.taken(heads.length);
    }

    private SplitChain[] newChains() {
        SplitChain[] made = new SplitChain[size];
        Arrays.setAll(made, head -> new SplitChain(completions, head));
        return made;
    }

    @Override
    public int index() {
        return spec.index();
    }

    @Override
    public int size() {
        return size;
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
            return next();
        }
        if (!enter()) {
            throwIfBroken();
            return null;
        }
        try {
            return next();
        } finally {
            leave();
        }
    }

    @Override
    public int serve(int budget) {
        if (handler == null || broken != null) {
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
        SplitChain chain = next();
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
        if (thrown != broken) {
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
        if (broken == null && memory.generation() != rings.number() && gate.tryEnter()) {
            try {
                current();
            } catch (QueueBrokenException told) {
                return;
            } finally {
                leave();
            }
        }
    }

    private boolean enter() {
        if (gate.tryEnter()) {
            return true;
        }
        if (gate.closed()) {
            return false;
        }
        throw new IllegalStateException("queue " + spec.index() + " is served by another thread; one at a time may");
    }

    private void leave() {
        if (gate.leave()) {
            completions.shut();
        }
        if (completions.stopped()) {
            completions.settle();
        }
    }

    private void throwIfBroken() {
        QueueBrokenException failure = broken;
        if (failure != null) {
            throw failure;
        }
    }

    private SplitChain next() {
        throwIfBroken();
        if (!current() || completions.stopped()) {
            return null;
        }
        if (againAt < again.length) {
            return nextAgain();
        }
        long taken = completions.taken();
        int position = origin + (int) taken & SplitLayout.INDEX_MASK;
        if (position == available && !look(position)) {
            return null;
        }
        int head = rings.availHead(position & slotMask);
        if (head >= size) {
            throw breaks("head=" + head + " at available index " + position + ", queue size is " + size, "VQ-ROB-02");
        }
        SplitChain chain = chains[head];
        if (chain.state() != SplitChain.FREE) {
            throw breaks("head=" + head + " is made available while it is in use", "VQ-ROB-11");
        }
        if (!fill(chain)) {
            return null;
        }
        completions.taken(taken + 1);
        chain.open(taken, false);
        suppress();
        return chain;
    }

    private SplitChain nextAgain() {
        SplitChain chain = chains[again[againAt]];
        if (!fill(chain)) {
            return null;
        }
        againAt++;
        chain.open(chain.sequence(), true);
        return chain;
    }

    private boolean fill(SplitChain chain) {
        try {
            if (!reader.read(chain, rings)) {
                return false;
            }
        } catch (QueueBrokenException malformed) {
            throw breaks(malformed);
        }
        rings.chainTaken();
        return true;
    }

    // Reads the available index; true if it is beyond the position. It stays known until the position reaches it.
    private boolean look(int position) {
        int now = rings.availIndexAcquire();
        int ahead = now - position & SplitLayout.INDEX_MASK;
        if (ahead > size) {
            throw breaks("available index jumps from " + position + " to " + now + ", queue size is " + size, "VQ-ROB-03");
        }
        available = now;
        return ahead != 0;
    }

    /** Sees to it that the rings are those of the current generation; false if there is no memory any more. */
    private boolean current() {
        long generation = memory.generation();
        return generation == rings.number() || move();
    }

    private boolean move() {
        MemoryGeneration next = memory.acquire();
        if (next == null) {
            return false;
        }
        RingMemory moved;
        try {
            moved = RingMemory.map(spec, next);
        } catch (QueueBrokenException notThere) {
            throw breaks(notThere);
        }
        completions.moveTo(moved);
        rings = moved;
        return true;
    }

    private QueueBrokenException breaks(String what, String rule) {
        return breaks(new QueueBrokenException("queue " + spec.index() + ": " + what + " (" + rule + ")"));
    }

    private QueueBrokenException breaks(QueueBrokenException failure) {
        broken = failure;
        completions.shut();
        events.broken(spec.index(), failure.getMessage());
        return failure;
    }

    private void suppress() {
        if (!suppressed) {
            suppressed = true;
            if (!eventIndex) {
                rings.usedFlags(SplitLayout.NO_NOTIFICATION);
            }
        }
    }

    @Override
    public boolean arm() {
        if (handler == null || broken != null || !enter()) {
            return true;
        }
        try {
            return !current() || completions.stopped() || armAndLook() || completions.starved();
        } catch (QueueBrokenException told) {
            return true;
        } finally {
            leave();
        }
    }

    // A jump of the index is found when the queue is served again.
    private boolean armAndLook() {
        if (againAt < again.length) {
            return false;
        }
        int position = position();
        suppressed = false;
        if (eventIndex) {
            rings.availEvent(position);
        } else {
            rings.usedFlags(0);
        }
        SplitLayout.storeThenLoad();
        return rings.availIndexAcquire() == position;
    }

    @Override
    public int position() {
        return origin + (int) completions.taken() & SplitLayout.INDEX_MASK;
    }

    @Override
    public int usedPosition() {
        return completions.used();
    }

    @Override
    public int[] inFlight() {
        return inFlight(false);
    }

    private int[] inFlight(boolean waitingOnly) {
        return Arrays.stream(chains)
                .filter(chain -> chain.state() == SplitChain.WAITING || !waitingOnly && chain.state() == SplitChain.OPEN)
                .sorted(Comparator.comparingLong(SplitChain::sequence)).mapToInt(SplitChain::head).toArray();
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
                supersede(true);
            }
            leave();
        }
    }

    @Override
    public void redeliver() {
        if (enter()) {
            again = inFlight(true);
            againAt = 0;
            leave();
        }
    }

    @Override
    public void abandon() {
        boolean entered = enter();
        supersede(false);
        if (entered) {
            leave();
        }
    }

    private void supersede(boolean keep) {
        SplitChain[] old = chains;
        SplitChain[] fresh = newChains();
        for (int head = 0; head < size; head++) {
            completions.supersede(old[head], fresh[head], keep);
        }
        chains = fresh;
        again = NONE;
        againAt = 0;
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
        return "queue " + spec.index() + " of " + size + " at " + position() + ", " + inFlightCount() + " in flight";
    }
}
