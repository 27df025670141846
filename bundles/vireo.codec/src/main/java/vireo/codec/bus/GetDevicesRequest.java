// SPDX-License-Identifier: Apache-2.0
package vireo.codec.bus;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The bus request GET_DEVICES (transport.md section 15.1).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +-------------------------------+-------------------------------+
 *  8 | offset, a multiple of 8       | count, a multiple of 8        |
 *    +-------------------------------+-------------------------------+
 * </pre>
 */
public final class GetDevicesRequest extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public GetDevicesRequest() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public GetDevicesRequest wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Makes a new message; no field is left to set.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @param first first device number of the window, a multiple of 8, 0 to 65528
     * @param count how many device numbers are asked for, a multiple of 8, 0 to 65528
     * @return this view
     */
    public GetDevicesRequest create(MemorySegment segment, long start, int token, int first, int count) {
        begin(segment, start, Header.BUS, MessageIds.BUS_GET_DEVICES, 0, token, SIZE);
        segment.set(LE16, start + FIRST_OFFSET, (short) first);
        segment.set(LE16, start + COUNT_OFFSET, (short) count);
        return this;
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

    /** Where the number of device numbers is. */
    public static final int COUNT_OFFSET = FIRST_OFFSET + 2;

    /**
     * Reads how many device numbers are asked for. The window may run past number 65535; no device is there.
     *
     * @return 0 to 65528, a multiple of 8
     */
    public int count() {
        return le16(COUNT_OFFSET);
    }

    /** Length of the message in bytes. */
    public static final int SIZE = COUNT_OFFSET + 2;
}
