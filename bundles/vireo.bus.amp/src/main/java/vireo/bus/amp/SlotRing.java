// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The layout of one ring of fixed-size slots in shared memory, with one producer and one consumer in different
 * processes:
 *
 * <pre>
 * 0x00  head   le32   next slot to write, moved by the producer
 * 0x04  60 reserved
 * 0x40  tail   le32   next slot to read, moved by the consumer
 * 0x44  60 reserved
 * 0x80  slots  n × 64 bytes, one message each
 * </pre>
 *
 * <p>Indices are plain slot numbers below n. {@code head == tail} is empty; {@code head + 1 == tail}, modulo n, is
 * full, so one slot always stays free. A store-release of an index pairs with the other side's load-acquire: the slot's
 * bytes are written before {@code head} moves, and copied out before {@code tail} moves.
 *
 * <p>Nothing else in the area means anything. Reserved bytes are neither read nor written, and what lies in a slot
 * behind its message may be left over from an earlier one, since some producers copy less than a slot.
 */
final class SlotRing {

    /** Size of a slot, and so of the largest message. */
    static final int SLOT_BYTES = 64;

    static final long HEAD_OFFSET = 0x00;
    static final long TAIL_OFFSET = 0x40;
    static final long SLOTS_OFFSET = 0x80;

    /** With one slot always free, a ring of fewer than two could hold nothing. */
    static final int MIN_SLOTS = 2;

    /** 64 MiB a ring: far beyond need, and every offset stays far from overflow. */
    static final int MAX_SLOTS = 1 << 20;

    /** A message was put or taken. */
    static final int DONE = 1;
    /** No room to put, or nothing to take. */
    static final int NONE = 0;
    /** The peer broke the ring's rules; nothing moves until the ring is attached again. */
    static final int BROKEN = -1;

    /** Plain words: unaligned access is as fast and keeps one shape for shared and private memory alike. */
    static final ValueLayout.OfLong WORD = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private static final VarHandle INDEX = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle();

    private SlotRing() {
    }

    /** Returns the size of a ring with that many slots. */
    static long bytes(int slots) {
        return SLOTS_OFFSET + (long) SLOT_BYTES * slots;
    }

    /**
     * Attaches to the producing end. Continues at the head found in memory, if that is one.
     *
     * @param memory long-lived memory that holds the ring
     * @param base where the ring starts, on a cache line
     * @param slots number of slots, as the peer sees it too
     */
    static SlotProducer producer(MemorySegment memory, long base, int slots) {
        check(memory, base, slots);
        return new SlotProducer(memory, base, slots);
    }

    /**
     * Attaches to the consuming end. Continues at the tail found in memory, if that is one.
     *
     * @param memory long-lived memory that holds the ring
     * @param base where the ring starts, on a cache line
     * @param slots number of slots, as the peer sees it too
     */
    static SlotConsumer consumer(MemorySegment memory, long base, int slots) {
        check(memory, base, slots);
        return new SlotConsumer(memory, base, slots);
    }

    private static void check(MemorySegment memory, long base, int slots) {
        if (slots < MIN_SLOTS || slots > MAX_SLOTS) {
            throw new IllegalArgumentException("slots=" + slots + " is not in " + MIN_SLOTS + ".." + MAX_SLOTS);
        }
        if (base < 0 || base > memory.byteSize() - bytes(slots)) {
            throw new IllegalArgumentException("a ring of slots=" + slots + " at base=" + base
                    + " does not fit into " + memory.byteSize() + " bytes");
        }
        if ((memory.address() + base & SLOT_BYTES - 1) != 0) {
            throw new IllegalArgumentException("base=" + base + " is not on a cache line of 64 bytes");
        }
    }

    static int indexAcquire(MemorySegment memory, long offset) {
        return (int) INDEX.getAcquire(memory, offset);
    }

    static void indexRelease(MemorySegment memory, long offset, int index) {
        INDEX.setRelease(memory, offset, index);
    }

    /** Reads this side's own index as an earlier instance left it; one that is none is put back to 0. */
    static int adopt(MemorySegment memory, long offset, int slots) {
        int index = indexAcquire(memory, offset);
        if (Integer.compareUnsigned(index, slots) < 0) {
            return index;
        }
        indexRelease(memory, offset, 0);
        return 0;
    }

    /** Returns how many steps lead forward from one index to another. */
    static int distance(int from, int to, int slots) {
        return to >= from ? to - from : to - from + slots;
    }
}
