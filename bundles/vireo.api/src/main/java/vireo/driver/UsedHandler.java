// SPDX-License-Identifier: Apache-2.0
package vireo.driver;

import org.osgi.annotation.versioning.ConsumerType;

/** Takes buffers that the device has used. */
@ConsumerType
@FunctionalInterface
public interface UsedHandler {

    /**
     * A buffer came back.
     *
     * @param id what {@link DriverQueue#submit()} returned for it
     * @param written bytes the device wrote, checked against the buffer's writable length (rule VQ-ROB-15)
     */
    void used(int id, long written);
}
