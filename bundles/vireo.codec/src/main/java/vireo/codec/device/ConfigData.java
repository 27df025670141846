// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * Configuration bytes with their generation count: the response to GET_CONFIG, and SET_CONFIG both ways (transport.md
 * sections 14.4 and 14.5).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | generation                                                    |
 *    +---------------------------------------------------------------+
 * 12 | offset                                                        |
 *    +---------------------------------------------------------------+
 * 16 | length                                                        |
 *    +---------------------------------------------------------------+
 * 20 | data, length bytes                                            |
 * </pre>
 *
 * <p>A SET_CONFIG response of length 0 says that the write was rejected (rule VMSG-MSG-33). One that counts bytes may
 * come without them (row D-35): {@link #length()} then says what was written and {@link #dataLength()} is 0.
 */
public final class ConfigData extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public ConfigData() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public ConfigData wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Begins a GET_CONFIG response, with zero in every field and data byte.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the request
     * @param token token of the request
     * @param length number of data bytes, 0 to {@link #capacity} of the bus
     * @return this view
     */
    public ConfigData createGetResponse(MemorySegment segment, long start, int deviceNumber, int token, int length) {
        return create(segment, start, Header.RESPONSE, MessageIds.GET_CONFIG, deviceNumber, token, length);
    }

    /**
     * Begins a SET_CONFIG request, with zero in every field and data byte.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @param length number of data bytes, 0 to {@link #capacity} of the bus
     * @return this view
     */
    public ConfigData createSetRequest(MemorySegment segment, long start, int deviceNumber, int token, int length) {
        return create(segment, start, 0, MessageIds.SET_CONFIG, deviceNumber, token, length);
    }

    /**
     * Begins a SET_CONFIG response, with zero in every field and data byte.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the request
     * @param token token of the request
     * @param length number of data bytes, 0 for a rejection
     * @return this view
     */
    public ConfigData createSetResponse(MemorySegment segment, long start, int deviceNumber, int token, int length) {
        return create(segment, start, Header.RESPONSE, MessageIds.SET_CONFIG, deviceNumber, token, length);
    }

    private ConfigData create(MemorySegment segment, long start, int type, int messageId, int deviceNumber, int token,
            int length) {
        begin(segment, start, type, messageId, deviceNumber, token, sizeWith(DATA_OFFSET, length));
        zero(Header.BYTES, DATA_OFFSET - Header.BYTES + length);
        return length(length);
    }

    /**
     * Returns how many data bytes a message of a given size holds.
     *
     * @param maxMessageSize size in bytes, header included
     * @return bytes, 0 or more
     */
    public static int capacity(int maxMessageSize) {
        return Math.max(0, maxMessageSize - DATA_OFFSET);
    }

    /** Where the generation count is. */
    public static final int GENERATION_OFFSET = Header.BYTES;

    /**
     * Reads the generation count.
     *
     * @return the count, to be compared for equality only
     */
    public int generation() {
        return base.get(LE32, offset + GENERATION_OFFSET);
    }

    /**
     * Writes the generation count.
     *
     * @param generation the count
     * @return this view
     */
    public ConfigData generation(int generation) {
        base.set(LE32, offset + GENERATION_OFFSET, generation);
        return this;
    }

    /** Where the offset in the configuration space is. */
    public static final int CONFIG_OFFSET_OFFSET = GENERATION_OFFSET + 4;

    /**
     * Reads where in the configuration space the data belongs.
     *
     * @return byte offset, 0 to 2^32 − 1
     */
    public long configOffset() {
        return le32(CONFIG_OFFSET_OFFSET);
    }

    /**
     * Writes where in the configuration space the data belongs.
     *
     * @param bytes byte offset
     * @return this view
     */
    public ConfigData configOffset(long bytes) {
        base.set(LE32, offset + CONFIG_OFFSET_OFFSET, (int) bytes);
        return this;
    }

    /** Where the number of bytes is. */
    public static final int LENGTH_OFFSET = CONFIG_OFFSET_OFFSET + 4;

    /**
     * Reads the number of bytes read or written.
     *
     * @return bytes, 0 to 2^32 − 1; the data that is there has {@link #dataLength()} bytes
     */
    public long length() {
        return le32(LENGTH_OFFSET);
    }

    /**
     * Writes the number of bytes; {@code create} has done so already.
     *
     * @param bytes number of bytes
     * @return this view
     */
    public ConfigData length(long bytes) {
        base.set(LE32, offset + LENGTH_OFFSET, (int) bytes);
        return this;
    }

    /** Where the data starts. */
    public static final int DATA_OFFSET = LENGTH_OFFSET + 4;

    /**
     * Returns how many data bytes are there.
     *
     * @return 0 to 65515 bytes, never reaching beyond the message
     */
    public int dataLength() {
        return (int) Math.min(length(), capacity(messageSize()));
    }

    /**
     * Copies the data out.
     *
     * @param target where the bytes go
     * @param from index of the first in the target
     * @param length how many, at most {@link #dataLength()}
     */
    public void getData(byte[] target, int from, int length) {
        copyOut(DATA_OFFSET, target, from, length);
    }

    /**
     * Copies data in.
     *
     * @param source where the bytes are
     * @param from index of the first in the source
     * @param length how many, at most {@link #dataLength()}
     * @return this view
     */
    public ConfigData putData(byte[] source, int from, int length) {
        copyIn(DATA_OFFSET, source, from, length);
        return this;
    }
}
