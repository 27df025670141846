// SPDX-License-Identifier: Apache-2.0
package vireo.driver;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/** A piece of the bus's driver memory, to be given to a device in a chain. */
@ProviderType
public interface DmaBuffer extends AutoCloseable {

    /**
     * Returns the address that goes into descriptors.
     *
     * @return the driver address of the first byte
     */
    long address();

    /**
     * Returns the memory; the device may change it at any time while a chain refers to it.
     *
     * @return a segment of exactly the buffer's size, valid until {@link #close()}
     */
    MemorySegment segment();

    /** Gives the memory back. Idempotent. The owner sees to it that no chain in flight refers to it. */
    @Override
    void close();
}
