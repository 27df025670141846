// SPDX-License-Identifier: Apache-2.0
package vireo.api.entropy;

import java.io.IOException;
import org.osgi.annotation.versioning.ProviderType;

/** A device that gives random bytes, registered as a service by an entropy driver. Thread-safe. */
@ProviderType
public interface EntropySource {

    /** Service property: name of the source, a String, {@code <bus name>/<device number>}. */
    String NAME = "source.name";

    /**
     * Returns the source's name.
     *
     * @return {@code <bus name>/<device number>}
     */
    String name();

    /**
     * Fills an array with random bytes, asking the device as often as that takes; blocks meanwhile.
     *
     * @param target the array, all of it
     * @throws IOException if the device went away or gave nothing; the array's content is undefined then
     */
    void fill(byte[] target) throws IOException;
}
