// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.util.Arrays;
import java.util.Comparator;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryGeneration;

/**
 * Takes chains from the available ring of a split queue. All of it belongs to the thread inside the {@link
 * ServiceGate}, but for what is volatile and the questions.
 */
final class SplitTaker {

    private static final int[] NONE = {};

    private final QueueSpec spec;
    private final int size;
    private final int slotMask;
    private final boolean eventIndex;
    private final GuestMemory memory;
    private final QueueEvents events;
    private final Completions completions;
    private final ChainReader reader;
    private final int origin;

    private volatile QueueBrokenException broken;
    private volatile SplitChain[] chains;
    private volatile RingMemory rings;

    private int available;
    private boolean suppressed;
    private int[] again = NONE;
    private int againAt;

    SplitTaker(QueueSpec spec, GuestMemory memory, RingMemory rings, QueueEvents events, Completions completions,
            int position, int[] heads) {
        this.spec = spec;
        this.memory = memory;
        this.rings = rings;
        this.events = events;
        this.completions = completions;
        size = spec.size();
        slotMask = size - 1;
        eventIndex = spec.features().has(FeatureSet.EVENT_IDX);
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

    QueueBrokenException broken() {
        return broken;
    }

    void throwIfBroken() {
        QueueBrokenException failure = broken;
        if (failure != null) {
            throw failure;
        }
    }

    /** Takes the next chain, or gives null. */
    SplitChain next() {
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
            throw breaks("available index jumps from " + position + " to " + now + ", queue size is " + size,
                    "VQ-ROB-03");
        }
        available = now;
        return ahead != 0;
    }

    /** Tells whether the driver's memory changed since the rings were found; from any thread. */
    boolean outdated() {
        return memory.generation() != rings.number();
    }

    /** Sees to it that the rings are those of the current generation; false if there is no memory any more. */
    boolean current() {
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

    /** Asks the driver to notify; false if there is a chain already. A jump of the index is found by {@link #next}. */
    boolean armAndLook() {
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

    int position() {
        return origin + (int) completions.taken() & SplitLayout.INDEX_MASK;
    }

    int[] inFlight(boolean waitingOnly) {
        return Arrays.stream(chains)
                .filter(chain -> chain.state() == SplitChain.WAITING
                        || chain.state() == SplitChain.OPEN && !waitingOnly)
                .sorted(Comparator.comparingLong(SplitChain::sequence)).mapToInt(SplitChain::head).toArray();
    }

    /** Lets all chains that wait come again. */
    void redeliver() {
        again = inFlight(true);
        againAt = 0;
    }

    /** Replaces all chains; those in flight then wait for redelivery, or are forgotten. */
    void supersede(boolean keep) {
        SplitChain[] old = chains;
        SplitChain[] fresh = newChains();
        for (int head = 0; head < size; head++) {
            completions.supersede(old[head], fresh[head], keep);
        }
        chains = fresh;
        again = NONE;
        againAt = 0;
    }
}
