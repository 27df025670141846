// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A device at work for one slot, from activation to reset, takeover or removal. Queues may start and stop at any time in
 * between. The four calls are serial; chains arrive on queue workers meanwhile.
 */
@ConsumerType
public interface DeviceSession {

    /**
     * A queue is set up and live. The session usually gives it a handler here; it may also keep the queue and take chains
     * from it when it has something to put in them.
     *
     * @param queue the queue, usable until {@link #queueStopping} returned
     */
    void queueStarted(DeviceQueue queue);

    /**
     * A queue is about to stop. No chain is handed out any more; chains already taken may still be completed.
     *
     * @param queue the queue
     */
    void queueStopping(DeviceQueue queue);

    /**
     * Brings the session to rest: when this returned true, it touches neither driver memory nor its back end any more.
     * Chains that it took and did not complete stay with the slot and go to the successor.
     *
     * @param deadlineNanos {@link System#nanoTime()} value until which it may take
     * @return true if at rest; false makes the slot need a reset and keeps its memory mapped
     */
    boolean quiesce(long deadlineNanos);

    /** Ends the session and frees what it holds. Idempotent; follows {@link #quiesce}. */
    void close();
}
