// SPDX-License-Identifier: Apache-2.0
package vireo.codec.bus;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageView;

/**
 * A message that belongs to the bus implementation, ids 0x80 to 0xFF (transport.md section 11.4): opaque bytes.
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | data, up to the end of the message
 * </pre>
 */
public final class BusSpecific extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public BusSpecific() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public BusSpecific wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Begins a new message, with zero in every data byte.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param response true for a response
     * @param messageId message id, 128 to 255
     * @param token token of a request or response, 0 in an event
     * @param length number of data bytes
     * @return this view
     */
    public BusSpecific create(MemorySegment segment, long start, boolean response, int messageId, int token,
            int length) {
        begin(segment, start, response ? Header.BUS | Header.RESPONSE : Header.BUS, messageId, 0, token,
                sizeWith(DATA_OFFSET, length));
        zero(DATA_OFFSET, length);
        return this;
    }

    /** Where the data starts. */
    public static final int DATA_OFFSET = Header.BYTES;

    /**
     * Returns how many data bytes there are.
     *
     * @return 0 to 65527 bytes
     */
    public int dataLength() {
        return Math.max(0, messageSize() - DATA_OFFSET);
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
    public BusSpecific putData(byte[] source, int from, int length) {
        copyIn(DATA_OFFSET, source, from, length);
        return this;
    }
}
