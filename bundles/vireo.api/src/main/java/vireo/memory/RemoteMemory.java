// SPDX-License-Identifier: Apache-2.0
package vireo.memory;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Driver memory that no address of this process reaches, such as that behind a network socket. It is served by a queue
 * engine of its own, which fetches rings and buffers and writes them back in batches.
 *
 * <p>Every operation is asynchronous and idempotent. Operations are applied at the driver in the order in which they
 * were submitted: data first, then the used element, then the used index.
 */
@ConsumerType
public interface RemoteMemory {

    /** Told how an operation ended; called once, on a thread of the bus, and must not block. */
    @FunctionalInterface
    interface Completion {

        /**
         * The operation ended.
         *
         * @param failure null on success, else what went wrong
         */
        void done(Exception failure);
    }

    /**
     * Returns the largest transfer that one call may ask for.
     *
     * @return bytes, at least 4096
     */
    long maxTransfer();

    /**
     * Copies driver memory here.
     *
     * @param address first driver address, unsigned
     * @param target where the bytes go; must stay valid until the completion
     * @param offset byte offset in the target
     * @param length number of bytes, 1 to {@link #maxTransfer()}
     * @param completion told when the bytes are there
     */
    void read(long address, MemorySegment target, long offset, long length, Completion completion);

    /**
     * Copies bytes into driver memory.
     *
     * @param address first driver address, unsigned
     * @param source where the bytes are; must stay valid until the completion
     * @param offset byte offset in the source
     * @param length number of bytes, 1 to {@link #maxTransfer()}
     * @param completion told when the driver can see the bytes
     */
    void write(long address, MemorySegment source, long offset, long length, Completion completion);
}
