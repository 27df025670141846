// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import vireo.device.FeatureSet;
import vireo.driver.RemoteDevice;
import vireo.observe.DeviceTypeNames;

/** Turns device types, feature bits and status bits into the specification's names. */
@Component(service = Names.class)
public final class Names {

    private static final Map<Integer, String> RING_FEATURES = Map.ofEntries(Map.entry(28, "INDIRECT_DESC"),
            Map.entry(29, "EVENT_IDX"), Map.entry(32, "VERSION_1"), Map.entry(33, "ACCESS_PLATFORM"),
            Map.entry(34, "RING_PACKED"), Map.entry(35, "IN_ORDER"), Map.entry(36, "ORDER_PLATFORM"),
            Map.entry(37, "SR_IOV"), Map.entry(38, "NOTIFICATION_DATA"), Map.entry(39, "NOTIF_CONFIG_DATA"),
            Map.entry(40, "RING_RESET"), Map.entry(41, "ADMIN_VQ"), Map.entry(43, "SUSPEND"));

    private static final Map<Integer, String> TYPES = Map.ofEntries(Map.entry(1, "network"), Map.entry(2, "block"),
            Map.entry(3, "console"), Map.entry(4, "entropy"), Map.entry(5, "balloon"), Map.entry(8, "scsi"),
            Map.entry(16, "gpu"), Map.entry(17, "rtc"), Map.entry(18, "input"), Map.entry(19, "vsock"),
            Map.entry(20, "crypto"), Map.entry(23, "iommu"), Map.entry(24, "mem"), Map.entry(25, "sound"),
            Map.entry(26, "fs"), Map.entry(27, "pmem"), Map.entry(34, "i2c"), Map.entry(36, "can"),
            Map.entry(41, "gpio"));

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private final List<DeviceTypeNames> known = new CopyOnWriteArrayList<>();

    String type(int deviceId) {
        return known.stream().filter(names -> names.deviceId() == deviceId).map(DeviceTypeNames::typeName).findFirst()
                .orElse(TYPES.getOrDefault(deviceId, "type-" + deviceId));
    }

    List<String> features(int deviceId, FeatureSet features) {
        List<String> names = new ArrayList<>();
        for (int bit : features.bits()) {
            names.add(feature(deviceId, bit));
        }
        return names;
    }

    String feature(int deviceId, int bit) {
        String ring = RING_FEATURES.get(bit);
        return ring != null ? ring : known.stream().filter(names -> names.deviceId() == deviceId)
                .map(names -> names.featureName(bit)).filter(name -> name != null).findFirst().orElse("bit-" + bit);
    }

    static List<String> status(int status) {
        List<String> names = new ArrayList<>();
        String[] bits = {"ACKNOWLEDGE", "DRIVER", "DRIVER_OK", "FEATURES_OK", "SUSPEND", "bit-5", "NEEDS_RESET", "FAILED"};
        for (int i = 0; i < bits.length; i++) {
            if ((status & 1 << i) != 0) {
                names.add(bits[i]);
            }
        }
        return names.isEmpty() ? List.of("reset") : names;
    }

    /** One word for where a device stands. */
    static String state(int status) {
        if ((status & RemoteDevice.FAILED) != 0) {
            return "failed";
        }
        if ((status & RemoteDevice.NEEDS_RESET) != 0) {
            return "needs-reset";
        }
        if ((status & RemoteDevice.DRIVER_OK) != 0) {
            return "live";
        }
        return status == 0 ? "reset" : "starting";
    }
}
