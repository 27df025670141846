// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;

/** Keeps the buffers of ended requests for later ones, as many as may be in flight. */
final class ExchangePool {
    private final Link link;
    private final long deadlineNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<Exchange> spare = new ArrayDeque<>();

    ExchangePool(Link link, long deadlineNanos) {
        this.link = link;
        this.deadlineNanos = deadlineNanos;
    }

    Exchange take(long connection) {
        Exchange exchange;
        lock.lock();
        try {
            exchange = spare.poll();
        } finally {
            lock.unlock();
        }
        return (exchange == null ? new Exchange(link, this, deadlineNanos) : exchange).fresh(connection);
    }

    void give(Exchange exchange) {
        lock.lock();
        try {
            if (spare.size() < link.info().maxInFlight()) {
                spare.push(exchange);
            }
        } finally {
            lock.unlock();
        }
    }
}
