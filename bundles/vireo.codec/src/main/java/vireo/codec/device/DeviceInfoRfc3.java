// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

/**
 * The GET_DEVICE_INFO response of RFC3 (transport.md section 14.1).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | device_id                                                     |
 *    +---------------------------------------------------------------+
 * 12 | vendor_id                                                     |
 *    +---------------------------------------------------------------+
 * 16 | num_feature_bits, a multiple of 32                            |
 *    +---------------------------------------------------------------+
 * 20 | config_size                                                   |
 *    +---------------------------------------------------------------+
 * 24 | max_virtqueues                                                |
 *    +-------------------------------+-------------------------------+
 * 28 | admin_vq_start                | admin_vq_count                |
 *    +-------------------------------+-------------------------------+
 * </pre>
 */
final class DeviceInfoRfc3 extends GetDeviceInfoResponse {

    DeviceInfoRfc3() {
        super(Integer.SIZE);
    }

    @Override
    public int size() {
        return SIZE;
    }

    @Override
    public long uuidHigh() {
        return 0;
    }

    @Override
    public long uuidLow() {
        return 0;
    }

    @Override
    public GetDeviceInfoResponse uuid(long high, long low) {
        return this;
    }

    static final int NUM_FEATURE_BITS_OFFSET = VENDOR_ID_OFFSET + 4;

    @Override
    public long featureCount() {
        return le32(NUM_FEATURE_BITS_OFFSET);
    }

    @Override
    public GetDeviceInfoResponse featureCount(long bits) {
        base.set(LE32, offset + NUM_FEATURE_BITS_OFFSET, (int) bits);
        return this;
    }

    static final int CONFIG_SIZE_OFFSET = NUM_FEATURE_BITS_OFFSET + 4;

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
        return le16(ADMIN_VQ_START_OFFSET);
    }

    static final int ADMIN_VQ_COUNT_OFFSET = ADMIN_VQ_START_OFFSET + 2;

    @Override
    public long adminQueues() {
        return le16(ADMIN_VQ_COUNT_OFFSET);
    }

    @Override
    public GetDeviceInfoResponse adminQueues(long start, long count) {
        base.set(LE16, offset + ADMIN_VQ_START_OFFSET, (short) start);
        base.set(LE16, offset + ADMIN_VQ_COUNT_OFFSET, (short) count);
        return this;
    }

    static final int SIZE = ADMIN_VQ_COUNT_OFFSET + 2;
}
