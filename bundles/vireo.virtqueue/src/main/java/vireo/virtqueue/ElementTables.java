// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

/**
 * Room for the elements of chains that are longer than most. Every chain has room for a few of its own; longer ones
 * borrow a table that holds the longest legal chain. A table is made when it is first needed and kept, and there are so
 * few that a driver can not make one queue hold more than 4 MiB of them; a chain that finds none waits in the ring
 * until a completion gives one back. Guarded by the lock of {@link Completions}.
 */
final class ElementTables {

    /** Longs per element: offset in its region; region index and length. */
    static final int STRIDE = 2;

    private static final int MAX_ELEMENTS = 1 << 18;

    private final int elements;
    private final long[][] free;
    private int freeCount;
    private int unmade;

    /**
     * Makes an empty pool.
     *
     * @param elements elements of one table
     * @param chains largest number of chains in flight
     */
    ElementTables(int elements, int chains) {
        this.elements = elements;
        unmade = Math.min(chains, Math.max(1, MAX_ELEMENTS / elements));
        free = new long[unmade][];
    }

    long[] take() {
        if (freeCount > 0) {
            return free[--freeCount];
        }
        if (unmade > 0) {
            unmade--;
            return new long[elements * STRIDE];
        }
        return null;
    }

    void giveBack(long[] table) {
        free[freeCount++] = table;
    }

    /** Lets a table be made anew in the place of one that somebody may still look into. */
    void forget() {
        unmade++;
    }
}
