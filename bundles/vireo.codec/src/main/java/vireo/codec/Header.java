// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/**
 * The 8 bytes with which every message begins (transport.md section 3, rules VMSG-HDR-01 to 20). A message without
 * payload is nothing but this.
 *
 * <pre>
 *    0               1               2               3
 *    0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *   +-+-+-----------+---------------+-------------------------------+
 * 0 |R|B| reserved  | msg_id        | dev_num                       |
 *   +-+-+-----------+---------------+-------------------------------+
 * 4 | token                         | msg_size                      |
 *   +-------------------------------+-------------------------------+
 *   R response, B bus message; all integers little-endian
 * </pre>
 *
 * <p>The readers take any bytes, as long as 8 of them lie in the segment; whether they make sense is the
 * {@link Validator}'s business.
 */
public final class Header {

    /** Length of the header in bytes, and so the offset of every payload. */
    public static final int BYTES = 8;

    /** The largest value of msg_size, and so the largest message. */
    public static final int MAX_MESSAGE_SIZE = 0xffff;

    /** Type bit of a response; a request or an event has it clear (rule VMSG-HDR-03). */
    public static final int RESPONSE = 1;

    /** Type bit of a bus message; a transport message has it clear (rule VMSG-HDR-04). */
    public static final int BUS = 2;

    /** The type bits that mean something; all others are sent as zero and ignored (rules VMSG-HDR-05 and 06). */
    public static final int TYPE_BITS = RESPONSE | BUS;

    /** Where the type is. */
    public static final int TYPE_OFFSET = 0;

    private Header() {
    }

    /**
     * Reads the type.
     *
     * @param base segment that holds the message
     * @param offset where the message starts
     * @return {@link #RESPONSE} and {@link #BUS} as they are set; reserved bits are dropped
     */
    public static int type(MemorySegment base, long offset) {
        return base.get(JAVA_BYTE, offset + TYPE_OFFSET) & TYPE_BITS;
    }

    /**
     * Tells a response from a request or an event.
     *
     * @param base segment that holds the message
     * @param offset where the message starts
     * @return true for a response
     */
    public static boolean isResponse(MemorySegment base, long offset) {
        return (base.get(JAVA_BYTE, offset + TYPE_OFFSET) & RESPONSE) != 0;
    }

    /**
     * Tells a bus message from a transport message.
     *
     * @param base segment that holds the message
     * @param offset where the message starts
     * @return true for a bus message
     */
    public static boolean isBus(MemorySegment base, long offset) {
        return (base.get(JAVA_BYTE, offset + TYPE_OFFSET) & BUS) != 0;
    }

    /** Where the message id is. */
    public static final int MSG_ID_OFFSET = TYPE_OFFSET + 1;

    /**
     * Reads the message id, whose meaning depends on {@link #isBus}.
     *
     * @param base segment that holds the message
     * @param offset where the message starts
     * @return 0 to 255, one of {@link MessageIds} if it is defined
     */
    public static int messageId(MemorySegment base, long offset) {
        return Byte.toUnsignedInt(base.get(JAVA_BYTE, offset + MSG_ID_OFFSET));
    }

    /** Where the device number is. */
    public static final int DEV_NUM_OFFSET = MSG_ID_OFFSET + 1;

    /**
     * Reads the device number.
     *
     * @param base segment that holds the message
     * @param offset where the message starts
     * @return 0 to 65535; 0 in a bus message (rule VMSG-HDR-08)
     */
    public static int deviceNumber(MemorySegment base, long offset) {
        return Short.toUnsignedInt(base.get(MessageView.LE16, offset + DEV_NUM_OFFSET));
    }

    /** Where the token is. */
    public static final int TOKEN_OFFSET = DEV_NUM_OFFSET + 2;

    /**
     * Reads the token.
     *
     * @param base segment that holds the message
     * @param offset where the message starts
     * @return 0 to 65535; 0 in an event (rule VMSG-HDR-10)
     */
    public static int token(MemorySegment base, long offset) {
        return Short.toUnsignedInt(base.get(MessageView.LE16, offset + TOKEN_OFFSET));
    }

    /**
     * Replaces the token of a message that is otherwise complete.
     *
     * @param base segment that holds the message
     * @param offset where the message starts
     * @param token the token; the low 16 bits are written
     */
    public static void setToken(MemorySegment base, long offset, int token) {
        base.set(MessageView.LE16, offset + TOKEN_OFFSET, (short) token);
    }

    /** Where the message size is. */
    public static final int MSG_SIZE_OFFSET = TOKEN_OFFSET + 2;

    /**
     * Reads the message size.
     *
     * @param base segment that holds the message
     * @param offset where the message starts
     * @return 0 to 65535: length of header and payload in bytes (rule VMSG-HDR-12)
     */
    public static int size(MemorySegment base, long offset) {
        return Short.toUnsignedInt(base.get(MessageView.LE16, offset + MSG_SIZE_OFFSET));
    }

    /**
     * Writes a header.
     *
     * @param base segment that receives the message
     * @param offset where the message starts
     * @param type {@link #RESPONSE} and {@link #BUS}, each set or not
     * @param messageId message id, 0 to 255
     * @param deviceNumber device number, 0 to 65535; 0 for a bus message
     * @param token token, 0 to 65535; 0 for an event
     * @param size length of the whole message, 8 to 65535
     */
    public static void put(MemorySegment base, long offset, int type, int messageId, int deviceNumber, int token,
            int size) {
        base.set(MessageView.LE64, offset, word(type, messageId, deviceNumber, token, size));
    }

    /**
     * Writes a whole message without payload: the requests GET_DEVICE_INFO and GET_DEVICE_STATUS, and the responses to
     * SET_DRIVER_FEATURES, SET_VQUEUE and RESET_VQUEUE.
     *
     * @param base segment that receives the message
     * @param offset where the message starts
     * @param type {@link #RESPONSE} and {@link #BUS}, each set or not
     * @param messageId message id, 0 to 255
     * @param deviceNumber device number, 0 to 65535
     * @param token token, 1 to 65535
     * @return length of the message, {@link #BYTES}
     */
    public static int putEmpty(MemorySegment base, long offset, int type, int messageId, int deviceNumber, int token) {
        put(base, offset, type, messageId, deviceNumber, token, BYTES);
        return BYTES;
    }

    /** One store instead of five; the narrowing masks keep an out-of-range value out of its neighbour. */
    private static long word(int type, int messageId, int deviceNumber, int token, int size) {
        int low = type & TYPE_BITS | (messageId & 0xff) << 8 | deviceNumber << 16;
        int high = token & 0xffff | size << 16;
        return low & 0xffff_ffffL | (long) high << 32;
    }
}
