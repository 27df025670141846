// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.ArrayBlockingQueue;

import vireo.bus.SendResult;
import vireo.codec.Header;
import vireo.codec.bus.Ping;

/**
 * Answers the peer's PINGs with their data (rule VMSG-BMS-14). A few answers wait while the bus is full; a peer that
 * asks faster than it reads gets no more than those.
 */
final class PingResponder {
    private static final int MOST = 16;

    private static final ValueLayout.OfShort DEVICE_NUMBER =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final Link link;
    private final LinkCounters counters;
    private final ArrayBlockingQueue<Asked> pending = new ArrayBlockingQueue<>(MOST);
    private final MemorySegment message = Arena.ofAuto().allocate(Ping.SIZE, Long.BYTES);
    private Asked next;

    /** A PING to be answered. */
    private record Asked(int device, int token, int data) {
    }

    PingResponder(Link link, LinkCounters counters) {
        this.link = link;
        this.counters = counters;
    }

    /** On the dispatcher, which flushes right after this. */
    void answer(MemorySegment base, long offset) {
        if (pending.offer(new Asked(Header.deviceNumber(base, offset), Header.token(base, offset),
                new Ping().wrap(base, offset).data()))) {
            link.flushLater();
        } else {
            counters.increment(LinkCounters.PINGS_DROPPED);
        }
    }

    /** One call at a time, as all flushing. */
    boolean flush() {
        for (next = next == null ? pending.poll() : next; next != null; next = pending.poll()) {
            new Ping().createResponse(message, 0, next.token(), next.data());
            message.set(DEVICE_NUMBER, Header.DEV_NUM_OFFSET, (short) next.device());
            SendResult result = link.send(message, 0, Ping.SIZE);
            if (result == SendResult.FULL) {
                return false;
            }
            counters.increment(result == SendResult.SENT ? LinkCounters.PINGS_ANSWERED : LinkCounters.PINGS_DROPPED);
        }
        return true;
    }
}
