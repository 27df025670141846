// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue.mock;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Every field of a split virtqueue, readable and writable, with no check at all (virtqueues.md section 3.1). Indices
 * are read with acquire and written with release order, all else plainly. Values are cut to the width of their field.
 *
 * <p>Not for several threads at once, except as far as the ring itself allows.
 */
public final class RawRing {

    /** Descriptor flag: the chain goes on. */
    public static final int NEXT = 1;
    /** Descriptor flag: the device writes this element. */
    public static final int WRITE = 2;
    /** Descriptor flag: the element is a table of descriptors. */
    public static final int INDIRECT = 4;

    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INDEX = ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private final MemorySegment memory;
    private final int size;
    private final long descriptors;
    private final long driver;
    private final long device;

    /**
     * Makes a view of a ring.
     *
     * @param memory where all three parts are
     * @param size number of descriptors
     * @param descriptors byte offset of the descriptor table in the memory
     * @param driver byte offset of the available ring
     * @param device byte offset of the used ring
     */
    public RawRing(MemorySegment memory, int size, long descriptors, long driver, long device) {
        this.memory = memory;
        this.size = size;
        this.descriptors = descriptors;
        this.driver = driver;
        this.device = device;
    }

    /**
     * Returns the queue size.
     *
     * @return number of descriptors
     */
    public int size() {
        return size;
    }

    /**
     * Writes a descriptor of the table.
     *
     * @param index which, 0 to size exclusive
     * @param address any value
     * @param length any value
     * @param flags any value
     * @param next any value
     */
    public void descriptor(int index, long address, long length, int flags, int next) {
        descriptorAt(descriptors + 16L * index, address, length, flags, next);
    }

    /**
     * Writes a descriptor anywhere, as an entry of an indirect table.
     *
     * @param offset byte offset in the memory
     * @param address any value
     * @param length any value
     * @param flags any value
     * @param next any value
     */
    public void descriptorAt(long offset, long address, long length, int flags, int next) {
        memory.set(LE64, offset, address);
        memory.set(LE32, offset + 8, (int) length);
        memory.set(LE16, offset + 12, (short) flags);
        memory.set(LE16, offset + 14, (short) next);
    }

    /**
     * Reads a descriptor's address.
     *
     * @param index which
     * @return the address
     */
    public long descriptorAddress(int index) {
        return memory.get(LE64, descriptors + 16L * index);
    }

    /**
     * Reads a descriptor's length.
     *
     * @param index which
     * @return the length, 0 to 2^32 exclusive
     */
    public long descriptorLength(int index) {
        return memory.get(LE32, descriptors + 16L * index + 8) & 0xffff_ffffL;
    }

    /**
     * Reads a descriptor's flags.
     *
     * @param index which
     * @return the flags
     */
    public int descriptorFlags(int index) {
        return get(descriptors + 16L * index + 12);
    }

    /**
     * Reads a descriptor's link.
     *
     * @param index which
     * @return the index of the next descriptor
     */
    public int descriptorNext(int index) {
        return get(descriptors + 16L * index + 14);
    }

    /**
     * Reads the available ring's flags.
     *
     * @return the flags
     */
    public int availFlags() {
        return get(driver);
    }

    /**
     * Writes the available ring's flags.
     *
     * @param flags any value; bit 0 asks not to be notified
     */
    public void availFlags(int flags) {
        set(driver, flags);
    }

    /**
     * Reads the available index, with acquire order.
     *
     * @return 0 to 65535
     */
    public int availIndex() {
        return (short) INDEX.getAcquire(memory, driver + 2) & 0xffff;
    }

    /**
     * Writes the available index, with release order.
     *
     * @param index any value
     */
    public void availIndex(int index) {
        INDEX.setRelease(memory, driver + 2, (short) index);
    }

    /**
     * Reads a head from the available ring.
     *
     * @param slot 0 to size exclusive
     * @return the head
     */
    public int availHead(int slot) {
        return get(driver + 4 + 2L * slot);
    }

    /**
     * Writes a head into the available ring.
     *
     * @param slot 0 to size exclusive
     * @param head any value
     */
    public void availHead(int slot, int head) {
        set(driver + 4 + 2L * slot, head);
    }

    /**
     * Reads which used index the driver wants to be told of.
     *
     * @return 0 to 65535
     */
    public int usedEvent() {
        return get(driver + 4 + 2L * size);
    }

    /**
     * Writes which used index the driver wants to be told of.
     *
     * @param index any value
     */
    public void usedEvent(int index) {
        set(driver + 4 + 2L * size, index);
    }

    /**
     * Reads the used ring's flags.
     *
     * @return the flags
     */
    public int usedFlags() {
        return get(device);
    }

    /**
     * Writes the used ring's flags.
     *
     * @param flags any value; bit 0 asks not to be notified
     */
    public void usedFlags(int flags) {
        set(device, flags);
    }

    /**
     * Reads the used index, with acquire order.
     *
     * @return 0 to 65535
     */
    public int usedIndex() {
        return (short) INDEX.getAcquire(memory, device + 2) & 0xffff;
    }

    /**
     * Writes the used index, with release order.
     *
     * @param index any value
     */
    public void usedIndex(int index) {
        INDEX.setRelease(memory, device + 2, (short) index);
    }

    /**
     * Reads the id of a used element.
     *
     * @param slot 0 to size exclusive
     * @return the id, 0 to 2^32 exclusive
     */
    public long usedId(int slot) {
        return memory.get(LE32, device + 4 + 8L * slot) & 0xffff_ffffL;
    }

    /**
     * Reads the written length of a used element.
     *
     * @param slot 0 to size exclusive
     * @return bytes, 0 to 2^32 exclusive
     */
    public long usedLength(int slot) {
        return memory.get(LE32, device + 8 + 8L * slot) & 0xffff_ffffL;
    }

    /**
     * Writes a used element.
     *
     * @param slot 0 to size exclusive
     * @param id any value
     * @param length any value
     */
    public void used(int slot, long id, long length) {
        memory.set(LE32, device + 4 + 8L * slot, (int) id);
        memory.set(LE32, device + 8 + 8L * slot, (int) length);
    }

    /**
     * Reads which available index the device wants to be told of.
     *
     * @return 0 to 65535
     */
    public int availEvent() {
        return get(device + 4 + 8L * size);
    }

    /**
     * Writes which available index the device wants to be told of.
     *
     * @param index any value
     */
    public void availEvent(int index) {
        set(device + 4 + 8L * size, index);
    }

    private int get(long offset) {
        return memory.get(LE16, offset) & 0xffff;
    }

    private void set(long offset, int value) {
        memory.set(LE16, offset, (short) value);
    }
}
