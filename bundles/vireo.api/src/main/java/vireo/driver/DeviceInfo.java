// SPDX-License-Identifier: Apache-2.0
package vireo.driver;

import java.util.UUID;

/**
 * What a device said of itself (GET_DEVICE_INFO, transport.md section 14.1), bounded by what this side accepts.
 *
 * @param deviceId virtio device type; 0 if there is no device at the number
 * @param vendorId vendor
 * @param uuid identity of the device, all zeros if the profile has none
 * @param featureBlocks number of 32-bit feature blocks
 * @param configSize size of the configuration space in bytes
 * @param maxQueues number of virtqueues
 * @param adminQueueStart index of the first admin virtqueue
 * @param adminQueues number of admin virtqueues, 0 for none
 */
public record DeviceInfo(int deviceId, int vendorId, UUID uuid, int featureBlocks, int configSize, int maxQueues,
        int adminQueueStart, int adminQueues) {
}
