// SPDX-License-Identifier: Apache-2.0
package vireo.observe;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a peer from filling the log: lets a burst of lines through and then one per interval. Ask it before a line is
 * put together. Thread-safe.
 */
public final class LogLimit {

    private final int burst;
    private final long intervalNanos;
    private final AtomicLong earliest = new AtomicLong(Long.MIN_VALUE);
    private final AtomicLong passed = new AtomicLong();
    private final AtomicLong held = new AtomicLong();

    /**
     * Makes a limit.
     *
     * @param burst how many lines pass at once at first
     * @param intervalNanos time between two lines after that
     */
    public LogLimit(int burst, long intervalNanos) {
        this.burst = burst;
        this.intervalNanos = intervalNanos;
    }

    /**
     * Makes the usual limit: three lines, then one every ten seconds.
     *
     * @return the limit
     */
    public static LogLimit usual() {
        return new LogLimit(3, 10_000_000_000L);
    }

    /**
     * Asks for leave to log one line now.
     *
     * @return −1 to stay silent, else the number of lines held back since the last one that passed
     */
    public long permit() {
        if (passed.get() < burst) {
            if (passed.getAndIncrement() < burst) {
                earliest.set(System.nanoTime() + intervalNanos);
                return held.getAndSet(0);
            }
        }
        long now = System.nanoTime();
        long next = earliest.get();
        if (now - next >= 0 && earliest.compareAndSet(next, now + intervalNanos)) {
            return held.getAndSet(0);
        }
        held.incrementAndGet();
        return -1;
    }
}
