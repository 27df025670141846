// SPDX-License-Identifier: Apache-2.0
package vireo.driver;

import org.osgi.annotation.versioning.ConsumerType;

/** Told what a device does by itself. Calls are serial per device, on a thread of the transport, and may block. */
@ConsumerType
public interface RemoteDeviceListener {

    /**
     * The device changed its configuration; what is read from now on belongs to the new generation.
     *
     * @param generation the new generation count
     */
    default void configChanged(int generation) {
    }

    /** The device set DEVICE_NEEDS_RESET: what is in flight may never come back (rule VQ-STS-05). */
    default void needsReset() {
    }

    /**
     * The device or its bus is gone. Every request in flight has failed; the device object is of no more use.
     *
     * @param cause what happened
     */
    default void lost(RequestException cause) {
    }
}
