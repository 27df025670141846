// SPDX-License-Identifier: Apache-2.0
package vireo.memory;

import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An immutable set of {@linkplain MemoryRegion regions}, valid from one change of the driver's memory to the next.
 *
 * <p>A generation counts its holders: its bus, each queue that is set up on it, each chain in flight, each native call
 * given a raw address. Whoever drops the last hold lets it be unmapped. Unmapping never happens on the caller's thread,
 * so dropping a hold is cheap and legal on the data path.
 *
 * <p>Look-ups are by driver address and length and give a region's index, so that they allocate nothing; they take any
 * values and are the one place where an address that came from a driver is judged (rule VQ-ROB-07). All methods are
 * thread-safe.
 */
public final class MemoryGeneration {

    /** What {@link #find} returns for a range that is not wholly in one region. */
    public static final int NOT_MAPPED = -1;

    private final long number;
    private final MemorySegment[] segments;
    private final long[] addresses;
    private final long[] sizes;
    private final int hot;
    private final long hotAddress;
    private final long hotSize;
    private final Runnable unmap;
    private final AtomicInteger holders = new AtomicInteger(1);

    /**
     * Makes a generation with one hold, which belongs to the caller.
     *
     * @param number its number; each generation of one {@link GuestMemory} has a higher one than its predecessor
     * @param regions the regions, in any order; may be empty
     * @param unmap run once, on a thread of its own, after the last hold was dropped
     * @throws IllegalArgumentException if two regions overlap
     */
    public MemoryGeneration(long number, List<MemoryRegion> regions, Runnable unmap) {
        this.number = number;
        this.unmap = Objects.requireNonNull(unmap, "unmap");
        List<MemoryRegion> sorted = regions.stream()
                .sorted(Comparator.comparing(MemoryRegion::address, Long::compareUnsigned)).toList();
        int count = sorted.size();
        segments = new MemorySegment[count];
        addresses = new long[count];
        sizes = new long[count];
        int largest = 0;
        for (int i = 0; i < count; i++) {
            MemoryRegion region = sorted.get(i);
            segments[i] = region.segment();
            addresses[i] = region.address();
            sizes[i] = region.segment().byteSize();
            if (i > 0 && Long.compareUnsigned(addresses[i] - addresses[i - 1], sizes[i - 1]) < 0) {
                throw new IllegalArgumentException("regions overlap at address=0x" + Long.toHexString(addresses[i]));
            }
            largest = sizes[i] > sizes[largest] ? i : largest;
        }
        hot = largest;
        hotAddress = count == 0 ? 0 : addresses[largest];
        hotSize = count == 0 ? -1 : sizes[largest];
    }

    /**
     * Returns the number of this generation.
     *
     * @return the number given at construction
     */
    public long number() {
        return number;
    }

    /**
     * Returns how many regions there are.
     *
     * @return the count, 0 or more
     */
    public int regions() {
        return segments.length;
    }

    /**
     * Finds the region that wholly contains a range.
     *
     * @param address first driver address, unsigned, any value
     * @param length length in bytes, unsigned, any value; with 0 the address itself must be in or at the end of a region
     * @return the index of the region, or {@link #NOT_MAPPED}
     */
    public int find(long address, long length) {
        long offset = address - hotAddress;
        if (offset >= 0 && length >= 0 && offset <= hotSize && length <= hotSize - offset) {
            return hot;
        }
        return findElsewhere(address, length);
    }

    private int findElsewhere(long address, long length) {
        for (int i = 0; i < segments.length; i++) {
            long offset = address - addresses[i];
            if (Long.compareUnsigned(offset, sizes[i]) <= 0
                    && Long.compareUnsigned(length, sizes[i] - offset) <= 0) {
                return i;
            }
        }
        return NOT_MAPPED;
    }

    /**
     * Returns the memory of a region.
     *
     * @param region an index that {@link #find} gave, 0 to {@link #regions()} exclusive
     * @return the region's whole, long-lived segment; valid while the caller has a hold
     */
    public MemorySegment segment(int region) {
        return segments[region];
    }

    /**
     * Returns the driver address of a region's first byte.
     *
     * @param region an index, 0 to {@link #regions()} exclusive
     * @return the address, unsigned
     */
    public long address(int region) {
        return addresses[region];
    }

    /**
     * Takes a hold, so that the memory stays mapped until {@link #release()}.
     *
     * @return true if the hold was taken, false if the generation was already given up
     */
    public boolean hold() {
        int now = holders.get();
        while (now > 0) {
            if (holders.compareAndSet(now, now + 1)) {
                return true;
            }
            now = holders.get();
        }
        return false;
    }

    /**
     * Drops a hold; the last one lets the memory be unmapped.
     *
     * @throws IllegalStateException if there was no hold to drop
     */
    public void release() {
        int left = holders.decrementAndGet();
        if (left == 0) {
            Thread.ofVirtual().name("vireo-unmap-", number).start(unmap);
        } else if (left < 0) {
            holders.set(0);
            throw new IllegalStateException("released more often than held: generation=" + number);
        }
    }

    /**
     * Returns the number of holds, for display and tests.
     *
     * @return the count at this moment; 0 once given up
     */
    public int holders() {
        return Math.max(0, holders.get());
    }
}
