// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The request GET_DEVICE_FEATURES (transport.md section 14.2).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | block_index                                                   |
 *    +---------------------------------------------------------------+
 * 12 | num_blocks                                                    |
 *    +---------------------------------------------------------------+
 * </pre>
 */
public final class GetDeviceFeaturesRequest extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public GetDeviceFeaturesRequest() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public GetDeviceFeaturesRequest wrap(MemorySegment segment, long start) {
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
    public GetDeviceFeaturesRequest create(MemorySegment segment, long start, int deviceNumber, int token) {
        begin(segment, start, 0, MessageIds.GET_DEVICE_FEATURES, deviceNumber, token, SIZE);
        zero(Header.BYTES, SIZE - Header.BYTES);
        return this;
    }

    /** Where the first block is named. */
    public static final int BLOCK_INDEX_OFFSET = Header.BYTES;

    /**
     * Reads the first feature block wanted.
     *
     * @return block index, 0 to 2^32 − 1
     */
    public long blockIndex() {
        return le32(BLOCK_INDEX_OFFSET);
    }

    /**
     * Writes the first feature block wanted.
     *
     * @param block block index
     * @return this view
     */
    public GetDeviceFeaturesRequest blockIndex(long block) {
        base.set(LE32, offset + BLOCK_INDEX_OFFSET, (int) block);
        return this;
    }

    /** Where the number of blocks is. */
    public static final int NUM_BLOCKS_OFFSET = BLOCK_INDEX_OFFSET + 4;

    /**
     * Reads the number of feature blocks wanted.
     *
     * @return blocks, 0 to 2^32 − 1; the answer must fit the bus all the same
     */
    public long numBlocks() {
        return le32(NUM_BLOCKS_OFFSET);
    }

    /**
     * Writes the number of feature blocks wanted.
     *
     * @param blocks number of blocks
     * @return this view
     */
    public GetDeviceFeaturesRequest numBlocks(long blocks) {
        base.set(LE32, offset + NUM_BLOCKS_OFFSET, (int) blocks);
        return this;
    }

    /** Length of the message in bytes. */
    public static final int SIZE = NUM_BLOCKS_OFFSET + 4;
}
