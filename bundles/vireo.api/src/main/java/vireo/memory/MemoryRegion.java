// SPDX-License-Identifier: Apache-2.0
package vireo.memory;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/**
 * One contiguous range of driver addresses and the memory behind it.
 *
 * @param address first driver address of the range, unsigned
 * @param segment the memory; its size is the size of the range. It stays valid as long as the {@link MemoryGeneration}
 *        that holds this region has a holder, and may be read and written by the peer at any time
 */
public record MemoryRegion(long address, MemorySegment segment) {

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if the range is empty or runs past the end of the 64-bit address space
     */
    public MemoryRegion {
        Objects.requireNonNull(segment, "segment");
        if (segment.byteSize() == 0 || Long.compareUnsigned(address + segment.byteSize() - 1, address) < 0) {
            throw new IllegalArgumentException(
                    "no valid range: address=0x" + Long.toHexString(address) + " size=" + segment.byteSize());
        }
    }

    /**
     * Tells whether a range of driver addresses lies wholly in this region.
     *
     * @param from first address, unsigned
     * @param length length in bytes, unsigned
     * @return true if every byte of the range is in this region
     */
    public boolean contains(long from, long length) {
        long offset = from - address;
        long size = segment.byteSize();
        return Long.compareUnsigned(offset, size) <= 0 && Long.compareUnsigned(length, size - offset) <= 0;
    }
}
