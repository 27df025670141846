// SPDX-License-Identifier: Apache-2.0
package vireo.codec.queue;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The event EVENT_AVAIL (transport.md section 14.13): a driver made buffers available.
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | vq_index                                                      |
 *    +-------------------------------------------------------------+-+
 * 12 | next_offset                                                 |W|
 *    +-------------------------------------------------------------+-+
 *     W next_wrap, bit 31; both 0 unless NOTIFICATION_DATA was negotiated (rule VMSG-OPR-08)
 * </pre>
 */
public final class EventAvail extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public EventAvail() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public EventAvail wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Makes a new message; no field is left to set.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number
     * @param index queue index
     * @param next next offset in bits 0 to 30 and next wrap in bit 31 (rule VMSG-MSG-63), or 0
     * @return this view
     */
    public EventAvail create(MemorySegment segment, long start, int deviceNumber, long index, int next) {
        begin(segment, start, 0, MessageIds.EVENT_AVAIL, deviceNumber, 0, SIZE);
        segment.set(LE64, start + INDEX_OFFSET, index & 0xffff_ffffL | (long) next << 32);
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

    /** Where the position is. */
    public static final int NEXT_OFFSET = INDEX_OFFSET + 4;

    /** Bit of {@link #next()} that holds the wrap state. */
    public static final int WRAP = 1 << 31;

    /**
     * Reads the position as it is on the wire.
     *
     * @return next offset in bits 0 to 30, next wrap in bit 31
     */
    public int next() {
        return base.get(LE32, offset + NEXT_OFFSET);
    }

    /**
     * Reads the offset of the next descriptor; the base standard gives it 15 bits, the rest is to be ignored.
     *
     * @return 0 to 2^31 − 1
     */
    public int nextOffset() {
        return next() & ~WRAP;
    }

    /**
     * Reads the wrap state of the next descriptor.
     *
     * @return 0 or 1
     */
    public int nextWrap() {
        return next() >>> 31;
    }

    /** Length of the message in bytes. */
    public static final int SIZE = NEXT_OFFSET + 4;
}
