// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What a device-side engine tells its owner. Called on whatever thread finds it out, with no lock of the engine held;
 * must not block, and must not throw. Calls of {@link #notifyDriver}, {@link #wake} and {@link #dropped} are on the
 * data path and must not allocate. A thread that was on its way may still call shortly after {@link QueueEngine#close}.
 */
@ConsumerType
public interface QueueEvents {

    /**
     * There are used buffers and the driver wants to be told of them.
     *
     * @param queue queue index
     */
    void notifyDriver(int queue);

    /**
     * The ring is malformed: it is not served any more, its memory is not touched for it any more, and its device needs
     * a reset. Called once, on the thread that found it.
     *
     * @param queue queue index
     * @param reason what was wrong, with the value and the rule id
     */
    void broken(int queue, String reason);

    /**
     * A completion was dropped: a second one for the same chain, one by an earlier session, or one for a queue that is
     * broken or closed.
     *
     * @param queue queue index
     */
    void dropped(int queue);

    /**
     * The queue should be served soon: the device asked for it ({@link vireo.device.DeviceQueue#wake}), or a completion
     * made room for a chain that had to wait.
     *
     * @param queue queue index
     */
    void wake(int queue);

    /**
     * The device's handler threw; the chain it was given was completed with length 0 if it was still open.
     *
     * @param queue queue index
     * @param thrown what it threw
     */
    void handlerFailed(int queue, Throwable thrown);

    /**
     * No thread serves the queue, which was stopped or closed, and no chain is in flight any more. Called once per
     * stop, by {@link QueueEngine#stop()} itself if it is so already.
     *
     * @param queue queue index
     */
    default void drained(int queue) {
    }
}
