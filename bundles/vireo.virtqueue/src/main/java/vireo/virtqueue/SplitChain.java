// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import vireo.device.Chain;
import vireo.memory.MemoryGeneration;

/**
 * One chain of a split ring: a private, checked copy of its descriptors. There is one per head, so that a head can be
 * in use once only and nothing has to be allocated; a new session gets new ones, so that an old session's reference can
 * do no harm.
 */
final class SplitChain implements Chain {

    /** Not taken. */
    static final int FREE = 0;
    /** Taken, and with a device. */
    static final int OPEN = 1;
    /** Taken by an earlier session, and not handed out again yet. */
    static final int WAITING = 2;
    /** Belongs to an earlier session. */
    static final int STALE = 3;

    /** Elements that every chain has room for; block requests and most packets need no more. */
    static final int OWN_ELEMENTS = 8;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(SplitChain.class, "state", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    private final Completions completions;
    private final int head;
    private final long[] own = new long[OWN_ELEMENTS * ElementTables.STRIDE];

    @SuppressWarnings("unused")
    private int state;
    private long sequence;
    private boolean redelivered;

    private RingMemory memory;
    private MemoryGeneration generation;
    private long[] elements = own;
    private int count;
    private int readableCount;
    private long readable;
    private long writable;
    private boolean writableSeen;

    // Where the last copy ended: the part's first element, an element, and the offset of its first byte in the part.
    private int cursorPart;
    private int cursor;
    private long cursorAt;

    SplitChain(Completions completions, int head) {
        this.completions = completions;
        this.head = head;
    }

    int state() {
        return (int) STATE.getAcquire(this);
    }

    void state(int next) {
        STATE.setRelease(this, next);
    }

    int head() {
        return head;
    }

    /** Place in the order in which chains were taken. */
    long sequence() {
        return sequence;
    }

    void waiting(long order) {
        sequence = order;
        state(WAITING);
    }

    /** Empties the chain, to be filled from a ring. */
    void begin(RingMemory from) {
        memory = from;
        generation = from.generation();
        count = 0;
        readableCount = 0;
        readable = 0;
        writable = 0;
        writableSeen = false;
        cursorPart = 0;
        cursor = 0;
        cursorAt = 0;
    }

    void open(long order, boolean again) {
        sequence = order;
        redelivered = again;
        state(OPEN);
    }

    RingMemory memory() {
        return memory;
    }

    /** Notes the direction of a descriptor, empty or not; false if it is readable and comes after a writable one. */
    boolean direction(boolean toDevice) {
        writableSeen |= !toDevice;
        return !(toDevice && writableSeen);
    }

    long bytes() {
        return readable + writable;
    }

    boolean full() {
        return count * ElementTables.STRIDE == elements.length;
    }

    boolean usesOwnElements() {
        return elements == own;
    }

    void moveTo(long[] table) {
        System.arraycopy(own, 0, table, 0, own.length);
        elements = table;
    }

    /** Gives up a borrowed table. */
    long[] leaveTable() {
        long[] table = elements;
        elements = own;
        return table;
    }

    void append(int region, long offset, long length, boolean toDevice) {
        int at = count * ElementTables.STRIDE;
        elements[at] = offset;
        elements[at + 1] = (long) region << Integer.SIZE | length;
        count++;
        if (toDevice) {
            readableCount = count;
            readable += length;
        } else {
            writable += length;
        }
    }

    @Override
    public long readable() {
        return readable;
    }

    @Override
    public long writable() {
        return writable;
    }

    @Override
    public int readableElements() {
        return readableCount;
    }

    @Override
    public int writableElements() {
        return count - readableCount;
    }

    @Override
    public MemorySegment base(int element) {
        Objects.checkIndex(element, count);
        requireOpen();
        return region(element);
    }

    @Override
    public long offset(int element) {
        Objects.checkIndex(element, count);
        return elements[element * ElementTables.STRIDE];
    }

    @Override
    public long length(int element) {
        Objects.checkIndex(element, count);
        return size(element);
    }

    @Override
    public void read(long at, MemorySegment target, long offset, long length) {
        requireOpen();
        Objects.checkFromIndexSize(at, length, readable);
        Objects.checkFromIndexSize(offset, length, target.byteSize());
        seek(at, 0);
        long into = offset;
        long skip = at - cursorAt;
        for (long left = length; left > 0;) {
            long part = Math.min(left, size(cursor) - skip);
            MemorySegment.copy(region(cursor), elements[cursor * ElementTables.STRIDE] + skip, target, into, part);
            left -= part;
            into += part;
            skip = advance(skip + part);
        }
    }

    @Override
    public void write(long at, MemorySegment source, long offset, long length) {
        requireOpen();
        Objects.checkFromIndexSize(at, length, writable);
        Objects.checkFromIndexSize(offset, length, source.byteSize());
        seek(at, readableCount);
        long from = offset;
        long skip = at - cursorAt;
        for (long left = length; left > 0;) {
            long part = Math.min(left, size(cursor) - skip);
            MemorySegment.copy(source, from, region(cursor), elements[cursor * ElementTables.STRIDE] + skip, part);
            left -= part;
            from += part;
            skip = advance(skip + part);
        }
    }

    // Moves the cursor to the element that contains an offset of the part that begins with the given element. The
    // cursor spares long chains that are copied piece by piece a walk from the start for every piece.
    private void seek(long at, int first) {
        if (cursorPart != first || at < cursorAt) {
            cursorPart = first;
            cursor = first;
            cursorAt = 0;
        }
        while (cursor < count && at - cursorAt >= size(cursor)) {
            cursorAt += size(cursor);
            cursor++;
        }
    }

    // Steps over the element if it is copied to its end; gives the offset in the element to go on at.
    private long advance(long done) {
        if (done < size(cursor)) {
            return done;
        }
        cursorAt += done;
        cursor++;
        return 0;
    }

    private long size(int element) {
        return elements[element * ElementTables.STRIDE + 1] & SplitLayout.LENGTH_MASK;
    }

    private MemorySegment region(int element) {
        return generation.segment((int) (elements[element * ElementTables.STRIDE + 1] >>> Integer.SIZE));
    }

    private void requireOpen() {
        if (state() != OPEN) {
            throw new IllegalStateException("chain with head=" + head + " is completed or of an earlier session");
        }
    }

    @Override
    public boolean redelivered() {
        return redelivered;
    }

    @Override
    public void complete(long written) {
        long length = Math.max(0, Math.min(written, Math.min(writable, SplitLayout.LENGTH_MASK)));
        completions.complete(this, (int) length);
    }
}
