// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import org.osgi.annotation.versioning.ProviderType;
import vireo.device.DeviceQueue;

/**
 * The device side of one virtqueue as its owner sees it. The owner runs the loop, on any thread but one at a time:
 *
 * <pre>{@code
 * do {
 *     while (engine.serve(budget) > 0) { }
 * } while (!engine.arm());
 * // sleep until the driver's notification
 * }</pre>
 *
 * <p>{@link #serve}, {@link #take} and {@link #arm} belong to one thread at a time. {@link #stop}, {@link #close} and
 * the questions are legal from any thread at any time. {@link #epoch}, {@link #redeliver} and {@link #abandon} are for
 * when no thread serves the queue. A queue that met a new memory generation moves over the next time it is served, so
 * an owner that learns of one has the queue served once.
 */
@ProviderType
public interface QueueEngine extends DeviceQueue, AutoCloseable {

    /**
     * Hands chains to the handler, then notifies the driver once for all that was completed meanwhile on this thread.
     *
     * @param budget largest number of chains to hand over, at least 1
     * @return how many were handed over; 0 if there is no chain or no handler, or the queue is stopped or broken
     * @throws InternalError if driver memory went away under the engine, which costs the whole bus
     */
    int serve(int budget);

    /**
     * Asks the driver to notify of the next chain, then looks again.
     *
     * @return true if the owner may sleep until a notification or {@link QueueEvents#wake}, which is always so for a
     *         queue that is stopped, broken or has no handler; false if there is a chain already
     */
    boolean arm();

    /**
     * Returns where the next chain is taken from.
     *
     * @return ring position, for a split ring the next available index, 0 to 65535
     */
    int position();

    /**
     * Returns where the next used element goes.
     *
     * @return ring position, for a split ring the next used index, 0 to 65535
     */
    int usedPosition();

    /**
     * Returns the chains taken and not completed. Exact while no thread serves the queue or completes chains.
     *
     * @return their heads, in the order taken, each one once
     */
    int[] inFlight();

    /**
     * Returns how many chains are taken and not completed.
     *
     * @return 0 to the queue's size
     */
    int inFlightCount();

    /**
     * Ends the taking of chains; {@link #take()} gives null from now on. Chains in flight may still be completed, and
     * {@link QueueEvents#drained} says when the last of them was. Idempotent.
     */
    void stop();

    /**
     * Lets a stopped queue be served again, at the position where it stood.
     */
    void resume();

    /**
     * Begins a new session. The caller warrants that the one before is at rest: chains it took give up their hold on
     * driver memory and stay in flight, to be handed out again by {@link #redeliver}; a completion that still comes for
     * them is dropped and counted.
     *
     * @param epoch number of the new session, different from all before
     */
    void epoch(long epoch);

    /**
     * Makes the chains in flight of earlier sessions come again, in the order in which they were taken and before any
     * new one, with {@link vireo.device.Chain#redelivered()} set. They are read from the ring anew and checked as new.
     */
    void redeliver();

    /**
     * Forgets all chains in flight, for a reset. The caller warrants that the session is at rest: chains give up their
     * hold on driver memory, and a completion that still comes for them is dropped and counted.
     */
    void abandon();

    /**
     * Ends the engine: no chain is taken and the rings are not touched any more. Each chain still in flight keeps its
     * driver memory until its completion, which is dropped and counted. Idempotent; never waits.
     */
    @Override
    void close();
}
