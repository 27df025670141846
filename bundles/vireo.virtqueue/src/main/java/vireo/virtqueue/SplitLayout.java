// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Where things are in a split virtqueue (virtqueues.md section 3.1), and the only accesses to it that need an order.
 *
 * <pre>
 * descriptor        0        8      12     14     16
 *                   | addr   | len  | flags| next |
 * available ring    0      2      4               4+2Q        6+2Q
 *                   | flags| idx  | ring[Q] (2) ... | used_event |
 * used ring         0      2      4               4+8Q         6+8Q
 *                   | flags| idx  | ring[Q] (8) ... | avail_event |
 * used element      0      4      8
 *                   | id   | len  |
 * </pre>
 */
final class SplitLayout {

    static final int MAX_SIZE = 32768;

    static final int DESCRIPTOR_SIZE = 16;
    static final int REST_OFFSET = 8;

    static final int NEXT = 1;
    static final int WRITE = 2;
    static final int INDIRECT = 4;

    static final int FLAGS_OFFSET = 0;
    static final int INDEX_OFFSET = 2;
    static final int RING_OFFSET = 4;
    static final int HEAD_SIZE = 2;
    static final int ELEMENT_SIZE = 8;
    static final int EVENT_SIZE = 2;

    /** In the flags of either ring: the other side need not notify. */
    static final int NO_NOTIFICATION = 1;

    static final int DESCRIPTORS_ALIGNMENT = 16;
    static final int DRIVER_ALIGNMENT = 2;
    static final int DEVICE_ALIGNMENT = 4;

    /** Bytes of one chain at most (rule VQ-SPL-06). */
    static final long MAX_CHAIN_BYTES = 1L << 32;

    static final long LENGTH_MASK = 0xffff_ffffL;
    static final int INDEX_MASK = 0xffff;

    static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle INDEX =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle().withInvokeExactBehavior();

    private SplitLayout() {
    }

    static long descriptorsBytes(int size) {
        return (long) DESCRIPTOR_SIZE * size;
    }

    static long driverBytes(int size) {
        return RING_OFFSET + (long) HEAD_SIZE * size + EVENT_SIZE;
    }

    static long deviceBytes(int size) {
        return RING_OFFSET + (long) ELEMENT_SIZE * size + EVENT_SIZE;
    }

    /** Reads the index of a ring, before anything it makes visible (rules VQ-SPL-16 and 18). */
    static int indexAcquire(MemorySegment ring, long at) {
        return (short) INDEX.getAcquire(ring, at + INDEX_OFFSET) & INDEX_MASK;
    }

    /** Writes the index of a ring, after everything it makes visible (rules VQ-SPL-08, 11 and 12). */
    static void indexRelease(MemorySegment ring, long at, int index) {
        INDEX.setRelease(ring, at + INDEX_OFFSET, (short) index);
    }

    /** Keeps a store to one ring before a load from the other (rules VQ-SPL-09 and 17, and re-enabling). */
    static void storeThenLoad() {
        VarHandle.fullFence();
    }

    static int read16(MemorySegment segment, long at) {
        return segment.get(LE16, at) & INDEX_MASK;
    }

    static void write16(MemorySegment segment, long at, int value) {
        segment.set(LE16, at, (short) value);
    }

    /**
     * Tells whether an entry with index {@code event} was placed between the last check and now (section 3.5). With
     * {@code placed} equal to {@code checked} nothing was; a caller checks at least once in 65535 entries.
     */
    static boolean needEvent(int event, int placed, int checked) {
        return (placed - event - 1 & INDEX_MASK) < (placed - checked & INDEX_MASK);
    }
}
