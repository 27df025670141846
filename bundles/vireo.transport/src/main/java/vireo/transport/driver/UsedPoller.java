// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import vireo.bus.BusInfo.Signalling;
import vireo.transport.core.Link;
import vireo.transport.core.Timers;

/**
 * Looks at a queue from time to time, for buses on which the device does not notify (rules VMSG-OPR-15 and 16): after
 * 1 ms, and less and less often while the driver asks for nothing.
 */
final class UsedPoller {
    private static final long FIRST_NANOS = 1_000_000;
    private static final long LAST_NANOS = 16_000_000;

    private final RemoteQueue queue;
    private final Timers timers;
    private volatile long pause = FIRST_NANOS;

    private UsedPoller(RemoteQueue queue, Timers timers) {
        this.queue = queue;
        this.timers = timers;
    }

    /** Starts looking, if the bus needs it, until the queue ends. */
    static void start(RemoteQueue queue, Link link, Timers timers) {
        if (link.info().calls() == Signalling.POLLED) {
            UsedPoller poller = new UsedPoller(queue, timers);
            queue.onKick(() -> poller.pause = FIRST_NANOS);
            poller.schedule();
        }
    }

    private void schedule() {
        timers.after(pause, this::look);
    }

    private void look() {
        if (!queue.isEnded()) {
            pause = Math.min(2 * pause, LAST_NANOS);
            try {
                queue.used();
            } finally {
                schedule();
            }
        }
    }
}
