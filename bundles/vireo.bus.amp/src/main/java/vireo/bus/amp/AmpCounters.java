// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.util.Map;
import vireo.observe.CounterSet;

/** What a bus of this kind counts; the constants are indices. */
final class AmpCounters {

    static final int SENT = 0;
    static final int RECEIVED = 1;
    static final int FULL = 2;
    /** Sends given up because other threads were sending: reported as full, and tried again by the caller. */
    static final int CONTENDED = 3;
    static final int CONNECTED = 4;
    static final int DISCONNECTED = 5;
    /** Further peers turned away while the first was there. */
    static final int REFUSED = 6;
    /** Indices read from shared memory that were no slot numbers or moved as none may. */
    static final int INDEX_FAULTS = 7;
    /** Messages thrown away at connecting because an earlier instance was meant. */
    static final int DISCARDED = 8;
    static final int PINGS = 9;
    static final int PINGS_LOST = 10;
    static final int CALLBACK_FAILURES = 11;

    private static final String[] NAMES = {"messages_sent", "messages_received", "sends_full", "sends_contended",
        "connected", "disconnected", "peers_refused", "index_faults", "messages_discarded", "pings_sent", "pings_lost",
        "callback_failures"};

    private AmpCounters() {
    }

    static CounterSet create(AmpSettings settings) {
        return new CounterSet("bus", Map.of("bus", settings.name(), "role", settings.roleKey(), "kind", "amp"), NAMES);
    }
}
