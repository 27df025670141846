// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.Map;

import vireo.observe.CounterSet;

/** The counters of one slot. */
final class SlotCounters {
    static final int REQUESTS = 0;
    static final int REQUESTS_DROPPED = 1;
    static final int REQUESTS_STALE = 2;
    static final int REQUESTS_UNKNOWN = 3;
    static final int REQUESTS_FAILED = 4;
    static final int KICKS = 5;
    static final int KICKS_IGNORED = 6;
    static final int CALLS = 7;
    static final int CALLS_HELD = 8;
    static final int CONFIG_EVENTS = 9;
    static final int CONFIG_WRITES = 10;
    static final int CONFIG_REJECTED = 11;
    static final int STATUS_ILLEGAL = 12;
    static final int FEATURES_REFUSED = 13;
    static final int QUEUES_REFUSED = 14;
    static final int QUEUES_BROKEN = 15;
    static final int MEMORY_FAULTS = 16;
    static final int COMPLETIONS_DROPPED = 17;
    static final int HANDLER_FAILURES = 18;
    static final int DEVICE_FAILURES = 19;
    static final int RESETS = 20;
    static final int NEEDS_RESET = 21;
    static final int UNRESTED = 22;
    static final int TAKEOVERS = 23;
    static final int TAKEOVERS_REFUSED = 24;
    static final int CHAINS_REDELIVERED = 25;

    private static final String[] WHATS = {"requests", "requests_dropped", "requests_stale", "requests_unknown",
        "requests_failed", "kicks", "kicks_ignored", "calls", "calls_held", "config_events", "config_writes",
        "config_rejected", "status_illegal", "features_refused", "queues_refused", "queues_broken", "memory_faults",
        "completions_dropped", "handler_failures", "device_failures", "resets", "needs_reset", "unrested",
        "takeovers", "takeovers_refused", "chains_redelivered"};

    private final CounterSet set;

    SlotCounters(String bus, int number, String device) {
        set = new CounterSet("slot", Map.of("bus", bus, "number", Integer.toString(number), "device", device), WHATS);
    }

    CounterSet set() {
        return set;
    }

    void increment(int index) {
        set.increment(index);
    }

    void add(int index, long amount) {
        set.add(index, amount);
    }

    long get(int index) {
        return set.get(index);
    }
}
