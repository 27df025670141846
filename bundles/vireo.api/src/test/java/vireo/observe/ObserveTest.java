// SPDX-License-Identifier: Apache-2.0
package vireo.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ObserveTest {

    @Test
    void shouldRefuseCounterNamesThatMetricsWouldNotTake() {
        assertThrows(IllegalArgumentException.class, () -> new CounterSet("bus", Map.of(), "Sent"));
        assertThrows(IllegalArgumentException.class, () -> new CounterSet("bus", Map.of(), "sent", "sent"));
    }

    @Test
    void shouldCountUnderFullNamesInTheOrderGiven() {
        CounterSet set = new CounterSet("bus", Map.of("bus", "amp0"), "sent", "dropped");
        set.increment(0);
        set.add(1, 41);
        set.increment(1);
        assertEquals(List.of("vireo_bus_sent_total", "vireo_bus_dropped_total"), List.copyOf(set.values().keySet()));
        assertEquals(List.of(1L, 42L), List.copyOf(set.values().values()));
        assertEquals(42, set.get(1));
    }

    @Test
    void shouldFallSilentAfterTheBurstAndCountWhatItHeldBack() {
        LogLimit limit = new LogLimit(2, TimeUnit.HOURS.toNanos(1));
        assertEquals(0, limit.permit());
        assertEquals(0, limit.permit());
        for (int i = 0; i < 100; i++) {
            assertEquals(-1, limit.permit());
        }
    }

    @Test
    void shouldSayHowManyLinesWereHeldBackWhenOnePassesAgain() throws InterruptedException {
        LogLimit limit = new LogLimit(1, TimeUnit.MILLISECONDS.toNanos(50));
        assertEquals(0, limit.permit());
        long held = 0;
        long answer = limit.permit();
        while (answer < 0) {
            held++;
            Thread.sleep(1);
            answer = limit.permit();
        }
        assertEquals(held, answer);
    }
}
