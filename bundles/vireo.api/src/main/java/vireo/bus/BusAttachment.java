// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

import org.osgi.annotation.versioning.ConsumerType;

/** The tie between a bus and the transport that listens to it. */
@ConsumerType
public interface BusAttachment extends AutoCloseable {

    /**
     * Ends the attachment. Idempotent, and legal from any callback of the bus. When called from elsewhere, no callback
     * runs after it returned. The bus itself stays usable: another attachment may follow.
     */
    @Override
    void close();
}
