// SPDX-License-Identifier: Apache-2.0
package vireo.slot;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A hand on one device slot for what virtio-msg has no message for. The transport's own queue messages go through it too,
 * so that a device cannot tell which kind of driver it has. Thread-safe; nothing here blocks.
 */
@ProviderType
public interface SlotControl {

    /**
     * Starts a queue that was set up, from a given position instead of from zero.
     *
     * @param queue queue index
     * @param position ring position: for a split ring the next available index, 0 to 65535
     * @return completes when the device may serve it; fails with IllegalStateException if the queue is not set up
     */
    CompletionStage<Void> startQueue(int queue, int position);

    /**
     * Stops a queue and lets chains in flight finish.
     *
     * @param queue queue index
     * @return completes with the position at which a later start goes on, once nothing touches the queue any more
     */
    CompletionStage<Integer> stopQueue(int queue);

    /**
     * Gives a queue a shared record of the chains taken and not completed, kept up to date at take and complete.
     *
     * @param queue queue index
     * @param record the record's memory, valid while the queue is set up, or null for none
     */
    void setInflight(int queue, MemorySegment record);

    /**
     * Returns the state of the slot now.
     *
     * @return a copy of everything the driver can see
     */
    SlotState state();
}
