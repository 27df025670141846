// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static vireo.wire.block.BlockLayout.REQUEST_SIZE;
import static vireo.wire.block.BlockLayout.SECTOR_SIZE;
import static vireo.wire.block.BlockLayout.SEGMENT_FLAGS;
import static vireo.wire.block.BlockLayout.SEGMENT_SECTOR;
import static vireo.wire.block.BlockLayout.SEGMENT_SECTORS;
import static vireo.wire.block.BlockLayout.SEGMENT_SIZE;
import static vireo.wire.block.BlockLayout.SEGMENT_UNMAP;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import vireo.device.Chain;

/** The segments of a discard or write zeroes: copied once, and all of them checked before anything is done. */
final class SegmentList {

    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment copy =
            Arena.ofAuto().allocate((long) BlockModel.MAX_SEGMENTS * SEGMENT_SIZE, Long.BYTES);
    private int count;

    /**
     * Copies and checks the segments of a request.
     *
     * @param knownFlags flags that the request type has
     * @param maxSectors most sectors of one segment
     * @param capacity sectors of the device
     */
    Outcome read(Chain chain, int knownFlags, int maxSectors, long capacity) {
        long length = chain.readable() - REQUEST_SIZE;
        count = 0;
        if (length == 0 || length % SEGMENT_SIZE != 0) {
            return Outcome.MALFORMED;
        }
        if (length > copy.byteSize()) {
            return Outcome.OUT_OF_RANGE;
        }
        chain.read(REQUEST_SIZE, copy, 0, length);
        int found = (int) (length / SEGMENT_SIZE);
        // Rule DT-BLK-02 comes first: an unknown flag may give the other fields another meaning.
        for (int i = 0; i < found; i++) {
            if ((flags(i) & ~knownFlags) != 0) {
                return Outcome.UNSUPPORTED;
            }
        }
        for (int i = 0; i < found; i++) {
            long sector = copy.get(LE64, at(i) + SEGMENT_SECTOR);
            long sectors = sectors(i);
            if (sectors > maxSectors || sector < 0 || sector > capacity || sectors > capacity - sector) {
                return Outcome.OUT_OF_RANGE;
            }
        }
        count = found;
        return Outcome.OK;
    }

    int count() {
        return count;
    }

    /** Returns where a segment starts, in bytes. */
    long position(int segment) {
        return copy.get(LE64, at(segment) + SEGMENT_SECTOR) * SECTOR_SIZE;
    }

    /** Returns how long a segment is, in bytes. */
    long length(int segment) {
        return sectors(segment) * SECTOR_SIZE;
    }

    boolean unmap(int segment) {
        return (flags(segment) & SEGMENT_UNMAP) != 0;
    }

    private long sectors(int segment) {
        return Integer.toUnsignedLong(copy.get(LE32, at(segment) + SEGMENT_SECTORS));
    }

    private int flags(int segment) {
        return copy.get(LE32, at(segment) + SEGMENT_FLAGS);
    }

    private static long at(int segment) {
        return (long) segment * SEGMENT_SIZE;
    }
}
