// SPDX-License-Identifier: Apache-2.0
package vireo.observe;

import org.osgi.annotation.versioning.ConsumerType;

/** The names of one device type and its feature bits, registered as a service by whoever knows the type. */
@ConsumerType
public interface DeviceTypeNames {

    /**
     * Returns the device type.
     *
     * @return virtio device id
     */
    int deviceId();

    /**
     * Returns what the type is called.
     *
     * @return a short name in lower case, such as {@code block}
     */
    String typeName();

    /**
     * Returns the name of a device-type feature bit.
     *
     * @param bit bit number
     * @return the specification's name without its prefix, such as {@code FLUSH}, or null if the bit is not defined
     */
    String featureName(int bit);
}
