// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiFunction;

import vireo.bus.BusInfo;
import vireo.device.DeviceModel;
import vireo.device.FeatureSet;
import vireo.virtqueue.QueueEngines;

/**
 * What a slot offers: the device's own features, VERSION_1, what the queue engines can do and what the bus demands,
 * less what the configuration takes away.
 */
final class FeatureOffer {
    /** The bits that belong to the transport; a device's model cannot bring them (virtqueues.md section 2). */
    private static final FeatureSet TRANSPORT_BITS = range(24, 41).plus(range(43, 49));

    private static final Map<String, Integer> NAMES = Map.ofEntries(Map.entry("INDIRECT_DESC",
            FeatureSet.INDIRECT_DESC), Map.entry("EVENT_IDX", FeatureSet.EVENT_IDX), Map.entry("VERSION_1",
            FeatureSet.VERSION_1), Map.entry("ACCESS_PLATFORM", FeatureSet.ACCESS_PLATFORM), Map.entry("RING_PACKED",
            FeatureSet.RING_PACKED), Map.entry("IN_ORDER", FeatureSet.IN_ORDER), Map.entry("ORDER_PLATFORM",
            FeatureSet.ORDER_PLATFORM), Map.entry("NOTIFICATION_DATA", FeatureSet.NOTIFICATION_DATA),
            Map.entry("RING_RESET", FeatureSet.RING_RESET));

    private FeatureOffer() {
    }

    private static FeatureSet range(int first, int last) {
        int[] bits = new int[last - first + 1];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = first + i;
        }
        return FeatureSet.of(bits);
    }

    static FeatureSet of(DeviceModel model, BusInfo bus, FeatureSet without) {
        FeatureSet ring = QueueEngines.features();
        if (bus.kicks() != BusInfo.Signalling.IN_BAND) {
            ring = ring.minus(FeatureSet.of(FeatureSet.NOTIFICATION_DATA));
        }
        FeatureSet all = model.features().minus(TRANSPORT_BITS).plus(ring);
        if (bus.translated()) {
            all = all.plus(FeatureSet.of(FeatureSet.ACCESS_PLATFORM));
        }
        return all.minus(without).plus(FeatureSet.of(FeatureSet.VERSION_1));
    }

    /**
     * Reads the property {@code features.without}.
     *
     * @param wanted names or numbers of features
     * @param deviceId type of the device
     * @param names gives a device type's feature bit by its name in upper case, or −1
     * @return the features
     * @throws IllegalArgumentException naming what is no feature
     */
    static FeatureSet parse(List<String> wanted, int deviceId, BiFunction<Integer, String, Integer> names) {
        List<Integer> bits = new ArrayList<>();
        for (String one : wanted) {
            int bit = bit(one.trim().toUpperCase(Locale.ROOT), deviceId, names);
            if (bit < 0 || bit == FeatureSet.VERSION_1) {
                throw new IllegalArgumentException("features.without=" + one.trim() + (bit < 0 ? " is no feature of"
                        + " device type " + deviceId + ": give its name or its number"
                        : " cannot be left out: every device offers VERSION_1"));
            }
            bits.add(bit);
        }
        return FeatureSet.of(bits.stream().mapToInt(Integer::intValue).toArray());
    }

    private static int bit(String name, int deviceId, BiFunction<Integer, String, Integer> names) {
        if (name.matches("[0-9]{1,5}")) {
            int number = Integer.parseInt(name);
            return number < FeatureSet.MAX_BLOCKS * Integer.SIZE ? number : -1;
        }
        Integer ours = NAMES.get(name.startsWith("VIRTIO_F_") ? name.substring("VIRTIO_F_".length()) : name);
        return ours != null ? ours : names.apply(deviceId, name);
    }
}
