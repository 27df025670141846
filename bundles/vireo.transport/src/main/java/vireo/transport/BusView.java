// SPDX-License-Identifier: Apache-2.0
package vireo.transport;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

import vireo.bus.BusInfo;

/**
 * A bus that the transport is attached to, as it was at one moment.
 *
 * @param info what the bus said of itself
 * @param connected true while a peer is there
 * @param peerEpoch which instance of the peer that is or was; 0 before the first
 * @param devices on a driver-role bus the devices found, on a device-role bus the slots with a device in them
 * @param inFlight requests of this side that wait for their response
 * @param counters the transport's counters of this bus, by full name
 */
public record BusView(BusInfo info, boolean connected, long peerEpoch, int devices, int inFlight,
        Map<String, Long> counters) {
    /** Copies the counters, keeping their order. */
    public BusView {
        counters = Collections.unmodifiableMap(new LinkedHashMap<>(counters));
    }
}
