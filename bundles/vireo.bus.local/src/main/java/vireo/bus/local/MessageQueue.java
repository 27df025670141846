// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;

/**
 * A bounded queue of messages from any number of senders to one receiver, in memory that is allocated once. Nobody waits:
 * a sender that finds no free slot is told so.
 *
 * <p>Each slot is as follows. Its turn says whose it is: {@code n} that the sender of message {@code n} may fill it,
 * {@code n + 1} that this message is in it; taking it out makes the turn that of the next lap.
 *
 * <pre>
 *   0  turn     8  length, −1 for none    16  bytes of the message
 * </pre>
 */
final class MessageQueue {

    private static final long LENGTH = 8;
    private static final long BYTES = 16;
    /** Two senders do not write to one cache line. */
    private static final long SLOT_ALIGNMENT = 64;

    private static final VarHandle TURN = JAVA_LONG.varHandle();
    private static final VarHandle NEXT;

    static {
        try {
            NEXT = MethodHandles.lookup().findVarHandle(MessageQueue.class, "next", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final MemorySegment slots;
    private final long stride;
    private final int depth;
    /** Number of the next message to be sent. */
    private volatile long next;
    /** Number of the next message to be received; the receiver's alone. */
    private long received;

    /**
     * Makes an empty queue.
     *
     * @param depth how many messages fit, a power of two
     * @param largest bytes of the largest message
     */
    MessageQueue(int depth, int largest) {
        this.depth = depth;
        this.stride = BYTES + largest + SLOT_ALIGNMENT - 1 & -SLOT_ALIGNMENT;
        this.slots = Arena.ofAuto().allocate(stride * depth, SLOT_ALIGNMENT);
        for (int i = 0; i < depth; i++) {
            TURN.set(slots, i * stride, (long) i);
        }
    }

    private long slot(long number) {
        return (number & depth - 1) * stride;
    }

    /**
     * Copies a message into the queue, on any thread.
     *
     * @param length its length, not more than the largest
     * @return false if there is no room
     */
    boolean offer(MemorySegment base, long offset, long length) {
        Objects.checkFromIndexSize(offset, length, base.byteSize());
        long number = next;
        while (true) {
            long slot = slot(number);
            long turn = (long) TURN.getAcquire(slots, slot);
            if (turn < number) {
                return false;
            }
            if (turn == number && NEXT.compareAndSet(this, number, number + 1)) {
                fill(slot, number, base, offset, length);
                return true;
            }
            number = next;
        }
    }

    /** A slot that was taken must be passed on even if the sender's memory cannot be read, or the queue would stand. */
    private void fill(long slot, long number, MemorySegment base, long offset, long length) {
        int filled = -1;
        try {
            MemorySegment.copy(base, offset, slots, slot + BYTES, length);
            filled = (int) length;
        } finally {
            slots.set(JAVA_INT_UNALIGNED, slot + LENGTH, filled);
            TURN.setRelease(slots, slot, number + 1);
        }
    }

    /** Tells, on the receiver's thread, whether a message is there. */
    boolean hasMessage() {
        return (long) TURN.getAcquire(slots, slot(received)) == received + 1;
    }

    /** Returns the memory that the messages are in. */
    MemorySegment memory() {
        return slots;
    }

    /** Returns where the message that is there starts. */
    long offset() {
        return slot(received) + BYTES;
    }

    /** Returns the length of the message that is there, or −1 if its sender failed. */
    long length() {
        return slots.get(JAVA_INT_UNALIGNED, slot(received) + LENGTH);
    }

    /** Frees the slot of the message that is there. */
    void remove() {
        long number = received++;
        TURN.setRelease(slots, slot(number), number + depth);
    }
}
