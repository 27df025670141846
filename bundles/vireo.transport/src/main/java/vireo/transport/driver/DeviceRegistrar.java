// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.Map;

import vireo.driver.RemoteDevice;

/** Makes devices known as services; a framework does it in operation and a list in tests. */
@FunctionalInterface
public interface DeviceRegistrar {
    /** Ends a registration; idempotent, and may block until whoever uses the device has let go of it. */
    @FunctionalInterface
    interface Registration {
        /** Takes the service away. */
        void unregister();
    }

    /**
     * Registers a device. Never called on a dispatcher thread.
     *
     * @param device the device
     * @param properties its service properties
     * @return the registration
     */
    Registration register(RemoteDevice device, Map<String, Object> properties);
}
