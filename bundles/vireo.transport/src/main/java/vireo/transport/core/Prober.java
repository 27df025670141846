// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

import vireo.bus.BusException;
import vireo.bus.BusInfo.TokenOwner;
import vireo.bus.RequestCallback;
import vireo.bus.SendResult;
import vireo.codec.Header;
import vireo.codec.bus.Ping;

/** Finds out whether a peer that had stalled takes messages again, by a PING whose answer does not matter. */
final class Prober {
    private static final long ANSWER_NANOS = 1_000_000_000L;

    private final Link link;
    private final Runnable recovered;
    private final AtomicBoolean probing = new AtomicBoolean();
    private final MemorySegment message = Arena.ofAuto().allocate(Ping.SIZE, Long.BYTES);
    private int token;

    Prober(Link link, Runnable recovered) {
        this.link = link;
        this.recovered = recovered;
    }

    /** Tries once; whoever finds somebody else trying leaves it to him. */
    void probe() {
        if (!probing.compareAndSet(false, true)) {
            return;
        }
        boolean taken = false;
        try {
            if (link.info().tokenOwner() == TokenOwner.BUS) {
                new Ping().createRequest(message, 0, 0, 0);
                link.bus().request(message, 0, Ping.SIZE, System.nanoTime() + ANSWER_NANOS, new Answered());
            } else {
                taken = sent();
            }
        } finally {
            probing.set(false);
        }
        if (taken) {
            recovered.run();
        }
    }

    /** Tries with the same token until it is used up: a stall may take long, and tokens are few. */
    private boolean sent() {
        token = token == 0 ? link.correlator().unawaited() : token;
        if (token == 0) {
            return false;
        }
        new Ping().createRequest(message, 0, token, 0);
        if (link.bus().trySend(message, 0, Ping.SIZE) != SendResult.SENT) {
            return false;
        }
        token = 0;
        return true;
    }

    /** Where the bus sends by itself, only the answer shows that the peer took something. */
    private final class Answered implements RequestCallback {
        @Override
        public void onResponse(MemorySegment base, long offset, long length) {
            if (length >= Header.BYTES) {
                recovered.run();
            }
        }

        @Override
        public void onFailure(BusException cause) {
            // The next probe is on its way.
        }
    }
}
