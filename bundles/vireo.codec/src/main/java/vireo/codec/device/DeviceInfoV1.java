// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * The GET_DEVICE_INFO response of V1 (deltas.md section 1).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | device_id                                                     |
 *    +---------------------------------------------------------------+
 * 12 | vendor_id                                                     |
 *    +---------------------------------------------------------------+
 * 16 |                                                               |
 *    +                                                               +
 * 20 |                                                               |
 *    +                uuid, 16 bytes in writing order                +
 * 24 |                                                               |
 *    +                                                               +
 * 28 |                                                               |
 *    +---------------------------------------------------------------+
 * 32 | num_feature_blocks                                            |
 *    +---------------------------------------------------------------+
 * 36 | config_size                                                   |
 *    +---------------------------------------------------------------+
 * 40 | max_virtqueues                                                |
 *    +---------------------------------------------------------------+
 * 44 | admin_vq_start                                                |
 *    +---------------------------------------------------------------+
 * 48 | admin_vq_count                                                |
 *    +---------------------------------------------------------------+
 * </pre>
 */
final class DeviceInfoV1 extends GetDeviceInfoResponse {

    private static final ValueLayout.OfLong BYTES_IN_ORDER =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    DeviceInfoV1() {
        super(1);
    }

    @Override
    public int size() {
        return SIZE;
    }

    static final int UUID_OFFSET = VENDOR_ID_OFFSET + 4;

    @Override
    public long uuidHigh() {
        return base.get(BYTES_IN_ORDER, offset + UUID_OFFSET);
    }

    @Override
    public long uuidLow() {
        return base.get(BYTES_IN_ORDER, offset + UUID_OFFSET + Long.BYTES);
    }

    @Override
    public GetDeviceInfoResponse uuid(long high, long low) {
        base.set(BYTES_IN_ORDER, offset + UUID_OFFSET, high);
        base.set(BYTES_IN_ORDER, offset + UUID_OFFSET + Long.BYTES, low);
        return this;
    }

    static final int NUM_FEATURE_BLOCKS_OFFSET = UUID_OFFSET + 16;

    @Override
    public long featureCount() {
        return le32(NUM_FEATURE_BLOCKS_OFFSET);
    }

    @Override
    public GetDeviceInfoResponse featureCount(long blocks) {
        base.set(LE32, offset + NUM_FEATURE_BLOCKS_OFFSET, (int) blocks);
        return this;
    }

    static final int CONFIG_SIZE_OFFSET = NUM_FEATURE_BLOCKS_OFFSET + 4;

    @Override
    public long configSize() {
        return le32(CONFIG_SIZE_OFFSET);
    }

    @Override
    public GetDeviceInfoResponse configSize(long bytes) {
        base.set(LE32, offset + CONFIG_SIZE_OFFSET, (int) bytes);
        return this;
    }

    static final int MAX_VIRTQUEUES_OFFSET = CONFIG_SIZE_OFFSET + 4;

    @Override
    public long maxQueues() {
        return le32(MAX_VIRTQUEUES_OFFSET);
    }

    @Override
    public GetDeviceInfoResponse maxQueues(long queues) {
        base.set(LE32, offset + MAX_VIRTQUEUES_OFFSET, (int) queues);
        return this;
    }

    static final int ADMIN_VQ_START_OFFSET = MAX_VIRTQUEUES_OFFSET + 4;

    @Override
    public long adminQueueStart() {
        return le32(ADMIN_VQ_START_OFFSET);
    }

    static final int ADMIN_VQ_COUNT_OFFSET = ADMIN_VQ_START_OFFSET + 4;

    @Override
    public long adminQueues() {
        return le32(ADMIN_VQ_COUNT_OFFSET);
    }

    @Override
    public GetDeviceInfoResponse adminQueues(long start, long count) {
        base.set(LE32, offset + ADMIN_VQ_START_OFFSET, (int) start);
        base.set(LE32, offset + ADMIN_VQ_COUNT_OFFSET, (int) count);
        return this;
    }

    static final int SIZE = ADMIN_VQ_COUNT_OFFSET + 4;
}
