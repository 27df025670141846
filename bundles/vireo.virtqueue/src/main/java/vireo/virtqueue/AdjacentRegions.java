// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.foreign.ValueLayout;
import vireo.memory.MemoryGeneration;

/** Ranges of driver addresses that cross from one region into the next. Rare, so simple rather than fast. */
final class AdjacentRegions {

    private AdjacentRegions() {
    }

    /** Tells whether every byte of a range is in some region, and the range does not wrap (rule VQ-ROB-07). */
    static boolean cover(MemoryGeneration generation, long address, long length) {
        if (Long.compareUnsigned(address + length - 1, address) < 0) {
            return false;
        }
        long at = address;
        for (long left = length; left > 0;) {
            int region = generation.find(at, 1);
            if (region == MemoryGeneration.NOT_MAPPED) {
                return false;
            }
            long part = generation.segment(region).byteSize() - (at - generation.address(region));
            at += part;
            left -= part;
        }
        return true;
    }

    /** Reads a little-endian number that {@link #cover covered} bytes hold, each byte once. */
    static long read64(MemoryGeneration generation, long address) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            int region = generation.find(address + i, 1);
            long offset = address + i - generation.address(region);
            byte part = generation.segment(region).get(ValueLayout.JAVA_BYTE, offset);
            value |= (part & 0xffL) << (Byte.SIZE * i);
        }
        return value;
    }
}
