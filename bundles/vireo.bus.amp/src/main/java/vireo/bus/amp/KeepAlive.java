// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import vireo.bus.MessageBus;

/**
 * Decides when to ask a silent peer whether it is alive, makes the PING, and knows the answer (rules VMSG-BUS-16 to
 * 19). Any message is a sign of life. Pure logic: the caller has the clock and sends.
 *
 * <pre>
 * PING  0 type 0x02 (0x03 in the answer) | 1 id 0x03 | 2 le16 0 | 4 le16 token | 6 le16 12 | 8 le32 data, echoed
 * </pre>
 */
final class KeepAlive {

    static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Size of a PING and of its answer. */
    static final int BYTES = 12;

    private static final ValueLayout.OfShort LE16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int BUS = 2;
    private static final int BUS_RESPONSE = 3;
    private static final int TYPE_BITS = 3;
    private static final int PING_ID = 3;
    /** A ring that is full now is tried again after this time. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** What to do now. */
    enum Next { WAIT, PING, LOST }

    private final boolean enabled;
    private final MemorySegment message = Arena.ofAuto().allocate(16, Long.BYTES);
    private int token;
    private boolean heard;
    private boolean asked;
    private long due;

    KeepAlive(boolean enabled) {
        this.enabled = enabled;
    }

    /** Starts anew with a peer. */
    void start(long now) {
        token = ThreadLocalRandom.current().nextInt(MessageBus.FIRST_BUS_TOKEN, 0x10000);
        heard = false;
        asked = false;
        due = now + IDLE_NANOS;
    }

    /** Notes a sign of life; its time is that of the next call of {@link #next}. */
    void heard() {
        heard = true;
    }

    /** Says what to do at a moment. */
    Next next(long now) {
        if (!enabled) {
            return Next.WAIT;
        }
        if (heard) {
            heard = false;
            asked = false;
            due = now + IDLE_NANOS;
        }
        if (now - due < 0) {
            return Next.WAIT;
        }
        return asked ? Next.LOST : Next.PING;
    }

    /** Returns how long there is nothing to do. */
    long waitNanos(long now) {
        return enabled ? Math.max(0, due - now) : Long.MAX_VALUE;
    }

    /** Makes the next PING: 12 bytes at offset 0. */
    MemorySegment ping(long now) {
        token = token == 0xffff ? MessageBus.FIRST_BUS_TOKEN : token + 1;
        message.set(ValueLayout.JAVA_BYTE, 0, (byte) BUS);
        message.set(ValueLayout.JAVA_BYTE, 1, (byte) PING_ID);
        message.set(LE16, 2, (short) 0);
        message.set(LE16, 4, (short) token);
        message.set(LE16, 6, (short) BYTES);
        message.set(LE32, 8, (int) now);
        return message;
    }

    /** Notes what became of the PING. */
    void sent(boolean done, long now) {
        asked = done;
        due = now + (done ? ANSWER_NANOS : RETRY_NANOS);
    }

    /**
     * Tells whether a received message answers a request of this bus, and so is nobody else's: a bus response with one
     * of the bus's own tokens, also one that comes late or that was never asked for.
     */
    static boolean isOurs(MemorySegment base, long offset) {
        return (base.get(ValueLayout.JAVA_BYTE, offset) & TYPE_BITS) == BUS_RESPONSE
                && Short.toUnsignedInt(base.get(LE16, offset + 4)) >= MessageBus.FIRST_BUS_TOKEN;
    }
}
