// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import org.osgi.annotation.versioning.ProviderType;

/** A slot as its device's session sees it. Thread-safe; calls on a closed session's context do nothing. */
@ProviderType
public interface DeviceContext {

    /**
     * Returns the name of the bus the slot is on.
     *
     * @return the bus name
     */
    String busName();

    /**
     * Returns the slot's device number.
     *
     * @return 0 to 65535
     */
    int deviceNumber();

    /**
     * Returns the features that driver and device agreed on, ring bits included.
     *
     * @return the features, the same for the whole session
     */
    FeatureSet features();

    /**
     * Returns the configuration space as the driver would read it now.
     *
     * @return a copy
     */
    byte[] config();

    /**
     * Changes bytes of the configuration space and the generation count as one step, and tells the driver with
     * EVENT_CONFIG (rules VMSG-CFG-02, VMSG-OPR-17).
     *
     * @param offset byte offset in the space
     * @param bytes the new bytes
     * @throws IndexOutOfBoundsException if they do not fit the space
     */
    void updateConfig(int offset, byte[] bytes);

    /**
     * Says that the device cannot go on: its queues stop, DEVICE_NEEDS_RESET is set and the driver is told (rules
     * VQ-STS-08 and 09).
     *
     * @param reason for the log and the shell: the thing, the value and the remedy
     */
    void needsReset(String reason);
}
