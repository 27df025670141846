// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.Map;
import java.util.TreeMap;

/**
 * Which devices came and went and the driver has not been told of: the newest state for each number, however often it
 * changed. A device that went and another one that came in its place are two things to tell.
 */
final class DeviceEvents {
    static final int READY = 1;
    static final int REMOVED = 2;

    private final TreeMap<Integer, Integer> pending = new TreeMap<>();

    /** One thing to tell. */
    record Event(int number, int state) {
    }

    synchronized void came(int number) {
        pending.merge(number, READY, (before, now) -> before & REMOVED | now);
    }

    synchronized void went(int number) {
        pending.put(number, REMOVED);
    }

    synchronized Event first() {
        Map.Entry<Integer, Integer> entry = pending.firstEntry();
        if (entry == null) {
            return null;
        }
        return new Event(entry.getKey(), (entry.getValue() & REMOVED) != 0 ? REMOVED : READY);
    }

    synchronized void told(Event event) {
        pending.computeIfPresent(event.number(), (number, states) -> {
            int left = states & ~event.state();
            return left == 0 ? null : left;
        });
    }

    /** A driver that begins asks what there is. */
    synchronized void forget() {
        pending.clear();
    }

    synchronized boolean isEmpty() {
        return pending.isEmpty();
    }
}
