// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.foreign.MemorySegment;
import vireo.device.FeatureSet;

/** A split ring's memory as its driver lays it out: descriptors, available ring, used ring, indirect tables. */
final class DriverMemory {

    private final int size;
    private final long address;
    private final MemorySegment memory;
    private final long driverAt;
    private final long deviceAt;
    private final long tablesAt;
    private final long tableBytes;
    private final long bytes;

    DriverMemory(int size, long bytes, long address, MemorySegment memory) {
        if (memory.byteSize() < bytes) {
            throw new IllegalArgumentException("memory has " + memory.byteSize() + " bytes, the ring needs " + bytes);
        }
        if (((address | memory.address()) & DriverRing.ALIGNMENT - 1) != 0
                || memory.maxByteAlignment() < DriverRing.ALIGNMENT) {
            throw new IllegalArgumentException("memory at address=0x" + Long.toHexString(address) + " is mapped at 0x"
                    + Long.toHexString(memory.address()) + "; both must be multiples of " + DriverRing.ALIGNMENT);
        }
        this.size = size;
        this.address = address;
        this.memory = memory;
        this.bytes = bytes;
        driverAt = SplitLayout.descriptorsBytes(size);
        deviceAt = deviceAt(size);
        tablesAt = tablesAt(size);
        tableBytes = (long) DriverRing.TABLE_ENTRIES * SplitLayout.DESCRIPTOR_SIZE;
    }

    static long bytes(int size, int tableEntries) {
        if (size < 1 || size > SplitLayout.MAX_SIZE || Integer.bitCount(size) != 1) {
            throw new IllegalArgumentException("size=" + size + " is not a power of two in 1.." + SplitLayout.MAX_SIZE);
        }
        return tablesAt(size) + (long) size * tableEntries * SplitLayout.DESCRIPTOR_SIZE;
    }

    private static long deviceAt(int size) {
        return align(SplitLayout.descriptorsBytes(size) + SplitLayout.driverBytes(size), SplitLayout.DEVICE_ALIGNMENT);
    }

    private static long tablesAt(int size) {
        return align(deviceAt(size) + SplitLayout.deviceBytes(size), SplitLayout.DESCRIPTOR_SIZE);
    }

    private static long align(long offset, int alignment) {
        return offset + alignment - 1 & -alignment;
    }

    QueueSpec spec(int index, FeatureSet features) {
        return new QueueSpec(index, size, address, address + driverAt, address + deviceAt, features);
    }

    /** Clears the rings, with a wish not to be told of used buffers (rules VQ-SUP-03, 04 and 12). */
    void initialise(boolean eventIndex) {
        memory.asSlice(0, bytes).fill((byte) 0);
        if (eventIndex) {
            usedEvent(SplitLayout.INDEX_MASK);
        } else {
            availFlags(SplitLayout.NO_NOTIFICATION);
        }
    }

    void descriptor(int descriptor, long to, long rest) {
        put((long) SplitLayout.DESCRIPTOR_SIZE * descriptor, to, rest);
    }

    long tableAddress(int table) {
        return address + tablesAt + tableBytes * table;
    }

    void tableEntry(int table, int entry, long to, long rest) {
        put(tablesAt + tableBytes * table + (long) SplitLayout.DESCRIPTOR_SIZE * entry, to, rest);
    }

    private void put(long at, long to, long rest) {
        memory.set(SplitLayout.LE64, at, to);
        memory.set(SplitLayout.LE64, at + SplitLayout.REST_OFFSET, rest);
    }

    void availHead(int slot, int head) {
        SplitLayout.write16(memory, driverAt + SplitLayout.RING_OFFSET + (long) SplitLayout.HEAD_SIZE * slot, head);
    }

    void availIndexRelease(int index) {
        SplitLayout.indexRelease(memory, driverAt, index);
    }

    void availFlags(int flags) {
        SplitLayout.write16(memory, driverAt + SplitLayout.FLAGS_OFFSET, flags);
    }

    void usedEvent(int index) {
        SplitLayout.write16(memory, driverAt + SplitLayout.driverBytes(size) - SplitLayout.EVENT_SIZE, index);
    }

    int usedIndexAcquire() {
        return SplitLayout.indexAcquire(memory, deviceAt);
    }

    /** Id and written length of a used element in one load. */
    long usedElement(int slot) {
        return memory.get(SplitLayout.LE64,
                deviceAt + SplitLayout.RING_OFFSET + (long) SplitLayout.ELEMENT_SIZE * slot);
    }

    int usedFlags() {
        return SplitLayout.read16(memory, deviceAt + SplitLayout.FLAGS_OFFSET);
    }

    int availEvent() {
        return SplitLayout.read16(memory, deviceAt + SplitLayout.deviceBytes(size) - SplitLayout.EVENT_SIZE);
    }
}
