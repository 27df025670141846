// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import vireo.bus.BusInfo;
import vireo.codec.Reason;
import vireo.observe.CounterSet;

/** The counters of one link: what passed, and one for each reason for which a message was dropped. */
final class LinkCounters {
    static final int RECEIVED = 0;
    static final int SENT = 1;
    static final int FULL = 2;
    static final int UNCONNECTED = 3;
    static final int FAILURES = 4;
    static final int STALLS = 5;
    static final int PINGS_ANSWERED = 6;
    static final int PINGS_DROPPED = 7;
    static final int REQUESTS = 8;
    static final int REQUESTS_LOST = 9;
    static final int REQUESTS_UNANSWERED = 10;
    static final int REQUESTS_MISANSWERED = 11;
    static final int RESPONSES_LATE = 12;
    static final int RESPONSES_UNMATCHED = 13;
    private static final String[] WHATS = {"received", "sent", "full", "unconnected", "failures", "stalls",
        "pings_answered", "pings_dropped", "requests", "requests_lost", "requests_unanswered", "requests_misanswered",
        "responses_late", "responses_unmatched"};
    private static final Reason[] REASONS = Reason.values();

    private final CounterSet set;

    LinkCounters(BusInfo info) {
        String role = info.role().name().toLowerCase(Locale.ROOT);
        set = new CounterSet("link", Map.of("bus", info.name(), "role", role),
                Stream.concat(Arrays.stream(WHATS), Arrays.stream(REASONS).map(LinkCounters::what))
                        .toArray(String[]::new));
    }

    private static String what(Reason reason) {
        return "malformed_" + reason.name().toLowerCase(Locale.ROOT);
    }

    CounterSet set() {
        return set;
    }

    void increment(int index) {
        set.increment(index);
    }

    void malformed(Reason reason) {
        set.increment(WHATS.length + reason.ordinal());
    }
}
