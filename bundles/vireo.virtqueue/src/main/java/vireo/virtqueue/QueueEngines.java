// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.memory.GuestMemory;

/** Opens device-side engines and says what they can do. Thread-safe. */
public final class QueueEngines {

    private static final List<EngineKind> KINDS = List.of(new MappedSplit());

    private QueueEngines() {
    }

    /**
     * Returns the ring features that the engines have, to be offered to drivers.
     *
     * @return INDIRECT_DESC, EVENT_IDX and RING_RESET
     */
    public static FeatureSet features() {
        return KINDS.stream().map(EngineKind::features).reduce(FeatureSet.NONE, FeatureSet::plus);
    }

    /**
     * Judges a queue set-up (rule VQ-ROB-13): size, alignment, and that all three parts lie in driver memory, each in
     * one region.
     *
     * @param spec what the driver chose
     * @param memory the driver's memory
     * @return null if the queue can be opened, else the reason
     */
    public static String check(QueueSpec spec, GuestMemory memory) {
        EngineKind kind = kind(spec, memory);
        return kind == null ? noKind(spec, memory) : kind.check(spec, memory);
    }

    /**
     * Opens an engine for a queue. A queue that ran before, under another engine, may owe its driver a notification;
     * its owner makes one after opening it, since a needless one does no harm (rule VQ-SUP-05).
     *
     * @param spec what the driver chose
     * @param memory the driver's memory
     * @param events told what happens
     * @param position ring position of the next chain to take, 0 to 65535; 0 for a fresh queue
     * @param usedPosition ring position of the next used element, 0 to 65535; 0 for a fresh queue
     * @param inFlightHeads heads that were taken and not completed before, in the order taken; they come with
     *        {@link QueueEngine#redeliver}
     * @param epoch number of the session that gets the chains
     * @return the engine, taking chains at once; the caller closes it
     * @throws QueueBrokenException if {@link #check} has a reason, or a position or a head is out of range; the message
     *         says which, with the value
     */
    public static QueueEngine open(QueueSpec spec, GuestMemory memory, QueueEvents events, int position,
            int usedPosition, int[] inFlightHeads, long epoch) {
        Objects.requireNonNull(events, "events");
        EngineKind kind = kind(spec, memory);
        if (kind == null) {
            throw new QueueBrokenException(noKind(spec, memory));
        }
        requirePosition(spec, "position", position);
        requirePosition(spec, "used position", usedPosition);
        int[] heads = inFlightHeads.clone();
        requireHeads(spec, heads);
        return kind.open(spec, memory, events, position, usedPosition, heads, epoch);
    }

    private static EngineKind kind(QueueSpec spec, GuestMemory memory) {
        for (EngineKind kind : KINDS) {
            if (kind.serves(spec.features(), memory)) {
                return kind;
            }
        }
        return null;
    }

    private static String noKind(QueueSpec spec, GuestMemory memory) {
        return "queue " + spec.index() + ": no engine serves "
                + (spec.features().has(FeatureSet.RING_PACKED) ? "packed" : "split") + " rings in "
                + (memory.isRemote() ? "remote" : "mapped") + " memory; agree on features without RING_PACKED and "
                + "use a bus that maps the driver's memory";
    }

    private static void requirePosition(QueueSpec spec, String what, int value) {
        if ((value & SplitLayout.INDEX_MASK) != value) {
            throw new QueueBrokenException("queue " + spec.index() + ": " + what + " " + value + " is not in 0..65535");
        }
    }

    private static void requireHeads(QueueSpec spec, int[] heads) {
        BitSet seen = new BitSet();
        for (int head : heads) {
            if (head < 0 || head >= spec.size() || seen.get(head)) {
                throw new QueueBrokenException("queue " + spec.index() + ": head in flight " + head
                        + " is given twice or is not below the queue size " + spec.size());
            }
            seen.set(head);
        }
    }
}
