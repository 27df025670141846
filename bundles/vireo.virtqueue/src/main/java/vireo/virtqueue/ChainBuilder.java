// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

/** The chain that a driver is building: elements as {@code long}s, until it is known where their descriptors go. */
final class ChainBuilder {

    private final long[] addresses;
    private final long[] rests;
    private int count;
    private boolean tooMany;
    private boolean writableSeen;
    private long bytes;
    private long writable;

    ChainBuilder(int limit) {
        addresses = new long[limit];
        rests = new long[limit];
    }

    void add(long address, long length, boolean toDevice) {
        if (length < 1 || length > SplitLayout.LENGTH_MASK || bytes + length > SplitLayout.MAX_CHAIN_BYTES) {
            clear();
            throw new IllegalArgumentException("length=" + length
                    + ": an element has 1..2^32-1 bytes, a chain at most 2^32 (VQ-SPL-06); the chain is forgotten");
        }
        if (toDevice && writableSeen) {
            clear();
            throw new IllegalStateException("readable element after a writable (VQ-FRM-03); the chain is forgotten");
        }
        writableSeen |= !toDevice;
        bytes += length;
        writable += toDevice ? 0 : length;
        if (count == addresses.length) {
            tooMany = true;
            return;
        }
        addresses[count] = address;
        rests[count] = length | (toDevice ? 0L : (long) SplitLayout.WRITE << Integer.SIZE);
        count++;
    }

    /** Number of elements, or −1 if there are more than any chain can have. */
    int count() {
        return tooMany ? -1 : count;
    }

    long writable() {
        return writable;
    }

    long address(int element) {
        return addresses[element];
    }

    /** Length and flags as a descriptor has them, with NEXT and the index of the next one if there is one. */
    long rest(int element, int next) {
        return element == count - 1 ? rests[element]
                : rests[element] | (long) SplitLayout.NEXT << Integer.SIZE | (long) next << Integer.SIZE + Short.SIZE;
    }

    void clear() {
        count = 0;
        tooMany = false;
        writableSeen = false;
        bytes = 0;
        writable = 0;
    }
}
