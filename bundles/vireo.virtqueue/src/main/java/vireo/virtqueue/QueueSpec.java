// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import vireo.device.FeatureSet;

/**
 * What a driver chose for one queue. Every value comes from the driver and may be anything; {@link QueueEngines#check}
 * judges it.
 *
 * @param index queue index, 0 to 63
 * @param size number of descriptors
 * @param descriptors address of the descriptor area
 * @param driver address of the driver area: the available ring
 * @param device address of the device area: the used ring
 * @param features the features that both sides agreed on; bits that are not about rings are ignored
 */
public record QueueSpec(int index, int size, long descriptors, long driver, long device, FeatureSet features) {
}
