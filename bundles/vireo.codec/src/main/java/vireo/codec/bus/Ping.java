// SPDX-License-Identifier: Apache-2.0
package vireo.codec.bus;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The bus request PING and its response (transport.md section 15.2), which carries the same data.
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | data                                                          |
 *    +---------------------------------------------------------------+
 * </pre>
 */
public final class Ping extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public Ping() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public Ping wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Makes a request.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @param data any value
     * @return this view
     */
    public Ping createRequest(MemorySegment segment, long start, int token, int data) {
        begin(segment, start, Header.BUS, MessageIds.BUS_PING, 0, token, SIZE);
        segment.set(LE32, start + DATA_OFFSET, data);
        return this;
    }

    /**
     * Makes a response.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param token token of the request
     * @param data data of the request (rule VMSG-BMS-14)
     * @return this view
     */
    public Ping createResponse(MemorySegment segment, long start, int token, int data) {
        begin(segment, start, Header.BUS | Header.RESPONSE, MessageIds.BUS_PING, 0, token, SIZE);
        segment.set(LE32, start + DATA_OFFSET, data);
        return this;
    }

    /** Where the data is. */
    public static final int DATA_OFFSET = Header.BYTES;

    /**
     * Reads the data.
     *
     * @return any value
     */
    public int data() {
        return base.get(LE32, offset + DATA_OFFSET);
    }

    /** Length of the message in bytes. */
    public static final int SIZE = DATA_OFFSET + 4;
}
