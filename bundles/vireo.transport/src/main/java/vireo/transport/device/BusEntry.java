// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.Comparator;
import java.util.Map;

import org.osgi.framework.Constants;
import vireo.bus.MessageBus;

/**
 * A bus service as it came.
 *
 * @param id service id
 * @param ranking service ranking
 * @param properties all its service properties
 * @param bus the bus
 */
record BusEntry(long id, int ranking, Map<String, Object> properties, MessageBus bus) {
    /** The bus that gets a device comes first: highest ranking, then lowest id (CONTRACTS 3). */
    static final Comparator<BusEntry> ORDER = Comparator.comparingInt(BusEntry::ranking).reversed()
            .thenComparingLong(BusEntry::id);

    static BusEntry of(Map<String, Object> properties, MessageBus bus) {
        return new BusEntry(Properties.number(properties, Constants.SERVICE_ID, 0),
                properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0,
                Map.copyOf(properties), bus);
    }

    String name() {
        return bus.info().name();
    }
}
