// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.lang.foreign.MemorySegment;

/**
 * The index that the other side moves. It may hold anything: a value that is no slot number is read as 0 once and
 * counted; the second one breaks the ring. Belongs to one end of a ring and is as little thread-safe.
 */
final class PeerIndex {

    private final MemorySegment memory;
    private final long offset;
    private final int slots;
    private int faults;
    private int wrong;
    private boolean broken;

    PeerIndex(MemorySegment memory, long offset, int slots) {
        this.memory = memory;
        this.offset = offset;
        this.slots = slots;
    }

    /** Reads the index with acquire; a slot number, or {@link SlotRing#BROKEN}. */
    int read() {
        if (broken) {
            return SlotRing.BROKEN;
        }
        int index = SlotRing.indexAcquire(memory, offset);
        if (Integer.compareUnsigned(index, slots) < 0) {
            return index;
        }
        wrong = index;
        faults++;
        broken = faults > 1;
        return broken ? SlotRing.BROKEN : 0;
    }

    /** Ends all reading because the index moved as no honest peer moves it. */
    int refuse(int index) {
        wrong = index;
        faults++;
        broken = true;
        return SlotRing.BROKEN;
    }

    boolean broken() {
        return broken;
    }

    /** Returns how many wrong values were read since the ring was attached. */
    int faults() {
        return faults;
    }

    /** Returns the last wrong value, for a log line. */
    long wrong() {
        return Integer.toUnsignedLong(wrong);
    }
}
