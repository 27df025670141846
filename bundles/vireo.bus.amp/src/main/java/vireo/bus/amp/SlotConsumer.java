// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static vireo.bus.amp.SlotRing.SLOTS_OFFSET;
import static vireo.bus.amp.SlotRing.SLOT_BYTES;
import static vireo.bus.amp.SlotRing.WORD;

import java.lang.foreign.MemorySegment;

/**
 * The consuming end of a {@link SlotRing}. One thread at a time. Messages are copied out whole before anybody looks at
 * them, because the peer can change a slot under the reader. The peer's index is looked at again only when the ring
 * seems empty.
 */
final class SlotConsumer {

    private final MemorySegment memory;
    private final long base;
    private final int slots;
    private final PeerIndex peer;
    private int tail;
    private int head;

    SlotConsumer(MemorySegment memory, long base, int slots) {
        this.memory = memory;
        this.base = base;
        this.slots = slots;
        this.peer = new PeerIndex(memory, base + SlotRing.HEAD_OFFSET, slots);
        this.tail = SlotRing.adopt(memory, base + SlotRing.TAIL_OFFSET, slots);
        this.head = tail;
    }

    /**
     * Copies the oldest slot, all 64 bytes of it, into private memory and gives the slot back.
     *
     * @param target private memory; native memory keeps this call at its fastest
     * @param offset where the 64 bytes go
     * @return {@link SlotRing#DONE}, {@link SlotRing#NONE} if there is no message, or {@link SlotRing#BROKEN}
     */
    int take(MemorySegment target, long offset) {
        int slot = tail;
        if (slot == head) {
            int found = refresh(slot);
            if (found != SlotRing.DONE) {
                return found;
            }
        }
        copy(memory, base + SLOTS_OFFSET + (long) slot * SLOT_BYTES, target, offset);
        int next = slot + 1 == slots ? 0 : slot + 1;
        tail = next;
        SlotRing.indexRelease(memory, base + SlotRing.TAIL_OFFSET, next);
        return SlotRing.DONE;
    }

    private int refresh(int slot) {
        int read = peer.read();
        if (read == SlotRing.BROKEN) {
            return SlotRing.BROKEN;
        }
        head = read;
        return read == slot ? SlotRing.NONE : SlotRing.DONE;
    }

    /**
     * Throws away everything that is queued.
     *
     * @return how many messages that was; 0 if the peer's index is no slot number
     */
    int discard() {
        int read = peer.read();
        if (read == SlotRing.BROKEN) {
            return 0;
        }
        int dropped = SlotRing.distance(tail, read, slots);
        tail = read;
        head = read;
        SlotRing.indexRelease(memory, base + SlotRing.TAIL_OFFSET, read);
        return dropped;
    }

    /**
     * Looks whether the peer's index moved as an honest peer's does: never back over messages that were there.
     *
     * @return {@link SlotRing#DONE} or {@link SlotRing#BROKEN}
     */
    int check() {
        int faults = peer.faults();
        int read = peer.read();
        if (read == SlotRing.BROKEN) {
            return SlotRing.BROKEN;
        }
        boolean forgiven = peer.faults() != faults;
        if (!forgiven && SlotRing.distance(tail, read, slots) < SlotRing.distance(tail, head, slots)) {
            return peer.refuse(read);
        }
        head = read;
        return SlotRing.DONE;
    }

    /** Tells whether there was no message at the last look at the peer's index. */
    boolean isEmpty() {
        return tail == head;
    }

    PeerIndex peer() {
        return peer;
    }

    /** Always the whole slot: a constant size is faster than asking the message how long it claims to be. */
    private static void copy(MemorySegment from, long slot, MemorySegment to, long target) {
        to.set(WORD, target, from.get(WORD, slot));
        to.set(WORD, target + 8, from.get(WORD, slot + 8));
        to.set(WORD, target + 16, from.get(WORD, slot + 16));
        to.set(WORD, target + 24, from.get(WORD, slot + 24));
        to.set(WORD, target + 32, from.get(WORD, slot + 32));
        to.set(WORD, target + 40, from.get(WORD, slot + 40));
        to.set(WORD, target + 48, from.get(WORD, slot + 48));
        to.set(WORD, target + 56, from.get(WORD, slot + 56));
    }
}
