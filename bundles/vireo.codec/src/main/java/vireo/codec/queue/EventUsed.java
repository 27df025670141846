// SPDX-License-Identifier: Apache-2.0
package vireo.codec.queue;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The event EVENT_USED (transport.md section 14.14): a device used buffers.
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | vq_index                                                      |
 *    +---------------------------------------------------------------+
 * </pre>
 */
public final class EventUsed extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public EventUsed() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public EventUsed wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Makes a new message; no field is left to set.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the device that used the buffers
     * @param index queue index
     * @return this view
     */
    public EventUsed create(MemorySegment segment, long start, int deviceNumber, long index) {
        begin(segment, start, 0, MessageIds.EVENT_USED, deviceNumber, 0, SIZE);
        segment.set(LE32, start + INDEX_OFFSET, (int) index);
        return this;
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

    /** Length of the message in bytes. */
    public static final int SIZE = INDEX_OFFSET + 4;
}
