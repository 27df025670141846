// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A list of pieces of memory for one scattered read or gathered write, made once and filled again for each. Nothing is
 * allocated after construction.
 *
 * <p>Unlike a single buffer, the pieces are not kept mapped by the call itself: whoever fills the list holds their memory
 * until the call has returned. Not thread-safe; one call at a time.
 */
public final class IoVector {

    /** Most pieces that one call takes. */
    public static final int MAX_CAPACITY = 1024;

    private static final int ENTRY = 16;

    private final MemorySegment entries;
    private final MemorySegment[] bases;
    private int count;
    private long bytes;
    private boolean readOnly;

    /**
     * Makes an empty list.
     *
     * @param capacity most pieces in it, 1 to {@link #MAX_CAPACITY}
     */
    public IoVector(int capacity) {
        if (capacity < 1 || capacity > MAX_CAPACITY) {
            throw new IllegalArgumentException("capacity=" + capacity + " is not in 1.." + MAX_CAPACITY);
        }
        entries = Arena.ofAuto().allocate((long) capacity * ENTRY, 8);
        bases = new MemorySegment[capacity];
    }

    /** Takes every piece out. */
    public void clear() {
        Arrays.fill(bases, 0, count, null);
        count = 0;
        bytes = 0;
        readOnly = false;
    }

    /**
     * Puts a piece at the end.
     *
     * @param base native memory
     * @param offset byte offset in it
     * @param length number of bytes
     * @throws IllegalStateException if the list is full
     * @throws IndexOutOfBoundsException if the range is not within the segment
     */
    public void add(MemorySegment base, long offset, long length) {
        if (count == bases.length) {
            throw new IllegalStateException("all " + count + " pieces are taken");
        }
        Transfer.check(base, offset, length, false);
        set(count, base.address() + offset, length);
        readOnly |= base.isReadOnly();
        bases[count++] = base;
        bytes += length;
    }

    /**
     * Returns how many pieces there are.
     *
     * @return 0 to the capacity
     */
    public int count() {
        return count;
    }

    /**
     * Returns how many pieces fit.
     *
     * @return the capacity
     */
    public int capacity() {
        return bases.length;
    }

    /**
     * Returns how much memory the pieces are together.
     *
     * @return bytes
     */
    public long byteCount() {
        return bytes;
    }

    private void set(int index, long address, long length) {
        entries.set(JAVA_LONG, (long) index * ENTRY, address);
        entries.set(JAVA_LONG, (long) index * ENTRY + 8, length);
    }

    private long address(int index) {
        return entries.get(JAVA_LONG, (long) index * ENTRY);
    }

    private long length(int index) {
        return entries.get(JAVA_LONG, (long) index * ENTRY + 8);
    }

    long transfer(Handle handle, int number, String call, long position) throws OsException {
        boolean reading = number == SystemCall.PREADV;
        if (reading && readOnly) {
            throw new IllegalArgumentException("cannot read into a read-only segment");
        }
        for (int i = 0; i < count; i++) {
            if (!bases[i].scope().isAlive()) {
                throw new IllegalStateException("piece " + i + " of " + count + " is closed memory");
            }
        }
        int fd = handle.enter();
        if (fd < 0) {
            throw handle.closed(call);
        }
        Frame frame = Frame.take();
        try {
            long done = run(frame, handle, fd, number, call, position);
            return done == 0 && reading && bytes > 0 ? Descriptor.EOF : done;
        } finally {
            frame.give();
            handle.exit();
        }
    }

    /** The kernel may do less than everything; then the first piece that is left is cut, and mended before returning. */
    private long run(Frame frame, Handle handle, int fd, int number, String call, long position) throws OsException {
        long done = 0;
        int first = 0;
        long cut = 0;
        try {
            while (done < bytes) {
                long step = frame.call(number, fd, entries.address() + (long) first * ENTRY, count - first,
                        position + done, 0, 0, entries);
                if (step < 0) {
                    throw handle.failure(call, ", pieces=" + (count - first) + ", length=" + (bytes - done)
                            + ", position=" + (position + done), step);
                }
                if (step == 0) {
                    break;
                }
                done += step;
                while (first < count && step >= length(first)) {
                    step -= length(first);
                    set(first, address(first) - cut, length(first) + cut);
                    cut = 0;
                    first++;
                }
                if (step > 0) {
                    set(first, address(first) + step, length(first) - step);
                    cut += step;
                }
            }
            return done;
        } finally {
            if (cut > 0) {
                set(first, address(first) - cut, length(first) + cut);
            }
        }
    }
}
