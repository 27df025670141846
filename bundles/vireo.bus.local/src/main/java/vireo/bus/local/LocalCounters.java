// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import java.util.Map;
import vireo.observe.CounterSet;

/** What a bus of this kind counts; the constants are indices. */
final class LocalCounters {

    static final int TO_DEVICE = 0;
    static final int TO_DRIVER = 1;
    /** Sends that found no room. */
    static final int FULL_TO_DEVICE = 2;
    static final int FULL_TO_DRIVER = 3;
    static final int CONNECTED = 4;
    /** Messages that their receiver did not stay for. */
    static final int DISCARDED = 5;
    static final int CALLBACK_FAILURES = 6;

    private static final String[] NAMES = {"messages_to_device", "messages_to_driver", "sends_full_to_device",
        "sends_full_to_driver", "connected", "messages_discarded", "callback_failures"};

    private LocalCounters() {
    }

    static CounterSet create(String name) {
        return new CounterSet("bus", Map.of("bus", name, "kind", "local"), NAMES);
    }
}
