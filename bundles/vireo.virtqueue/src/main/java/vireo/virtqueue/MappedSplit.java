// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryGeneration;

/** Split rings in mapped memory. */
final class MappedSplit implements EngineKind {

    @Override
    public FeatureSet features() {
        return FeatureSet.of(FeatureSet.INDIRECT_DESC, FeatureSet.EVENT_IDX, FeatureSet.RING_RESET);
    }

    @Override
    public boolean serves(FeatureSet features, GuestMemory memory) {
        return !features.has(FeatureSet.RING_PACKED) && !memory.isRemote();
    }

    @Override
    public String check(QueueSpec spec, GuestMemory memory) {
        try {
            map(spec, memory).release();
            return null;
        } catch (QueueBrokenException reason) {
            return reason.getMessage();
        }
    }

    @Override
    public QueueEngine open(QueueSpec spec, GuestMemory memory, QueueEvents events, int position, int used, int[] heads,
            long epoch) {
        return new SplitEngine(spec, memory, map(spec, memory), events, position, used, heads, epoch);
    }

    private static RingMemory map(QueueSpec spec, GuestMemory memory) {
        if (spec.size() < 1 || spec.size() > SplitLayout.MAX_SIZE || Integer.bitCount(spec.size()) != 1) {
            throw new QueueBrokenException("queue " + spec.index() + ": size " + spec.size()
                    + " is not a power of two in 1.." + SplitLayout.MAX_SIZE + " (VQ-ROB-13)");
        }
        requireAligned(spec, "descriptor area", spec.descriptors(), SplitLayout.DESCRIPTORS_ALIGNMENT);
        requireAligned(spec, "driver area", spec.driver(), SplitLayout.DRIVER_ALIGNMENT);
        requireAligned(spec, "device area", spec.device(), SplitLayout.DEVICE_ALIGNMENT);
        MemoryGeneration generation = memory.acquire();
        if (generation == null) {
            throw new QueueBrokenException("queue " + spec.index() + ": driver memory is closed; its bus is gone");
        }
        return RingMemory.map(spec, generation);
    }

    private static void requireAligned(QueueSpec spec, String part, long address, int alignment) {
        if ((address & alignment - 1) != 0) {
            throw new QueueBrokenException("queue " + spec.index() + ": " + part + " at 0x" + Long.toHexString(address)
                    + " is not aligned to " + alignment + " bytes (VQ-ROB-13)");
        }
    }
}
