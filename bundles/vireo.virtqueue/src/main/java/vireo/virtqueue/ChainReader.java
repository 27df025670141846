// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.foreign.MemorySegment;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.memory.MemoryGeneration;

/**
 * Copies a chain's descriptors out of a split ring, each one once, and checks the copies. What is wrong makes it throw;
 * it changes nothing but the chain it fills.
 *
 * <p>One budget covers a chain's direct descriptors and its table: a chain may have as many descriptors as the queue,
 * or {@link #MAX_TABLE} if that is more (rules VQ-ROB-01 and VQ-FRM-02). For one serving thread at a time.
 */
final class ChainReader {

    /** Entries of an indirect table at most. */
    static final int MAX_TABLE = 1024;

    private final int queue;
    private final int size;
    private final int limit;
    private final boolean indirect;
    private final Completions completions;

    ChainReader(QueueSpec spec, Completions completions) {
        queue = spec.index();
        size = spec.size();
        limit = limit(size);
        indirect = spec.features().has(FeatureSet.INDIRECT_DESC);
        this.completions = completions;
    }

    /** The largest number of elements of a chain. */
    static int limit(int size) {
        return Math.max(size, MAX_TABLE);
    }

    /**
     * Fills a chain.
     *
     * @return false if there is no room for so long a chain until another one is completed
     */
    boolean read(SplitChain chain, RingMemory rings) {
        chain.begin(rings);
        int index = chain.head();
        for (int steps = 1;; steps++) {
            long address = rings.descriptorAddress(index);
            long rest = rings.descriptorRest(index);
            int flags = flags(rest);
            if ((flags & SplitLayout.INDIRECT) != 0) {
                return readTable(chain, address, rest, limit - steps);
            }
            if (!element(chain, address, rest & SplitLayout.LENGTH_MASK, (flags & SplitLayout.WRITE) == 0)) {
                return false;
            }
            if ((flags & SplitLayout.NEXT) == 0) {
                return true;
            }
            if (steps == size) {
                throw malformed("chain at head " + chain.head() + " has more than " + size + " descriptors",
                        "VQ-ROB-01");
            }
            index = next(rest);
            if (index >= size) {
                throw malformed("descriptor has next=" + index + ", queue size is " + size, "VQ-ROB-02");
            }
        }
    }

    private static int flags(long rest) {
        return (int) (rest >>> Integer.SIZE) & SplitLayout.INDEX_MASK;
    }

    private static int next(long rest) {
        return (int) (rest >>> Integer.SIZE + Short.SIZE);
    }

    private boolean readTable(SplitChain chain, long table, long rest, int budget) {
        long length = rest & SplitLayout.LENGTH_MASK;
        int entries = checkTable(length, flags(rest));
        MemoryGeneration generation = chain.memory().generation();
        int region = generation.find(table, length);
        if (region == MemoryGeneration.NOT_MAPPED) {
            if (!AdjacentRegions.cover(generation, table, length)) {
                throw malformed("table at 0x" + Long.toHexString(table) + " with len=" + length
                        + " is not wholly in driver memory", "VQ-ROB-05");
            }
            return readEntries(chain, null, table, entries, budget);
        }
        return readEntries(chain, generation.segment(region), table - generation.address(region), entries, budget);
    }

    private int checkTable(long length, int flags) {
        if (!indirect) {
            throw malformed("INDIRECT without INDIRECT_DESC agreed on", "VQ-ROB-04");
        }
        if ((flags & SplitLayout.NEXT) != 0) {
            throw malformed("INDIRECT together with NEXT", "VQ-ROB-04");
        }
        if (length == 0 || length % SplitLayout.DESCRIPTOR_SIZE != 0) {
            throw malformed("table has len=" + length + ", not a multiple of 16 above 0", "VQ-ROB-05");
        }
        if (length > (long) MAX_TABLE * SplitLayout.DESCRIPTOR_SIZE) {
            throw malformed("table has " + length / SplitLayout.DESCRIPTOR_SIZE + " entries, limit is " + MAX_TABLE,
                    "VQ-ROB-01");
        }
        return (int) (length / SplitLayout.DESCRIPTOR_SIZE);
    }

    // A table that crosses from one region into the next has no segment of its own; then "at" is a driver address.
    private boolean readEntries(SplitChain chain, MemorySegment segment, long at, int entries, int budget) {
        MemoryGeneration generation = chain.memory().generation();
        int bound = Math.min(entries, budget);
        int index = 0;
        for (int steps = 1;; steps++) {
            if (steps > bound) {
                throw malformed("chain at head " + chain.head() + " goes on after " + bound + " table entries",
                        "VQ-ROB-01");
            }
            long entry = at + (long) SplitLayout.DESCRIPTOR_SIZE * index;
            long address = segment == null ? AdjacentRegions.read64(generation, entry)
                    : segment.get(SplitLayout.LE64, entry);
            long rest = segment == null ? AdjacentRegions.read64(generation, entry + SplitLayout.REST_OFFSET)
                    : segment.get(SplitLayout.LE64, entry + SplitLayout.REST_OFFSET);
            int flags = flags(rest);
            if ((flags & SplitLayout.INDIRECT) != 0) {
                throw malformed("INDIRECT inside a table", "VQ-ROB-04");
            }
            if (!element(chain, address, rest & SplitLayout.LENGTH_MASK, (flags & SplitLayout.WRITE) == 0)) {
                return false;
            }
            if ((flags & SplitLayout.NEXT) == 0) {
                return true;
            }
            index = next(rest);
            if (index >= entries) {
                throw malformed("table entry has next=" + index + ", table has " + entries + " entries", "VQ-ROB-02");
            }
        }
    }

    private boolean element(SplitChain chain, long address, long length, boolean toDevice) {
        if (!chain.direction(toDevice)) {
            throw malformed("readable element after a writable one, head " + chain.head(), "VQ-ROB-08");
        }
        if (length == 0) {
            return true;
        }
        if (chain.bytes() + length > SplitLayout.MAX_CHAIN_BYTES) {
            throw malformed("chain at head " + chain.head() + " has more than 2^32 bytes", "VQ-ROB-09");
        }
        MemoryGeneration generation = chain.memory().generation();
        int region = generation.find(address, length);
        if (region == MemoryGeneration.NOT_MAPPED) {
            return scattered(chain, address, length, toDevice);
        }
        return append(chain, region, address - generation.address(region), length, toDevice);
    }

    // An element may run from one region into the next one, since to the driver they are one piece of memory.
    private boolean scattered(SplitChain chain, long address, long length, boolean toDevice) {
        MemoryGeneration generation = chain.memory().generation();
        if (!AdjacentRegions.cover(generation, address, length)) {
            throw malformed("element at 0x" + Long.toHexString(address) + " with len=" + length
                    + " is not in driver memory", "VQ-ROB-07");
        }
        long at = address;
        for (long left = length; left > 0;) {
            int region = generation.find(at, 1);
            long offset = at - generation.address(region);
            long part = Math.min(left, generation.segment(region).byteSize() - offset);
            if (!append(chain, region, offset, part, toDevice)) {
                return false;
            }
            at += part;
            left -= part;
        }
        return true;
    }

    private boolean append(SplitChain chain, int region, long offset, long length, boolean toDevice) {
        if (chain.full() && !grow(chain)) {
            return false;
        }
        chain.append(region, offset, length, toDevice);
        return true;
    }

    private boolean grow(SplitChain chain) {
        if (!chain.usesOwnElements()) {
            throw malformed("chain at head " + chain.head() + " has more than " + limit + " elements", "VQ-ROB-01");
        }
        return completions.lendTable(chain);
    }

    private QueueBrokenException malformed(String what, String rule) {
        return new QueueBrokenException("queue " + queue + ": " + what + " (" + rule + ")");
    }
}
