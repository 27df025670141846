// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import org.osgi.annotation.versioning.ProviderType;

/**
 * The device side of one virtqueue, whatever its ring format and wherever its memory is. It trusts nothing the driver
 * writes: every index, length, address and chain is checked once, on a private copy (virtqueues.md section 11).
 *
 * <p>{@link #take()} and the handler are called by one thread at a time; {@link Chain#complete} may be called from any
 * thread. Nothing here allocates.
 */
@ProviderType
public interface DeviceQueue {

    /**
     * Returns the queue's index.
     *
     * @return 0 to 63
     */
    int index();

    /**
     * Returns the size the driver chose.
     *
     * @return number of descriptors, 1 to 32768
     */
    int size();

    /**
     * Sets who gets the chains. Called from {@link DeviceSession#queueStarted}; the worker then drains the queue, arms
     * notifications and looks again, so that no chain is missed.
     *
     * @param handler the handler, or null to have none and use {@link #take()}
     */
    void handler(ChainHandler handler);

    /**
     * Takes the next chain.
     *
     * @return the chain, or null if the driver has made none available
     * @throws QueueBrokenException if the ring is malformed
     */
    Chain take();

    /**
     * Asks for the handler to be run soon on a worker, for devices that stopped taking and can go on now. Legal from any
     * thread.
     */
    void wake();
}
