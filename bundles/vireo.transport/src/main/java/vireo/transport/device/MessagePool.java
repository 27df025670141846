// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The messages that a slot, or a bus for itself, may have between arrival and the sending of their responses: as many
 * responses as requests. Each is made when it is first needed, so that an idle slot has none and a driver that asks one
 * thing at a time costs one or two.
 */
final class MessagePool {
    /** How many requests may wait to be handled. */
    static final int INBOX = 64;

    private static final int WORDS = 2 * INBOX / Long.SIZE;

    private final SlotEvents events;
    private final int maxMessageSize;
    private final AtomicLongArray used = new AtomicLongArray(WORDS);
    private final AtomicReferenceArray<Message> messages = new AtomicReferenceArray<>(WORDS * Long.SIZE);

    MessagePool(SlotEvents events, int maxMessageSize) {
        this.events = events;
        this.maxMessageSize = maxMessageSize;
    }

    /** Takes a message; null if all are in use. */
    Message take() {
        for (int word = 0; word < WORDS; word++) {
            for (long now = used.get(word); now != -1; now = used.get(word)) {
                int bit = Long.numberOfTrailingZeros(~now);
                if (used.compareAndSet(word, now, now | 1L << bit)) {
                    return made(word * Long.SIZE + bit);
                }
            }
        }
        return null;
    }

    private Message made(int index) {
        Message message = messages.get(index);
        if (message == null) {
            message = new Message(this, index, events, maxMessageSize);
            messages.set(index, message);
        }
        return message;
    }

    void release(int index) {
        int word = index / Long.SIZE;
        long now = used.get(word);
        while (!used.compareAndSet(word, now, now & ~(1L << index))) {
            now = used.get(word);
        }
    }
}
