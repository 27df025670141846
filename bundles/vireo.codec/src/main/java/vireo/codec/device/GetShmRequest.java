// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The request GET_SHM (transport.md section 14.11).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | shmid                                                         |
 *    +---------------------------------------------------------------+
 * </pre>
 */
public final class GetShmRequest extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public GetShmRequest() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public GetShmRequest wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Makes a new message.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @param shmId index of the region
     * @return this view
     */
    public GetShmRequest create(MemorySegment segment, long start, int deviceNumber, int token, long shmId) {
        begin(segment, start, 0, MessageIds.GET_SHM, deviceNumber, token, SIZE);
        return shmId(shmId);
    }

    /** Where the index of the region is. */
    public static final int SHM_ID_OFFSET = Header.BYTES;

    /**
     * Reads which shared memory region is meant.
     *
     * @return index of the region, 0 to 2^32 − 1
     */
    public long shmId() {
        return le32(SHM_ID_OFFSET);
    }

    /**
     * Writes which shared memory region is meant.
     *
     * @param shmId index of the region
     * @return this view
     */
    public GetShmRequest shmId(long shmId) {
        base.set(LE32, offset + SHM_ID_OFFSET, (int) shmId);
        return this;
    }

    /** Length of the message in bytes. */
    public static final int SIZE = SHM_ID_OFFSET + 4;
}
