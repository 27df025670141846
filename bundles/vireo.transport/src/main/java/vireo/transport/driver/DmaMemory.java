// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import vireo.memory.GuestMemory;
import vireo.memory.MemoryGeneration;

/**
 * Allocates pieces of a bus's driver memory, first fit. What is taken is kept by address and not by memory generation,
 * so that a piece stays taken when the bus publishes the same memory again.
 *
 * <p>Memory that a device may still write is not given out again: a device that was not reset when its driver let go of
 * it may have chains in flight, and a process that seems dead may only be slow. Such pieces are <em>suspect</em> until
 * {@link #release} is told that their device is reset or gone for good.
 */
final class DmaMemory {
    /** An address of zero means "not set up" in GET_VQUEUE, so nothing is put there. */
    private static final long LOWEST = 4096;

    private final GuestMemory memory;
    private final ReentrantLock lock = new ReentrantLock();
    /** What is taken, by first address, in unsigned order. */
    private final TreeMap<Long, Piece> taken = new TreeMap<>(Long::compareUnsigned);

    /** A range of addresses that is not free. */
    static final class Piece {
        private final long address;
        private final long size;
        private final DmaUser user;
        private boolean suspect;

        private Piece(long address, long size, DmaUser user) {
            this.address = address;
            this.size = size;
            this.user = user;
        }
    }

    DmaMemory(GuestMemory memory) {
        this.memory = memory;
    }

    /**
     * Takes a piece.
     *
     * @return the buffer, zeroed, or null if there is no such piece
     */
    DmaPiece allocate(DmaUser user, long size, long alignment) {
        MemoryGeneration generation = memory.isRemote() ? null : memory.acquire();
        if (generation == null) {
            return null;
        }
        DmaPiece made = null;
        try {
            Piece piece = take(generation, user, size, alignment);
            if (piece != null) {
                int region = generation.find(piece.address, size);
                long offset = piece.address - generation.address(region);
                made = new DmaPiece(this, piece, generation, piece.address,
                        generation.segment(region).asSlice(offset, size));
                made.segment().fill((byte) 0);
            }
            return made;
        } finally {
            if (made == null) {
                generation.release();
            }
        }
    }

    private Piece take(MemoryGeneration generation, DmaUser user, long size, long alignment) {
        lock.lock();
        try {
            for (int region = 0; region < generation.regions(); region++) {
                long start = generation.address(region);
                long address = gap(start, generation.segment(region).byteSize(), size, alignment);
                if (address != 0) {
                    Piece piece = new Piece(address, size, user);
                    taken.put(address, piece);
                    return piece;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Finds the first gap in a region; 0 if there is none. Offsets in the region cannot overflow, addresses could. */
    private long gap(long start, long length, long size, long alignment) {
        Map.Entry<Long, Piece> before = taken.lowerEntry(start);
        long offset = Math.max(start == 0 ? LOWEST : 0, before == null ? 0 : end(before.getValue(), start));
        for (Piece next : taken.subMap(start, true, start + length - 1, true).values()) {
            offset += -(start + offset) & alignment - 1;
            long room = next.address - start - offset;
            if (offset >= 0 && size <= room) {
                return start + offset;
            }
            offset = Math.max(offset, end(next, start));
        }
        offset += -(start + offset) & alignment - 1;
        return offset >= 0 && offset <= length && size <= length - offset ? start + offset : 0;
    }

    private static long end(Piece piece, long start) {
        return piece.address + piece.size - start;
    }

    /** Gives a piece back; one that its device may still write stays taken. */
    void free(Piece piece) {
        lock.lock();
        try {
            if (piece.user.quiet()) {
                taken.remove(piece.address, piece);
            } else {
                piece.suspect = true;
            }
        } finally {
            lock.unlock();
        }
    }

    /** A device was reset, or is gone for good: what was suspect because of it is free. */
    void release(int device) {
        release(piece -> piece.user.number() == device);
    }

    /** The bus says which devices there are: what was suspect because of any other is free. */
    void releaseAbsent(BitSet present) {
        release(piece -> !present.get(piece.user.number()));
    }

    private void release(Predicate<Piece> which) {
        lock.lock();
        try {
            taken.values().stream().filter(which).map(piece -> piece.user).filter(DmaUser::isDead)
                    .forEach(DmaUser::cleared);
            taken.values().removeIf(piece -> piece.suspect && which.test(piece));
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many bytes are taken, suspect ones included. */
    long taken() {
        lock.lock();
        try {
            return taken.values().stream().mapToLong(piece -> piece.size).sum();
        } finally {
            lock.unlock();
        }
    }
}
