// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import java.util.List;

/**
 * What a device is, for as long as it exists: its type, its own features, its first configuration and its queues.
 *
 * @param deviceId virtio device type, not 0 (0 means no device)
 * @param vendorId vendor, any value
 * @param features device-type feature bits only; ring and transport bits are added by the transport
 * @param config the configuration space as it is at first, 0 to 4096 bytes; the array is copied
 * @param queueSizes the largest size of each queue, 1 to 32768, powers of two; at most 64 queues
 * @param shareable true if one device may be plugged into several slots at once
 */
public record DeviceModel(int deviceId, int vendorId, FeatureSet features, byte[] config, List<Integer> queueSizes,
        boolean shareable) {

    /** Vendor id of Vireo's own devices. */
    public static final int VENDOR_VIREO = 0x4f455256;

    /** Largest configuration space in bytes. */
    public static final int MAX_CONFIG_SIZE = 4096;

    /** Largest number of queues of one device. */
    public static final int MAX_QUEUES = 64;

    /** Largest size of a queue (rule VQ-SPL-01). */
    public static final int MAX_QUEUE_SIZE = 32768;

    /**
     * Checks and copies the values.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public DeviceModel {
        config = config.clone();
        queueSizes = List.copyOf(queueSizes);
        if (deviceId == 0) {
            throw new IllegalArgumentException("deviceId=0 means no device");
        }
        if (config.length > MAX_CONFIG_SIZE) {
            throw new IllegalArgumentException("config.length=" + config.length + " exceeds " + MAX_CONFIG_SIZE);
        }
        if (queueSizes.size() > MAX_QUEUES) {
            throw new IllegalArgumentException("queues=" + queueSizes.size() + " exceeds " + MAX_QUEUES);
        }
        for (int size : queueSizes) {
            if (size < 1 || size > MAX_QUEUE_SIZE || Integer.bitCount(size) != 1) {
                throw new IllegalArgumentException("queue size=" + size + " is no power of two in 1.." + MAX_QUEUE_SIZE);
            }
        }
    }

    /**
     * Returns the first configuration.
     *
     * @return a copy
     */
    @Override
    public byte[] config() {
        return config.clone();
    }
}
