// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

/**
 * How volumes are driven.
 *
 * @param maxTransfer largest data of one request in bytes, a multiple of 512; larger transfers are cut and pipelined
 * @param requests largest number of requests in flight per queue
 * @param queues largest number of queues used of a device that has several
 * @param timeoutNanos how long a request may take before it has failed
 * @param pollNanos how long a waiting caller looks at the ring by itself before it sleeps
 */
record VolumeOptions(int maxTransfer, int requests, int queues, long timeoutNanos, long pollNanos) {

    private static final int LARGEST_TRANSFER = 16 << 20;
    private static final int MOST_REQUESTS = 1024;
    private static final int MOST_QUEUES = 64;

    VolumeOptions {
        check("max.transfer", maxTransfer, RemoteVolume.SECTOR, LARGEST_TRANSFER);
        check("requests", requests, 1, MOST_REQUESTS);
        check("queues", queues, 1, MOST_QUEUES);
        check("timeout.ms", timeoutNanos, 1, Long.MAX_VALUE / 2);
        check("poll.us", pollNanos, 0, Long.MAX_VALUE / 2);
        if (maxTransfer % RemoteVolume.SECTOR != 0) {
            throw new IllegalArgumentException("max.transfer=" + maxTransfer + " is not a multiple of 512");
        }
    }

    static VolumeOptions of(BlockDriverConfig config) {
        int processors = Runtime.getRuntime().availableProcessors();
        // On one processor a spinning caller only keeps the device from running.
        long poll = processors == 1 ? 0 : Math.multiplyExact(config.poll_us(), 1_000L);
        return new VolumeOptions(config.max_transfer(), config.requests(), Math.min(config.queues(), processors),
                Math.multiplyExact(config.timeout_ms(), 1_000_000L), poll);
    }

    private static void check(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + "=" + value + " is not in " + least + ".." + most);
        }
    }
}
