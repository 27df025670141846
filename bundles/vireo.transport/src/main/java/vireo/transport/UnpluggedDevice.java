// SPDX-License-Identifier: Apache-2.0
package vireo.transport;

/**
 * A device service that is in no slot.
 *
 * @param deviceName name of the device
 * @param deviceId virtio device type
 * @param reason why, such as {@code in use by bus amp0 number 3}, or which bus it waits for
 */
public record UnpluggedDevice(String deviceName, int deviceId, String reason) {
}
