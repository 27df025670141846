// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The 64 messages that a slot, or a bus for itself, may have between arrival and the sending of their responses. Each is
 * made when it is first needed, so that an idle slot has none and a driver that asks one thing at a time costs one.
 */
final class MessagePool {
    static final int SIZE = Long.SIZE;

    private final SlotEvents events;
    private final int maxMessageSize;
    private final AtomicLong free = new AtomicLong(-1);
    private final AtomicReferenceArray<Message> messages = new AtomicReferenceArray<>(SIZE);

    MessagePool(SlotEvents events, int maxMessageSize) {
        this.events = events;
        this.maxMessageSize = maxMessageSize;
    }

    /** Takes a message; null if all are in use. */
    Message take() {
        while (true) {
            long now = free.get();
            if (now == 0) {
                return null;
            }
            int index = Long.numberOfTrailingZeros(now);
            if (free.compareAndSet(now, now & ~(1L << index))) {
                Message message = messages.get(index);
                if (message == null) {
                    message = new Message(this, index, events, maxMessageSize);
                    messages.set(index, message);
                }
                return message;
            }
        }
    }

    void release(int index) {
        long now = free.get();
        while (!free.compareAndSet(now, now | 1L << index)) {
            now = free.get();
        }
    }

    /** How many are in use. */
    int inUse() {
        return SIZE - Long.bitCount(free.get());
    }
}
