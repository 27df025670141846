// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.foreign.MemorySegment;
import vireo.device.QueueBrokenException;
import vireo.memory.MemoryGeneration;

/**
 * The rings of one queue in one generation of driver memory, and the hold on that generation.
 *
 * <p>The queue takes one hold for itself and all its chains, and counts the chains that use it: an atomic counter that
 * all queues share would cost every chain two trips of its cache line between workers. {@link #taken} belongs to the
 * thread that serves the queue; the rest that changes is guarded by the lock of {@link Completions}.
 */
final class RingMemory {

    private final MemoryGeneration generation;
    private final long number;
    private final MemorySegment descriptors;
    private final long descriptorsAt;
    private final MemorySegment driver;
    private final long driverAt;
    private final long usedEventAt;
    private final MemorySegment device;
    private final long deviceAt;
    private final long availEventAt;

    private long taken;
    private long completed;
    private boolean retired;
    private boolean released;

    private RingMemory(QueueSpec spec, MemoryGeneration generation) {
        int size = spec.size();
        this.generation = generation;
        number = generation.number();
        int region = region(spec, "descriptor area", spec.descriptors(), SplitLayout.descriptorsBytes(size));
        descriptors = generation.segment(region);
        descriptorsAt = spec.descriptors() - generation.address(region);
        region = region(spec, "driver area", spec.driver(), SplitLayout.driverBytes(size));
        driver = generation.segment(region);
        driverAt = spec.driver() - generation.address(region);
        usedEventAt = driverAt + SplitLayout.driverBytes(size) - SplitLayout.EVENT_SIZE;
        region = region(spec, "device area", spec.device(), SplitLayout.deviceBytes(size));
        device = generation.segment(region);
        deviceAt = spec.device() - generation.address(region);
        availEventAt = deviceAt + SplitLayout.deviceBytes(size) - SplitLayout.EVENT_SIZE;
        requireAligned(spec, driver, driverAt);
        requireAligned(spec, device, deviceAt);
    }

    /**
     * Finds the rings in a generation (rule VQ-ROB-13). Takes over the caller's hold on it, and gives that back when it
     * throws.
     */
    static RingMemory map(QueueSpec spec, MemoryGeneration generation) {
        try {
            return new RingMemory(spec, generation);
        } catch (QueueBrokenException notThere) {
            generation.release();
            throw notThere;
        }
    }

    private int region(QueueSpec spec, String part, long address, long length) {
        int region = generation.find(address, length);
        if (region == MemoryGeneration.NOT_MAPPED) {
            throw new QueueBrokenException("queue " + spec.index() + ": " + part + " at 0x" + Long.toHexString(address)
                    + " of " + length + " bytes is not in one region of driver memory (VQ-ROB-13)");
        }
        return region;
    }

    // The driver's address may be aligned and our mapping of it not, for instance on the Java heap.
    private static void requireAligned(QueueSpec spec, MemorySegment segment, long at) {
        if (segment.maxByteAlignment() < Short.BYTES || (segment.address() + at) % Short.BYTES != 0) {
            throw new QueueBrokenException("queue " + spec.index() + ": driver memory is mapped at an odd address; map "
                    + "regions at page boundaries and outside the Java heap");
        }
    }

    MemoryGeneration generation() {
        return generation;
    }

    long number() {
        return number;
    }

    int availIndexAcquire() {
        return SplitLayout.indexAcquire(driver, driverAt);
    }

    int availHead(int slot) {
        return SplitLayout.read16(driver, driverAt + SplitLayout.RING_OFFSET + (long) SplitLayout.HEAD_SIZE * slot);
    }

    int availFlags() {
        return SplitLayout.read16(driver, driverAt + SplitLayout.FLAGS_OFFSET);
    }

    int usedEvent() {
        return SplitLayout.read16(driver, usedEventAt);
    }

    long descriptorAddress(int descriptor) {
        return descriptors.get(SplitLayout.LE64, descriptorsAt + (long) SplitLayout.DESCRIPTOR_SIZE * descriptor);
    }

    /** Length, flags and next of a descriptor in one load. */
    long descriptorRest(int descriptor) {
        return descriptors.get(SplitLayout.LE64, descriptorsAt + (long) SplitLayout.DESCRIPTOR_SIZE * descriptor
                + SplitLayout.REST_OFFSET);
    }

    void usedElement(int slot, int id, int length) {
        device.set(SplitLayout.LE64, deviceAt + SplitLayout.RING_OFFSET + (long) SplitLayout.ELEMENT_SIZE * slot,
                (long) length << Integer.SIZE | id);
    }

    void usedIndexRelease(int index) {
        SplitLayout.indexRelease(device, deviceAt, index);
    }

    void usedFlags(int flags) {
        SplitLayout.write16(device, deviceAt + SplitLayout.FLAGS_OFFSET, flags);
    }

    void availEvent(int index) {
        SplitLayout.write16(device, availEventAt, index);
    }

    /** Counts a chain that refers to this memory; by the serving thread. */
    void chainTaken() {
        taken++;
    }

    /** Counts a chain out; under the lock. True if the caller has to release the generation after the lock. */
    boolean chainDone() {
        completed++;
        return lastUse();
    }

    /** Ends the queue's own use; under the lock and with nobody serving. True as for {@link #chainDone}. */
    boolean retire() {
        retired = true;
        return lastUse();
    }

    // "taken" is read by other threads only once it stands still: after retire nobody takes chains from here.
    private boolean lastUse() {
        boolean last = retired && !released && completed == taken;
        released |= last;
        return last;
    }

    void release() {
        generation.release();
    }
}
