// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.List;

import vireo.transport.BusView;
import vireo.transport.SlotView;
import vireo.transport.UnpluggedDevice;

/**
 * What the device side shows and does for {@link vireo.transport.TransportAdmin}. The device side registers itself as a
 * service of this type, which nobody outside the bundle can see; the methods mean what those of the same name there
 * mean.
 */
public interface DeviceSideView {
    /**
     * Returns the links of the device-role buses.
     *
     * @return one entry per bus
     */
    List<Link> links();

    /**
     * Returns the device-role buses.
     *
     * @return one entry per bus; {@link Link#view} makes it
     */
    List<BusView> buses();

    /**
     * Returns the slots.
     *
     * @return one entry per slot
     */
    List<SlotView> slots();

    /**
     * Returns the devices that are in no slot.
     *
     * @return one entry per device
     */
    List<UnpluggedDevice> unplugged();

    /**
     * Plugs a device in.
     *
     * @param deviceName name of the device
     * @param bus name of the bus
     * @param number device number, or −1 for the lowest free one
     */
    void plug(String deviceName, String bus, int number);

    /**
     * Takes a device out.
     *
     * @param deviceName name of the device
     */
    void unplug(String deviceName);
}
