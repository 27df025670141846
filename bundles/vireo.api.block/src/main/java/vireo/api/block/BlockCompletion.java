// SPDX-License-Identifier: Apache-2.0
package vireo.api.block;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** Told how a request to a volume ended, once, on a thread of the driver; must not block. */
@ConsumerType
@FunctionalInterface
public interface BlockCompletion {

    /**
     * The request ended.
     *
     * @param cookie what the caller gave with the request
     * @param failure null on success, else what went wrong
     */
    void done(long cookie, IOException failure);
}
