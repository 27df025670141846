// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.Map;

import vireo.observe.CounterSet;

/** The counters of one driver-role bus. */
final class DriverCounters {
    static final int ENUMERATIONS = 0;
    static final int ENUMERATIONS_FAILED = 1;
    static final int WINDOWS_ASTRAY = 2;
    static final int QUERIES_FAILED = 3;
    static final int FOUND = 4;
    static final int LOST = 5;
    static final int EVENTS_DEVICE = 6;
    static final int EVENTS_CONFIG = 7;
    static final int EVENTS_USED = 8;
    static final int UNKNOWN_STATE = 9;
    static final int UNKNOWN_DEVICE = 10;
    static final int UNKNOWN_QUEUE = 11;
    static final int UNEXPECTED = 12;

    private DriverCounters() {
    }

    static CounterSet make(String bus) {
        return new CounterSet("driver", Map.of("bus", bus), "enumerations", "enumerations_failed", "windows_astray",
                "queries_failed", "found", "lost", "events_device", "events_config", "events_used", "unknown_state",
                "unknown_device", "unknown_queue", "unexpected");
    }
}
