// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** How a blocking caller waits for its request: it looks for it in the ring for a moment, and then sleeps. */
final class Waiting {

    private Waiting() {
    }

    /**
     * Waits until a request sent by this thread is done.
     *
     * @throws IOException if the time is up; the request is not the caller's any more
     */
    static void await(Lane lane, Request request, VolumeOptions options) throws IOException {
        if (request.spinning || options.pollNanos() > 0 && request.state != Request.DONE && lane.maySpin(request)) {
            spin(lane, request, options.pollNanos());
        }
        long deadline = request.sentAt + options.timeoutNanos();
        boolean interrupted = false;
        while (request.state != Request.DONE) {
            long left = deadline - System.nanoTime();
            IOException late = left <= 0 ? lane.giveUp(request) : null;
            if (late != null) {
                throw late;
            }
            LockSupport.parkNanos(lane, Math.max(left, 1));
            // Kept for the caller: what is in flight cannot be called back.
            interrupted |= Thread.interrupted();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void spin(Lane lane, Request request, long nanos) {
        long start = System.nanoTime();
        while (request.state != Request.DONE && System.nanoTime() - start < nanos) {
            if (lane.collect() == 0) {
                Thread.onSpinWait();
            }
        }
        lane.stopSpinning(request);
    }
}
