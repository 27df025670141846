// SPDX-License-Identifier: Apache-2.0
package vireo.transport;

import java.util.List;

import vireo.device.FeatureSet;
import vireo.driver.DeviceInfo;

/**
 * A device found on a driver-role bus, as this side knew it at one moment; nothing was asked of the device for it.
 *
 * @param bus name of the bus
 * @param number device number on that bus, 0 to 65535
 * @param info what the device said of itself
 * @param offered features the device offered when it was last asked, or an empty set
 * @param selected features agreed on, or an empty set
 * @param status the status last seen
 * @param generation the configuration generation count last seen, 0 before the first
 * @param driver who drives it, or null if nobody does
 * @param queues the queues that are set up, by rising index
 */
public record RemoteView(String bus, int number, DeviceInfo info, FeatureSet offered, FeatureSet selected, int status,
        int generation, String driver, List<QueueView> queues) {
    /** Copies the queues. */
    public RemoteView {
        queues = List.copyOf(queues);
    }
}
