// SPDX-License-Identifier: Apache-2.0
package vireo.codec.bus;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The response to the bus request GET_DEVICES (transport.md section 15.1, deltas.md section 1): which device numbers of
 * a window are in use.
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +-------------------------------+-------------------------------+
 *  8 | offset                        | RFC3: count  V1: next_offset  |
 *    +-------------------------------+-------------------------------+
 * 12 | RFC3: next_offset  V1: count  | bitmap, (count + 7) / 8 bytes |
 *    +-------------------------------+-------------------------------+
 *    | and so on
 * </pre>
 *
 * <p>Device offset + n is bit n mod 8 of byte n / 8, counted from the least significant end (rule VMSG-BMS-10).
 */
public final class GetDevicesResponse extends MessageView {

    private final int countOffset;
    private final int nextOffset;

    private GetDevicesResponse(int countOffset, int nextOffset) {
        this.countOffset = countOffset;
        this.nextOffset = nextOffset;
    }

    /**
     * Makes a view.
     *
     * @param profile wire layout of the bus
     * @return a view that is not laid over anything yet
     */
    public static GetDevicesResponse of(WireProfile profile) {
        return profile == WireProfile.V1 ? new GetDevicesResponse(THIRD_OFFSET, SECOND_OFFSET)
                : new GetDevicesResponse(SECOND_OFFSET, THIRD_OFFSET);
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public GetDevicesResponse wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Begins a new message in which no device is available and none follows.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param token token of the request
     * @param first first device number of the window, a multiple of 8
     * @param count how many device numbers the answer covers, 0 to {@link #capacity} of the bus
     * @return this view
     */
    public GetDevicesResponse create(MemorySegment segment, long start, int token, int first, int count) {
        begin(segment, start, Header.BUS | Header.RESPONSE, MessageIds.BUS_GET_DEVICES, 0, token,
                sizeWith(BITMAP_OFFSET, bytes(count)));
        zero(Header.BYTES, BITMAP_OFFSET - Header.BYTES + bytes(count));
        segment.set(LE16, start + FIRST_OFFSET, (short) first);
        segment.set(LE16, start + countOffset, (short) count);
        return this;
    }

    /**
     * Returns how many device numbers a message of a given size covers.
     *
     * @param maxMessageSize size in bytes, header included
     * @return device numbers, a multiple of 8, 0 to 65528
     */
    public static int capacity(int maxMessageSize) {
        return Math.min(MAX_COUNT, Math.max(0, maxMessageSize - BITMAP_OFFSET) * Byte.SIZE);
    }

    private static int bytes(int count) {
        return (count + Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Where the first device number is. */
    public static final int FIRST_OFFSET = Header.BYTES;

    /**
     * Reads the first device number of the window.
     *
     * @return 0 to 65528, a multiple of 8
     */
    public int first() {
        return le16(FIRST_OFFSET);
    }

    /** Where the second field is: the count in RFC3, the next offset in V1. */
    public static final int SECOND_OFFSET = FIRST_OFFSET + 2;

    /** Where the third field is: the next offset in RFC3, the count in V1. */
    public static final int THIRD_OFFSET = SECOND_OFFSET + 2;

    private static final int MAX_COUNT = 0xfff8;

    /**
     * Reads how many device numbers the answer covers.
     *
     * @return 0 to 65535, never more than the bitmap has bits
     */
    public int count() {
        return Math.min(le16(countOffset), Math.max(0, messageSize() - BITMAP_OFFSET) * Byte.SIZE);
    }

    /**
     * Reads where to go on.
     *
     * @return a multiple of 8; 0 if no devices follow the window (rule VMSG-BMS-09)
     */
    public int next() {
        return le16(nextOffset);
    }

    /**
     * Writes where to go on.
     *
     * @param first a multiple of 8, or 0 if no devices follow
     * @return this view
     */
    public GetDevicesResponse next(int first) {
        base.set(LE16, offset + nextOffset, (short) first);
        return this;
    }

    /** Where the bitmap starts. */
    public static final int BITMAP_OFFSET = THIRD_OFFSET + 2;

    /**
     * Tells whether a device is available.
     *
     * @param n device number less {@link #first()}, 0 to {@link #count()} exclusive
     * @return true if it is
     */
    public boolean isAvailable(int n) {
        return (base.get(JAVA_BYTE, offset + BITMAP_OFFSET + n / Byte.SIZE) & 1 << n % Byte.SIZE) != 0;
    }

    /**
     * Says that a device is available.
     *
     * @param n device number less {@link #first()}, 0 to {@link #count()} exclusive
     * @return this view
     */
    public GetDevicesResponse setAvailable(int n) {
        long at = offset + BITMAP_OFFSET + n / Byte.SIZE;
        base.set(JAVA_BYTE, at, (byte) (base.get(JAVA_BYTE, at) | 1 << n % Byte.SIZE));
        return this;
    }
}
