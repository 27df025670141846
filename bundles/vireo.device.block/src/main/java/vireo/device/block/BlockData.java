// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.lang.foreign.MemorySegment;
import vireo.device.Chain;
import vireo.os.IoVector;

/**
 * The data of one request: a range of the readable or writable part of a chain. Made once per queue and wrapped around
 * one chain after the other; valid while the chain is.
 */
final class BlockData {

    private final IoVector vector = new IoVector(256);
    private Chain chain;
    private boolean writable;
    private long start;
    private long length;
    // Where fill() goes on: element, bytes of it that are done, bytes left in all.
    private int element;
    private long inElement;
    private long left;

    /** Wraps the readable part of a chain from an offset. */
    BlockData source(Chain of, long from, long bytes) {
        return wrap(of, false, from, bytes);
    }

    /** Wraps the start of the writable part of a chain. */
    BlockData target(Chain of, long bytes) {
        return wrap(of, true, 0, bytes);
    }

    private BlockData wrap(Chain of, boolean isWritable, long from, long bytes) {
        chain = of;
        writable = isWritable;
        start = from;
        length = bytes;
        return this;
    }

    void unwrap() {
        chain = null;
        length = 0;
        vector.clear();
    }

    long length() {
        return length;
    }

    /** Copies bytes out of a source. */
    void get(long at, MemorySegment target, long offset, long bytes) {
        chain.read(start + at, target, offset, bytes);
    }

    /** Copies bytes into a target. */
    void put(long at, MemorySegment source, long offset, long bytes) {
        chain.write(start + at, source, offset, bytes);
    }

    /** Goes to the first piece, for {@link #fill()}. */
    void rewind() {
        element = writable ? chain.readableElements() : 0;
        inElement = start;
        left = length;
        while (left > 0 && inElement >= chain.length(element)) {
            inElement -= chain.length(element++);
        }
    }

    /**
     * Returns the next pieces as the kernel takes them.
     *
     * @return at most as many as fit; none when everything was returned since {@link #rewind()}
     */
    IoVector fill() {
        vector.clear();
        while (left > 0 && vector.count() < vector.capacity()) {
            long piece = Math.min(left, chain.length(element) - inElement);
            vector.add(chain.base(element), chain.offset(element) + inElement, piece);
            left -= piece;
            inElement = 0;
            element++;
        }
        return vector;
    }

    /** Returns the element that holds all of the data, from {@link #startInElement} on, or −1 if it is cut. */
    int only() {
        return left == length && left > 0 && left <= chain.length(element) - inElement ? element : -1;
    }

    /** Returns where the data starts in the memory of its only element. */
    long startInElement() {
        return chain.offset(element) + inElement;
    }

    MemorySegment base(int index) {
        return chain.base(index);
    }
}
