// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import vireo.observe.DeviceTypeNames;

/** Finds the feature bits of device types by name, as far as somebody on the platform knows the type. */
final class FeatureNames {
    /** Bits that belong to device types (virtqueues.md section 2). */
    private static final int TYPE_BITS = 128;

    private final List<DeviceTypeNames> types = new CopyOnWriteArrayList<>();

    void add(DeviceTypeNames type) {
        types.add(type);
    }

    void remove(DeviceTypeNames type) {
        types.remove(type);
    }

    /** Gives a bit by its name in upper case, with the specification's prefix or without; −1 if nobody knows it. */
    int bit(int deviceId, String name) {
        for (DeviceTypeNames type : types) {
            for (int bit = 0; type.deviceId() == deviceId && bit < TYPE_BITS; bit++) {
                String known = type.featureName(bit);
                if (known != null && matches(name, type.typeName(), known)) {
                    return bit;
                }
            }
        }
        return -1;
    }

    private static boolean matches(String name, String typeName, String known) {
        String feature = known.toUpperCase(Locale.ROOT);
        return name.equals(feature) || name.startsWith("VIRTIO_") && name.endsWith("_F_" + feature)
                || name.equals(typeName.toUpperCase(Locale.ROOT) + "_F_" + feature);
    }
}
