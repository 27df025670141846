// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.BitSet;

import vireo.bus.WireProfile;
import vireo.codec.bus.GetDevicesRequest;
import vireo.codec.bus.GetDevicesResponse;
import vireo.driver.RequestException;
import vireo.transport.core.Exchange;
import vireo.transport.core.Link;

/** Asks which device numbers are in use, window by window (transport.md section 15.1). */
final class Enumerator {
    private static final int EIGHT = 8;
    /** The largest multiple of 8 that the count field holds. */
    private static final int LARGEST_COUNT = 0xfff8;

    private final Link link;
    private final long connection;
    private final WireProfile profile;
    private final int maxDevices;
    private boolean astray;

    Enumerator(Link link, long connection) {
        this.link = link;
        this.connection = connection;
        this.profile = link.info().profile();
        this.maxDevices = link.info().maxDevices();
    }

    /**
     * Gives the numbers that are in use below the bus's limit. However the peer answers, there are no more requests
     * than there are groups of eight numbers: each answer has to lead further on.
     */
    BitSet numbers() throws RequestException {
        BitSet found = new BitSet();
        int first = 0;
        do {
            first = window(first, found);
        } while (first > 0 && first < maxDevices);
        return found;
    }

    /** Whether the peer pointed somewhere that does not lead on, so that there may be more than was found. */
    boolean astray() {
        return astray;
    }

    /** Gives where to go on, or 0. */
    private int window(int first, BitSet found) throws RequestException {
        try (Exchange exchange = link.exchange(connection)) {
            int left = (maxDevices - first + EIGHT - 1) / EIGHT * EIGHT;
            int fits = Math.min(LARGEST_COUNT, GetDevicesResponse.capacity(link.info().maxMessageSize()));
            int count = Math.min(left, fits);
            new GetDevicesRequest().create(exchange.request(), 0, 0, first, count);
            exchange.call(GetDevicesRequest.SIZE);
            GetDevicesResponse answer = GetDevicesResponse.of(profile).wrap(exchange.answer(), 0);
            if (answer.first() != first) {
                throw exchange.misanswered("asked for devices from " + first + ", the answer starts at "
                        + answer.first());
            }
            for (int n = 0; n < answer.count() && first + n < maxDevices; n++) {
                if (answer.isAvailable(n)) {
                    found.set(first + n);
                }
            }
            int next = answer.next();
            if (next != 0 && (next <= first || next % EIGHT != 0)) {
                astray = true;
                return 0;
            }
            return next;
        }
    }
}
