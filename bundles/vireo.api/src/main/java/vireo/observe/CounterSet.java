// SPDX-License-Identifier: Apache-2.0
package vireo.observe;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A fixed set of monotonic counters of one part of the platform, such as one bus or one slot. Its owner registers it as a
 * service while the part lives; shell, JMX and metrics read all of them. Counting is lock-free and allocates nothing in
 * steady state.
 *
 * <p>A counter's full name is {@code vireo_<part>_<what>_total}.
 */
public final class CounterSet {

    private final String part;
    private final Map<String, String> labels;
    private final List<String> names;
    private final LongAdder[] counts;

    /**
     * Makes a set with every counter at 0.
     *
     * @param part what the counters are about, such as {@code bus}
     * @param labels which one it is, such as {@code bus=amp0}; copied
     * @param whats short names of the counters, in lower case with underscores; the position of a name is its index
     * @throws IllegalArgumentException if a name is not of that form or occurs twice
     */
    public CounterSet(String part, Map<String, String> labels, String... whats) {
        this.part = part;
        this.labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        this.names = List.of(whats);
        this.counts = new LongAdder[whats.length];
        for (int i = 0; i < whats.length; i++) {
            if (!whats[i].matches("[a-z][a-z0-9_]*") || names.indexOf(whats[i]) != i) {
                throw new IllegalArgumentException("no counter name: " + whats[i]);
            }
            counts[i] = new LongAdder();
        }
    }

    /**
     * Returns what the counters are about.
     *
     * @return the part
     */
    public String part() {
        return part;
    }

    /**
     * Returns which one they are about.
     *
     * @return labels by name, sorted
     */
    public Map<String, String> labels() {
        return labels;
    }

    /**
     * Adds one to a counter.
     *
     * @param index position of its name at construction
     */
    public void increment(int index) {
        counts[index].increment();
    }

    /**
     * Adds to a counter.
     *
     * @param index position of its name at construction
     * @param amount how much, not negative
     */
    public void add(int index, long amount) {
        counts[index].add(amount);
    }

    /**
     * Returns a counter's value.
     *
     * @param index position of its name at construction
     * @return the value now
     */
    public long get(int index) {
        return counts[index].sum();
    }

    /**
     * Returns every counter's value.
     *
     * @return values by full name, in the order of construction
     */
    public Map<String, Long> values() {
        Map<String, Long> values = new LinkedHashMap<>();
        for (int i = 0; i < counts.length; i++) {
            values.put("vireo_" + part + "_" + names.get(i) + "_total", counts[i].sum());
        }
        return values;
    }
}
