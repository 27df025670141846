// SPDX-License-Identifier: Apache-2.0
package vireo.driver;

import org.osgi.annotation.versioning.ConsumerType;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The driver side of one virtqueue. Building, submitting and polling are for one thread at a time; the owner serialises
 * them. Nothing here allocates or blocks.
 *
 * <p>The usual round: {@link #readable} and {@link #writable} for each element, {@link #submit}, {@link #kick}; then
 * {@link #poll} when {@link Waker#used} was called.
 */
@ProviderType
public interface DriverQueue {

    /** What {@link #submit()} returns when the ring has no room for the chain. */
    int FULL = -1;

    /** Told, on a thread of the transport, that a queue may have used buffers; must not block. */
    @ConsumerType
    @FunctionalInterface
    interface Waker {

        /** The queue may have used buffers. */
        void used();
    }

    /**
     * Returns the queue's index.
     *
     * @return 0 to 63
     */
    int index();

    /**
     * Returns the queue's size.
     *
     * @return number of descriptors
     */
    int size();

    /**
     * Returns the largest number of elements that one chain may have now.
     *
     * @return elements that {@link #submit()} would accept, with indirect descriptors counted as the queue can use them
     */
    int room();

    /**
     * Adds a device-readable element to the chain being built. Readable elements come before writable ones (rule
     * VQ-FRM-03).
     *
     * @param address driver address
     * @param length bytes, at least 1
     * @throws IllegalStateException if a writable element was added before
     */
    void readable(long address, long length);

    /**
     * Adds a device-writable element to the chain being built.
     *
     * @param address driver address
     * @param length bytes, at least 1
     */
    void writable(long address, long length);

    /**
     * Makes the chain available to the device, without notifying it.
     *
     * @return the id under which it comes back, 0 to {@link #size()} exclusive, or {@link #FULL}; after FULL the chain
     *         that was built is forgotten
     */
    int submit();

    /** Notifies the device of submitted chains if it wants to be told. */
    void kick();

    /**
     * Hands out used buffers.
     *
     * @param handler gets each buffer
     * @param limit largest number to hand out
     * @return how many were handed out
     * @throws vireo.device.QueueBrokenException if the device used what it does not have (rules VQ-ROB-15 and 16)
     */
    int poll(UsedHandler handler, int limit);

    /**
     * Asks to be told of the next used buffer.
     *
     * @return false if there are used buffers already, so that the caller polls again instead of waiting
     */
    boolean arm();

    /**
     * Returns how many chains the device has.
     *
     * @return chains submitted and not yet handed out
     */
    int inFlight();
}
