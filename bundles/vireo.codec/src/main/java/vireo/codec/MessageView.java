// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * A flyweight over one message in a segment: made once, laid over message after message with {@code wrap} or
 * {@code create}, and never the owner of any bytes.
 *
 * <p>{@code wrap} is for messages that a {@link Validator} accepted; getters then stay within the message. Over
 * anything else they may give nonsense or throw {@link IndexOutOfBoundsException}, and nothing worse. {@code create}
 * writes the header and zeroes for every field, so that a field which is not set is sent as zero (rule VMSG-HDR-18).
 *
 * <p>Quantities of 32 bits (indices, sizes, offsets, lengths, counts) are unsigned and read as {@code long}, so that a
 * hostile value never turns negative; bit patterns that are only compared or tested (status, flags, generation counts,
 * ids) are read as {@code int}. Setters write the low bits. A view is not thread-safe; it keeps the last segment
 * reachable and must not be used once that segment is closed.
 */
public abstract class MessageView {

    /** A little-endian 16-bit field at any address (rule VMSG-END-01). */
    protected static final ValueLayout.OfShort LE16 = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A little-endian 32-bit field at any address. */
    protected static final ValueLayout.OfInt LE32 = JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** A little-endian 64-bit field at any address. */
    protected static final ValueLayout.OfLong LE64 = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The segment that holds the message. */
    protected MemorySegment base;

    /** Where the message starts. */
    protected long offset;

    /** Makes a view that is not laid over anything yet. */
    protected MessageView() {
    }

    /**
     * Lays the view over a message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     */
    protected final void over(MemorySegment segment, long start) {
        // Messages of one bus share a segment, and a store of a reference costs more than a comparison.
        if (base != segment) {
            base = segment;
        }
        offset = start;
    }

    /**
     * Lays the view over a new message and writes its header.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param type type bits of {@link Header}
     * @param messageId message id
     * @param deviceNumber device number
     * @param token token
     * @param size length of the whole message
     */
    protected final void begin(MemorySegment segment, long start, int type, int messageId, int deviceNumber, int token,
            int size) {
        over(segment, start);
        Header.put(segment, start, type, messageId, deviceNumber, token, size);
    }

    /**
     * Computes the size of a message with a part of variable length.
     *
     * @param fixed length of header and fixed fields in bytes
     * @param counted length of what follows, in bytes
     * @return the size of the message
     * @throws IllegalArgumentException if there is no such message
     */
    protected static int sizeWith(int fixed, long counted) {
        if (counted < 0 || counted > Header.MAX_MESSAGE_SIZE - fixed) {
            throw new IllegalArgumentException("no message carries " + counted + " bytes; give 0 to "
                    + (Header.MAX_MESSAGE_SIZE - fixed) + " and send the rest in further messages");
        }
        return fixed + (int) counted;
    }

    /**
     * Reads an unsigned 16-bit field.
     *
     * @param at offset in the message
     * @return 0 to 65535
     */
    protected final int le16(int at) {
        return Short.toUnsignedInt(base.get(LE16, offset + at));
    }

    /**
     * Reads an unsigned 32-bit quantity.
     *
     * @param at offset in the message
     * @return 0 to 2^32 − 1
     */
    protected final long le32(int at) {
        return Integer.toUnsignedLong(base.get(LE32, offset + at));
    }

    /**
     * Copies bytes out of the message.
     *
     * @param at offset in the message
     * @param target where the bytes go
     * @param from index of the first in the target
     * @param length how many
     */
    protected final void copyOut(int at, byte[] target, int from, int length) {
        MemorySegment.copy(base, JAVA_BYTE, offset + at, target, from, length);
    }

    /**
     * Copies bytes into the message.
     *
     * @param at offset in the message
     * @param source where the bytes are
     * @param from index of the first in the source
     * @param length how many
     */
    protected final void copyIn(int at, byte[] source, int from, int length) {
        MemorySegment.copy(source, from, base, JAVA_BYTE, offset + at, length);
    }

    /**
     * Writes zeroes.
     *
     * @param at offset in the message
     * @param length how many bytes
     */
    protected final void zero(int at, int length) {
        long end = offset + at + length;
        long next = offset + at;
        for (; next + Long.BYTES <= end; next += Long.BYTES) {
            base.set(LE64, next, 0);
        }
        for (; next < end; next++) {
            base.set(JAVA_BYTE, next, (byte) 0);
        }
    }

    /**
     * Returns the segment that holds the message.
     *
     * @return the segment of the last {@code wrap} or {@code create}, or null before the first
     */
    public final MemorySegment base() {
        return base;
    }

    /**
     * Returns where in {@link #base()} the message starts.
     *
     * @return byte offset
     */
    public final long offset() {
        return offset;
    }

    /**
     * Reads the device number from the header.
     *
     * @return 0 to 65535
     */
    public final int deviceNumber() {
        return Header.deviceNumber(base, offset);
    }

    /**
     * Reads the token from the header.
     *
     * @return 0 to 65535
     */
    public final int token() {
        return Header.token(base, offset);
    }

    /**
     * Reads the length of the whole message from the header; after {@code create} it is what there is to send.
     *
     * @return 8 to 65535 bytes
     */
    public final int messageSize() {
        return Header.size(base, offset);
    }
}
