// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.concurrent.ThreadLocalRandom;

import vireo.codec.bus.Ping;
import vireo.driver.RequestException;

/** PING as this side sends it to see whether the peer is alive. */
final class Pings {
    private Pings() {
    }

    /** Asks and gives the nanoseconds that the answer took. */
    static long ask(Link link, long timeoutNanos) throws RequestException {
        try (Exchange exchange = link.exchange()) {
            int data = ThreadLocalRandom.current().nextInt();
            new Ping().createRequest(exchange.request(), 0, 0, data);
            long start = System.nanoTime();
            exchange.call(Ping.SIZE, timeoutNanos);
            long took = System.nanoTime() - start;
            int echo = new Ping().wrap(exchange.answer(), 0).data();
            if (echo != data) {
                throw exchange.misanswered("sent data 0x" + Integer.toHexString(data) + ", got 0x"
                        + Integer.toHexString(echo));
            }
            return took;
        }
    }
}
