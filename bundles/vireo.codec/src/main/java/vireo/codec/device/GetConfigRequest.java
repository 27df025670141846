// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The request GET_CONFIG (transport.md section 14.4).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | offset                                                        |
 *    +---------------------------------------------------------------+
 * 12 | length                                                        |
 *    +---------------------------------------------------------------+
 * </pre>
 */
public final class GetConfigRequest extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public GetConfigRequest() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public GetConfigRequest wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Begins a new message, with zero in every field.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @return this view
     */
    public GetConfigRequest create(MemorySegment segment, long start, int deviceNumber, int token) {
        begin(segment, start, 0, MessageIds.GET_CONFIG, deviceNumber, token, SIZE);
        zero(Header.BYTES, SIZE - Header.BYTES);
        return this;
    }

    /** Where the offset in the configuration space is. */
    public static final int CONFIG_OFFSET_OFFSET = Header.BYTES;

    /**
     * Reads the first byte wanted.
     *
     * @return byte offset in the configuration space, 0 to 2^32 − 1
     */
    public long configOffset() {
        return le32(CONFIG_OFFSET_OFFSET);
    }

    /**
     * Writes the first byte wanted.
     *
     * @param bytes byte offset in the configuration space
     * @return this view
     */
    public GetConfigRequest configOffset(long bytes) {
        base.set(LE32, offset + CONFIG_OFFSET_OFFSET, (int) bytes);
        return this;
    }

    /** Where the number of bytes is. */
    public static final int LENGTH_OFFSET = CONFIG_OFFSET_OFFSET + 4;

    /**
     * Reads the number of bytes wanted.
     *
     * @return bytes, 0 to 2^32 − 1; the sum with the offset needs 64 bits
     */
    public long length() {
        return le32(LENGTH_OFFSET);
    }

    /**
     * Writes the number of bytes wanted.
     *
     * @param bytes number of bytes
     * @return this view
     */
    public GetConfigRequest length(long bytes) {
        base.set(LE32, offset + LENGTH_OFFSET, (int) bytes);
        return this;
    }

    /** Length of the message in bytes. */
    public static final int SIZE = LENGTH_OFFSET + 4;
}
