// SPDX-License-Identifier: Apache-2.0
package vireo.codec.queue;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * A request that names a virtqueue and nothing else: GET_VQUEUE and RESET_VQUEUE (transport.md sections 14.8, 14.10).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | index                                                         |
 *    +---------------------------------------------------------------+
 * </pre>
 */
public final class QueueIndex extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public QueueIndex() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public QueueIndex wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Makes a GET_VQUEUE request.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @param index queue index
     * @return this view
     */
    public QueueIndex createGet(MemorySegment segment, long start, int deviceNumber, int token, long index) {
        begin(segment, start, 0, MessageIds.GET_VQUEUE, deviceNumber, token, SIZE);
        return index(index);
    }

    /**
     * Makes a RESET_VQUEUE request.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @param index queue index
     * @return this view
     */
    public QueueIndex createReset(MemorySegment segment, long start, int deviceNumber, int token, long index) {
        begin(segment, start, 0, MessageIds.RESET_VQUEUE, deviceNumber, token, SIZE);
        return index(index);
    }

    /** Where the queue index is. */
    public static final int INDEX_OFFSET = Header.BYTES;

    /**
     * Reads the queue index.
     *
     * @return 0 to 2^32 − 1
     */
    public long index() {
        return le32(INDEX_OFFSET);
    }

    /**
     * Writes the queue index.
     *
     * @param index queue index
     * @return this view
     */
    public QueueIndex index(long index) {
        base.set(LE32, offset + INDEX_OFFSET, (int) index);
        return this;
    }

    /** Length of the message in bytes. */
    public static final int SIZE = INDEX_OFFSET + 4;
}
