// SPDX-License-Identifier: Apache-2.0
package vireo.transport;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import vireo.device.FeatureSet;

/**
 * A slot of a device-role bus, as it was at one moment.
 *
 * @param bus name of the bus
 * @param number device number on that bus, 0 to 65535
 * @param deviceName name of the device that is, or until {@code vacantSince} was, plugged in
 * @param deviceId virtio device type
 * @param status device status bits (virtqueues.md section 1)
 * @param offered features on offer, ring bits included
 * @param selected features the driver selected
 * @param generation configuration generation count
 * @param vacantSince when the device went away, or null while one is plugged in
 * @param queues the queues that are set up, by rising index
 * @param counters the slot's counters, by full name
 */
public record SlotView(String bus, int number, String deviceName, int deviceId, int status, FeatureSet offered,
        FeatureSet selected, int generation, Instant vacantSince, List<QueueView> queues,
        Map<String, Long> counters) {
    /** Copies the collections, keeping their order. */
    public SlotView {
        queues = List.copyOf(queues);
        counters = Collections.unmodifiableMap(new LinkedHashMap<>(counters));
    }

    /**
     * Tells whether the slot waits for a successor of its device.
     *
     * @return true if no device is plugged in
     */
    public boolean vacant() {
        return vacantSince != null;
    }
}
