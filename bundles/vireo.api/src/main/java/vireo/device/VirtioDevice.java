// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * The behaviour of one virtio device, registered as a service by a device plug-in. All state that the driver can see is
 * in the slot that the transport plugs the device into, so that a successor can take over where this device left.
 *
 * <p>Calls for one slot are serial. None of them may wait for the driver.
 */
@ConsumerType
public interface VirtioDevice {

    /** Service property: name of the device, a String, unique on the platform; a successor has the same name. */
    String NAME = "device.name";

    /** Service property: an LDAP filter on the properties of the wanted bus, a String; any device-role bus if absent. */
    String BUS_TARGET = "bus.target";

    /** Service property: the wanted device number, an Integer 0 to 65535; the lowest free one from 1 if absent. */
    String NUMBER = "device.number";

    /** Service property: how long a vacant slot waits for a successor, a Long in milliseconds; 3000 if absent. */
    String GRACE = "grace.ms";

    /** Service property: names or numbers of features not to offer, a String or String[]. */
    String FEATURES_WITHOUT = "features.without";

    /**
     * Returns what the device is; equal every time.
     *
     * @return the model
     */
    DeviceModel model();

    /**
     * Starts service for one slot, when the driver has set DRIVER_OK or a vacant slot in that state is taken over. Queues
     * follow one by one.
     *
     * @param context the slot, valid until the session is closed
     * @return the session
     * @throws Exception if the device cannot serve; the slot then shows DEVICE_NEEDS_RESET
     */
    DeviceSession activate(DeviceContext context) throws Exception;

    /**
     * Judges a driver's write to the configuration space (SET_CONFIG). Called with a write that is in range and up to
     * date; it may come before any session exists. The default rejects every write.
     *
     * @param write what the driver wants to write
     * @return true to accept all of it, false to reject all of it
     */
    default boolean writeConfig(ConfigWrite write) {
        return false;
    }

    /**
     * Judges the features a driver selected, beyond what every device checks: that they were offered, that VERSION_1 is
     * among them. The default accepts.
     *
     * @param selected the driver's features
     * @return true to let FEATURES_OK be set (rule VMSG-MSG-28)
     */
    default boolean acceptFeatures(FeatureSet selected) {
        return true;
    }
}
