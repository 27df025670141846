// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.memory.GuestMemory;

/** One way of serving queues, for one ring format in one kind of memory. */
interface EngineKind {

    /** Ring features of queues that this kind can serve. */
    FeatureSet features();

    /** Tells whether a queue is of the format, and its memory of the kind, that this one is for. */
    boolean serves(FeatureSet features, GuestMemory memory);

    /** Judges a queue of this kind: null if it can be opened, else the reason. */
    String check(QueueSpec spec, GuestMemory memory);

    /**
     * Opens a queue of this kind; positions are 16-bit values, and heads are in range and no more than the queue has.
     *
     * @throws QueueBrokenException as {@link #check} says
     */
    QueueEngine open(QueueSpec spec, GuestMemory memory, QueueEvents events, int position, int used, int[] heads,
            long epoch);
}
