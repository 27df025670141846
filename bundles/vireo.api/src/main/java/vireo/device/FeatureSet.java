// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import java.util.Arrays;

/**
 * An immutable set of virtio feature bits, seen as bits or as the 32-bit blocks of the wire (rule VMSG-FEA-01). Bits
 * beyond the highest one set read as zero.
 */
public final class FeatureSet {

    /** Device-independent bit: descriptors may refer to tables of descriptors. */
    public static final int INDIRECT_DESC = 28;
    /** Device-independent bit: event indices rule notifications. */
    public static final int EVENT_IDX = 29;
    /** Device-independent bit: not a legacy device; always offered and always accepted (rules VQ-FEA-14 and 15). */
    public static final int VERSION_1 = 32;
    /** Device-independent bit: addresses are translated or limited. */
    public static final int ACCESS_PLATFORM = 33;
    /** Device-independent bit: packed rings. */
    public static final int RING_PACKED = 34;
    /** Device-independent bit: buffers are used in the order in which they were made available. */
    public static final int IN_ORDER = 35;
    /** Device-independent bit: memory is ordered as platform devices need it. */
    public static final int ORDER_PLATFORM = 36;
    /** Device-independent bit: driver notifications carry the ring position. */
    public static final int NOTIFICATION_DATA = 38;
    /** Device-independent bit: single queues can be reset. */
    public static final int RING_RESET = 40;

    /** The largest number of blocks a set may have: 16384 feature bits. */
    public static final int MAX_BLOCKS = 512;

    /** The empty set. */
    public static final FeatureSet NONE = new FeatureSet(new int[0]);

    private final int[] blocks;

    private FeatureSet(int[] blocks) {
        int used = blocks.length;
        while (used > 0 && blocks[used - 1] == 0) {
            used--;
        }
        this.blocks = Arrays.copyOf(blocks, used);
    }

    /**
     * Makes a set from bit numbers.
     *
     * @param bits feature bit numbers, each 0 to 32 × {@link #MAX_BLOCKS} exclusive
     * @return the set
     * @throws IllegalArgumentException if a number is out of range
     */
    public static FeatureSet of(int... bits) {
        int highest = -1;
        for (int bit : bits) {
            if (bit < 0 || bit >= MAX_BLOCKS * Integer.SIZE) {
                throw new IllegalArgumentException("no feature bit: " + bit);
            }
            highest = Math.max(highest, bit);
        }
        int[] blocks = new int[(highest + Integer.SIZE) / Integer.SIZE];
        for (int bit : bits) {
            blocks[bit / Integer.SIZE] |= 1 << (bit % Integer.SIZE);
        }
        return new FeatureSet(blocks);
    }

    /**
     * Makes a set from 32-bit blocks.
     *
     * @param blocks block 0 first; at most {@link #MAX_BLOCKS}
     * @return the set
     * @throws IllegalArgumentException if there are too many blocks
     */
    public static FeatureSet ofBlocks(int... blocks) {
        if (blocks.length > MAX_BLOCKS) {
            throw new IllegalArgumentException("too many feature blocks: " + blocks.length);
        }
        return new FeatureSet(blocks);
    }

    /**
     * Tells whether a bit is set.
     *
     * @param bit any bit number
     * @return true if it is
     */
    public boolean has(int bit) {
        return bit >= 0 && (block(bit / Integer.SIZE) & 1 << (bit % Integer.SIZE)) != 0;
    }

    /**
     * Returns one 32-bit block.
     *
     * @param index any block index
     * @return the block, 0 where there is none (rule VMSG-FEA-02)
     */
    public int block(int index) {
        return index >= 0 && index < blocks.length ? blocks[index] : 0;
    }

    /**
     * Returns how many blocks are needed to carry the set.
     *
     * @return index of the highest block that is not zero, plus one
     */
    public int blocks() {
        return blocks.length;
    }

    /**
     * Returns the bits of this set and another.
     *
     * @param other the other set
     * @return the union
     */
    public FeatureSet plus(FeatureSet other) {
        int[] union = new int[Math.max(blocks.length, other.blocks.length)];
        for (int i = 0; i < union.length; i++) {
            union[i] = block(i) | other.block(i);
        }
        return new FeatureSet(union);
    }

    /**
     * Returns the bits of this set that are not in another.
     *
     * @param other the other set
     * @return the difference
     */
    public FeatureSet minus(FeatureSet other) {
        int[] left = blocks.clone();
        for (int i = 0; i < left.length; i++) {
            left[i] &= ~other.block(i);
        }
        return new FeatureSet(left);
    }

    /**
     * Returns the bits that are in this set and in another.
     *
     * @param other the other set
     * @return the intersection
     */
    public FeatureSet and(FeatureSet other) {
        int[] common = blocks.clone();
        for (int i = 0; i < common.length; i++) {
            common[i] &= other.block(i);
        }
        return new FeatureSet(common);
    }

    /**
     * Tells whether every bit of another set is in this one.
     *
     * @param other the other set
     * @return true if so
     */
    public boolean containsAll(FeatureSet other) {
        return other.minus(this).blocks.length == 0;
    }

    /**
     * Returns the numbers of the bits that are set.
     *
     * @return bit numbers in rising order
     */
    public int[] bits() {
        int[] found = new int[Arrays.stream(blocks).map(Integer::bitCount).sum()];
        for (int bit = 0, at = 0; at < found.length; bit++) {
            if (has(bit)) {
                found[at++] = bit;
            }
        }
        return found;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FeatureSet set && Arrays.equals(blocks, set.blocks);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(blocks);
    }

    @Override
    public String toString() {
        return Arrays.toString(bits());
    }
}
