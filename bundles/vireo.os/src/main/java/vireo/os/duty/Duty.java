// SPDX-License-Identifier: Apache-2.0
package vireo.os.duty;

import org.osgi.annotation.versioning.ConsumerType;

/** What a {@link DutyThread} does again and again. Called on that thread only. */
@ConsumerType
@FunctionalInterface
public interface Duty {

    /**
     * Does some of the work that is there, without waiting.
     *
     * @return how much was done; 0 if there was nothing to do
     * @throws Exception if it failed; the thread's failure handler is told, and the thread goes on
     */
    int work() throws Exception;

    /**
     * Says how long the thread may sleep if nobody wakes it; asked each time before it does. This is where a duty with a
     * timer says when that is due.
     *
     * @return nanoseconds; Long.MAX_VALUE for as long as it takes
     */
    default long sleepNanos() {
        return Long.MAX_VALUE;
    }

    /** Called once, as the last thing the thread does, after it was told to stop. */
    default void ended() {
    }
}
