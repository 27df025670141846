// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import org.osgi.annotation.versioning.ProviderType;

/** A driver's write to the configuration space, while a device judges it. Valid during that call. */
@ProviderType
public interface ConfigWrite {

    /**
     * Returns where the write starts.
     *
     * @return byte offset in the configuration space
     */
    int offset();

    /**
     * Returns what is to be written.
     *
     * @return a copy of the bytes; offset plus their number is within the space
     */
    byte[] data();

    /**
     * Returns the configuration as it is before the write.
     *
     * @return a copy of the whole space
     */
    byte[] config();

    /**
     * Returns the features the driver selected so far.
     *
     * @return the features
     */
    FeatureSet features();

    /**
     * Lets an accepted write change further bytes, as with the selectors of the input device; the generation count then
     * goes up.
     *
     * @param offset byte offset in the configuration space
     * @param bytes the new bytes
     * @throws IndexOutOfBoundsException if they do not fit the space
     */
    void also(int offset, byte[] bytes);
}
