// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static vireo.bus.amp.SlotRing.SLOTS_OFFSET;
import static vireo.bus.amp.SlotRing.SLOT_BYTES;
import static vireo.bus.amp.SlotRing.WORD;

import java.lang.foreign.MemorySegment;

/**
 * The producing end of a {@link SlotRing}. One thread at a time. Its own index lives here; the shared copy is only ever
 * written. The peer's index is looked at again only when the ring seems full.
 */
final class SlotProducer {

    private final MemorySegment memory;
    private final long base;
    private final int slots;
    private final PeerIndex peer;
    private int head;
    private int tail;

    SlotProducer(MemorySegment memory, long base, int slots) {
        this.memory = memory;
        this.base = base;
        this.slots = slots;
        this.peer = new PeerIndex(memory, base + SlotRing.TAIL_OFFSET, slots);
        this.head = SlotRing.adopt(memory, base + SlotRing.HEAD_OFFSET, slots);
        // As if full: the peer's index is first read when it is first needed.
        this.tail = next(head);
    }

    /**
     * Copies a message into the next slot, fills the rest of the slot with zeroes (rule VMSG-HDR-15) and publishes it.
     *
     * @param source segment that holds the message; native memory keeps this call at its fastest
     * @param offset where it starts
     * @param length 8 to 64 bytes
     * @return {@link SlotRing#DONE}, {@link SlotRing#NONE} if there is no room, or {@link SlotRing#BROKEN}
     */
    int put(MemorySegment source, long offset, long length) {
        if (length < 8 || length > SLOT_BYTES) {
            throw new IllegalArgumentException("length=" + length + " is not in 8..64");
        }
        int slot = head;
        int next = next(slot);
        if (next == tail) {
            int room = refresh(next);
            if (room != SlotRing.DONE) {
                return room;
            }
        }
        copy(source, offset, (int) length, memory, base + SLOTS_OFFSET + (long) slot * SLOT_BYTES);
        head = next;
        SlotRing.indexRelease(memory, base + SlotRing.HEAD_OFFSET, next);
        return SlotRing.DONE;
    }

    private int refresh(int next) {
        int read = peer.read();
        if (read == SlotRing.BROKEN) {
            return SlotRing.BROKEN;
        }
        tail = read;
        return read == next ? SlotRing.NONE : SlotRing.DONE;
    }

    /**
     * Looks whether the peer's index moved as an honest peer's does: forward, and not past what was put.
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
        // "As if full" puts the starting point right behind the head, from where every index is a legal step.
        if (!forgiven && SlotRing.distance(tail, read, slots) > SlotRing.distance(tail, head, slots)) {
            return peer.refuse(read);
        }
        tail = read;
        return SlotRing.DONE;
    }

    PeerIndex peer() {
        return peer;
    }

    private int next(int slot) {
        return slot + 1 == slots ? 0 : slot + 1;
    }

    /**
     * Eight stores of constant shape: several times faster here than a bulk copy, whose set-up dominates at this size.
     * The last, partial word is read so that it ends at the message's end, since nothing behind it may be touched.
     */
    private static void copy(MemorySegment from, long source, int length, MemorySegment to, long slot) {
        int words = length >>> 3;
        int odd = length & 7;
        long rest = odd == 0 ? 0 : from.get(WORD, source + length - 8) >>> Long.SIZE - (odd << 3);
        to.set(WORD, slot, from.get(WORD, source));
        to.set(WORD, slot + 8, words > 1 ? from.get(WORD, source + 8) : words == 1 ? rest : 0);
        to.set(WORD, slot + 16, words > 2 ? from.get(WORD, source + 16) : words == 2 ? rest : 0);
        to.set(WORD, slot + 24, words > 3 ? from.get(WORD, source + 24) : words == 3 ? rest : 0);
        to.set(WORD, slot + 32, words > 4 ? from.get(WORD, source + 32) : words == 4 ? rest : 0);
        to.set(WORD, slot + 40, words > 5 ? from.get(WORD, source + 40) : words == 5 ? rest : 0);
        to.set(WORD, slot + 48, words > 6 ? from.get(WORD, source + 48) : words == 6 ? rest : 0);
        to.set(WORD, slot + 56, words > 7 ? from.get(WORD, source + 56) : words == 7 ? rest : 0);
    }
}
