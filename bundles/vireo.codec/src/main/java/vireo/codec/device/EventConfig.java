// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The event EVENT_CONFIG (transport.md section 14.12): status, generation count and, if they fit, changed bytes.
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | device_status                                                 |
 *    +---------------------------------------------------------------+
 * 12 | generation                                                    |
 *    +---------------------------------------------------------------+
 * 16 | offset                                                        |
 *    +---------------------------------------------------------------+
 * 20 | length                                                        |
 *    +---------------------------------------------------------------+
 * 24 | data, length bytes                                            |
 * </pre>
 */
public final class EventConfig extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public EventConfig() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public EventConfig wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Begins a new message, with zero in every field and data byte.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the device that changed
     * @param length number of data bytes, 0 to {@link #capacity} of the bus
     * @return this view
     */
    public EventConfig create(MemorySegment segment, long start, int deviceNumber, int length) {
        begin(segment, start, 0, MessageIds.EVENT_CONFIG, deviceNumber, 0, sizeWith(DATA_OFFSET, length));
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

    /** Where the status is. */
    public static final int STATUS_OFFSET = Header.BYTES;

    /**
     * Reads the device status.
     *
     * @return status bits; bits 8 to 31 mean nothing
     */
    public int status() {
        return base.get(LE32, offset + STATUS_OFFSET);
    }

    /**
     * Writes the device status.
     *
     * @param status status bits
     * @return this view
     */
    public EventConfig status(int status) {
        base.set(LE32, offset + STATUS_OFFSET, status);
        return this;
    }

    /** Where the generation count is. */
    public static final int GENERATION_OFFSET = STATUS_OFFSET + 4;

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
    public EventConfig generation(int generation) {
        base.set(LE32, offset + GENERATION_OFFSET, generation);
        return this;
    }

    /** Where the offset in the configuration space is. */
    public static final int CONFIG_OFFSET_OFFSET = GENERATION_OFFSET + 4;

    /**
     * Reads where in the configuration space the data belongs.
     *
     * @return byte offset, 0 to 2^32 − 1; means nothing if there is no data
     */
    public long configOffset() {
        return le32(CONFIG_OFFSET_OFFSET);
    }

    /**
     * Writes where in the configuration space the data belongs.
     *
     * @param bytes byte offset; 0 if there is no data
     * @return this view
     */
    public EventConfig configOffset(long bytes) {
        base.set(LE32, offset + CONFIG_OFFSET_OFFSET, (int) bytes);
        return this;
    }

    /** Where the number of bytes is. */
    public static final int LENGTH_OFFSET = CONFIG_OFFSET_OFFSET + 4;

    /**
     * Reads the number of data bytes, as the sender counts them.
     *
     * @return bytes, 0 to 2^32 − 1; the data that is there has {@link #dataLength()} bytes
     */
    public long length() {
        return le32(LENGTH_OFFSET);
    }

    /**
     * Writes the number of data bytes; {@code create} has done so already.
     *
     * @param bytes number of bytes
     * @return this view
     */
    public EventConfig length(long bytes) {
        base.set(LE32, offset + LENGTH_OFFSET, (int) bytes);
        return this;
    }

    /** Where the data starts. */
    public static final int DATA_OFFSET = LENGTH_OFFSET + 4;

    /**
     * Returns how many data bytes are there.
     *
     * @return 0 to 65511 bytes, never reaching beyond the message
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
    public EventConfig putData(byte[] source, int from, int length) {
        copyIn(DATA_OFFSET, source, from, length);
        return this;
    }
}
