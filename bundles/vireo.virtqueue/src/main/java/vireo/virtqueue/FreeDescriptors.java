// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

/**
 * The driver's own list of descriptors that are free, and of how the others are linked. It is kept apart from the table
 * in shared memory, which a device could change.
 */
final class FreeDescriptors {

    private final short[] next;
    private int first;
    private int count;

    FreeDescriptors(int size) {
        next = new short[size];
        for (int i = 0; i < size; i++) {
            next[i] = (short) (i + 1);
        }
        count = size;
    }

    int count() {
        return count;
    }

    /** Takes one; there must be one. */
    int take() {
        int taken = first;
        first = next(taken);
        count--;
        return taken;
    }

    /** The descriptor that follows: in a chain that was taken one by one, or in the free list. */
    int next(int descriptor) {
        return next[descriptor] & SplitLayout.INDEX_MASK;
    }

    /** The one that {@link #take} would give. */
    int peek() {
        return first;
    }

    /** Gives back descriptors that were taken one after the other. */
    void giveBack(int head, int length) {
        int last = head;
        for (int i = 1; i < length; i++) {
            last = next(last);
        }
        next[last] = (short) first;
        first = head;
        count += length;
    }
}
