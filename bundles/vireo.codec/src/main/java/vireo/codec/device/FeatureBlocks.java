// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * Feature blocks: the response to GET_DEVICE_FEATURES and the request SET_DRIVER_FEATURES (transport.md sections 14.2
 * and 14.3). Bit i of block b is feature 32 b + i (rule VMSG-FEA-01).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | block_index                                                   |
 *    +---------------------------------------------------------------+
 * 12 | num_blocks                                                    |
 *    +---------------------------------------------------------------+
 * 16 | features of block block_index                                 |
 *    +---------------------------------------------------------------+
 *    | and so on, num_blocks in all                                  |
 * </pre>
 */
public final class FeatureBlocks extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public FeatureBlocks() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public FeatureBlocks wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Begins a GET_DEVICE_FEATURES response, with zero in every block.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the request
     * @param token token of the request
     * @param blockIndex first block in the message
     * @param numBlocks how many blocks follow, 0 to what fits the bus (rule VMSG-REV-07)
     * @return this view
     */
    public FeatureBlocks createResponse(MemorySegment segment, long start, int deviceNumber, int token, long blockIndex,
            int numBlocks) {
        return create(segment, start, Header.RESPONSE, MessageIds.GET_DEVICE_FEATURES, deviceNumber, token, blockIndex,
                numBlocks);
    }

    /**
     * Begins a SET_DRIVER_FEATURES request, with zero in every block.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @param blockIndex first block in the message
     * @param numBlocks how many blocks follow, 0 to what fits the bus (rule VMSG-REV-07)
     * @return this view
     */
    public FeatureBlocks createRequest(MemorySegment segment, long start, int deviceNumber, int token, long blockIndex,
            int numBlocks) {
        return create(segment, start, 0, MessageIds.SET_DRIVER_FEATURES, deviceNumber, token, blockIndex, numBlocks);
    }

    private FeatureBlocks create(MemorySegment segment, long start, int type, int messageId, int deviceNumber,
            int token, long blockIndex, int numBlocks) {
        begin(segment, start, type, messageId, deviceNumber, token,
                sizeWith(DATA_OFFSET, (long) numBlocks * Integer.BYTES));
        segment.set(LE32, start + BLOCK_INDEX_OFFSET, (int) blockIndex);
        segment.set(LE32, start + NUM_BLOCKS_OFFSET, numBlocks);
        zero(DATA_OFFSET, numBlocks * Integer.BYTES);
        return this;
    }

    /**
     * Returns how many blocks a message of a given size holds.
     *
     * @param maxMessageSize size in bytes, header included
     * @return blocks, 0 or more
     */
    public static int capacity(int maxMessageSize) {
        return Math.max(0, maxMessageSize - DATA_OFFSET) / Integer.BYTES;
    }

    /** Where the first block is named. */
    public static final int BLOCK_INDEX_OFFSET = Header.BYTES;

    /**
     * Reads which block comes first.
     *
     * @return block index, 0 to 2^32 − 1
     */
    public long blockIndex() {
        return le32(BLOCK_INDEX_OFFSET);
    }

    /** Where the number of blocks is. */
    public static final int NUM_BLOCKS_OFFSET = BLOCK_INDEX_OFFSET + 4;

    /**
     * Reads how many blocks there are.
     *
     * @return blocks in the message, 0 to 16379, whatever the field says
     */
    public int numBlocks() {
        return (int) Math.min(le32(NUM_BLOCKS_OFFSET), capacity(messageSize()));
    }

    /** Where the blocks start. */
    public static final int DATA_OFFSET = NUM_BLOCKS_OFFSET + 4;

    /**
     * Reads a block.
     *
     * @param i which, counted from the first in the message; 0 to {@link #numBlocks()} exclusive
     * @return 32 feature bits
     */
    public int block(int i) {
        return base.get(LE32, offset + DATA_OFFSET + (long) i * Integer.BYTES);
    }

    /**
     * Writes a block.
     *
     * @param i which, counted from the first in the message; 0 to {@link #numBlocks()} exclusive
     * @param bits 32 feature bits
     * @return this view
     */
    public FeatureBlocks block(int i, int bits) {
        base.set(LE32, offset + DATA_OFFSET + (long) i * Integer.BYTES, bits);
        return this;
    }
}
