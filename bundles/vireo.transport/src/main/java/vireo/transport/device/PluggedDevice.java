// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import vireo.device.DeviceModel;
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;

/**
 * A device as its slot knows it.
 *
 * @param name name of the device, the same for a successor
 * @param device its behaviour
 * @param model what it is, asked once
 * @param without features not to offer
 * @param graceNanos how long its slot waits for a successor
 */
record PluggedDevice(String name, VirtioDevice device, DeviceModel model, FeatureSet without, long graceNanos) {
}
