// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.time.Duration;

/**
 * What can be configured of the transport as a whole.
 *
 * @param deadlineNanos how long a request of this side waits for its response
 * @param stallNanos how long a bus may be full before its peer counts as gone
 * @param workers how many threads serve queues
 * @param pollNanos how long such a thread looks for more after its last chain before it sleeps
 */
public record Settings(long deadlineNanos, long stallNanos, int workers, long pollNanos) {
    /** What holds without a configuration (CONTRACTS 4 and 5). */
    public static final Settings DEFAULT = of(10_000, 5_000, 0, 50);

    /**
     * Makes settings from the units of the configuration.
     *
     * @param deadlineMillis how long a request waits, 1 to 3 600 000
     * @param stallMillis how long a bus may be full, 1 to 3 600 000
     * @param workers number of threads, 1 to 256; 0 for as many as there are cores
     * @param pollMicros how long a thread polls, 0 to 1 000 000
     * @return the settings
     * @throws IllegalArgumentException naming the property that is out of range
     */
    public static Settings of(long deadlineMillis, long stallMillis, int workers, long pollMicros) {
        check("deadline.ms", deadlineMillis, 1, 3_600_000);
        check("stall.ms", stallMillis, 1, 3_600_000);
        check("workers", workers, 0, 256);
        check("poll.us", pollMicros, 0, 1_000_000);
        return new Settings(Duration.ofMillis(deadlineMillis).toNanos(), Duration.ofMillis(stallMillis).toNanos(),
                workers == 0 ? Runtime.getRuntime().availableProcessors() : workers, pollMicros * 1000);
    }

    private static void check(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + "=" + value + " of vireo.transport is not in " + least + ".."
                    + most);
        }
    }
}
