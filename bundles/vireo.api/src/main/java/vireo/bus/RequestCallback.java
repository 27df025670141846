// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/** Told how a request ended on a bus that owns tokens; exactly one of the two methods is called, once. */
@ProviderType
public interface RequestCallback {

    /**
     * The response came.
     *
     * @param base segment that holds a private copy of it; valid for this call
     * @param offset where it starts
     * @param length number of bytes received
     */
    void onResponse(MemorySegment base, long offset, long length);

    /**
     * No response will come.
     *
     * @param cause why
     */
    void onFailure(BusException cause);
}
