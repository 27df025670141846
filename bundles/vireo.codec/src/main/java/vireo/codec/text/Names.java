// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import vireo.codec.bus.EventDevice;
import vireo.codec.queue.SetVqueueRequest;

/** The standard's names for bits and numbers. */
final class Names {

    private static final String[] STATUS = {"ACKNOWLEDGE", "DRIVER", "DRIVER_OK", "FEATURES_OK", "SUSPEND", null,
        "DEVICE_NEEDS_RESET", "FAILED"};

    private static final int FIRST_RING_FEATURE = 28;
    private static final String[] RING_FEATURES = {"INDIRECT_DESC", "EVENT_IDX", null, null, "VERSION_1",
        "ACCESS_PLATFORM", "RING_PACKED", "IN_ORDER", "ORDER_PLATFORM", "SR_IOV", "NOTIFICATION_DATA",
        "NOTIF_CONFIG_DATA", "RING_RESET", "ADMIN_VQ", null, "SUSPEND"};

    private static final Map<Long, String> DEVICE_TYPES = Map.ofEntries(Map.entry(1L, "net"),
            Map.entry(2L, "block"), Map.entry(3L, "console"), Map.entry(4L, "entropy"), Map.entry(5L, "balloon"),
            Map.entry(8L, "scsi"), Map.entry(16L, "gpu"), Map.entry(17L, "rtc"), Map.entry(18L, "input"),
            Map.entry(19L, "vsock"), Map.entry(20L, "crypto"), Map.entry(24L, "mem"), Map.entry(25L, "sound"),
            Map.entry(26L, "fs"), Map.entry(27L, "pmem"), Map.entry(34L, "i2c"), Map.entry(36L, "can"),
            Map.entry(41L, "gpio"));

    private Names() {
    }

    static String status(long status) {
        if (status == 0) {
            return "RESET";
        }
        List<String> bits = new ArrayList<>();
        long unnamed = status;
        for (int bit = 0; bit < STATUS.length; bit++) {
            if ((status & 1L << bit) != 0 && STATUS[bit] != null) {
                bits.add(STATUS[bit]);
                unnamed &= ~(1L << bit);
            }
        }
        return join(bits, unnamed);
    }

    static String enableFlags(long flags) {
        boolean enable = (flags & SetVqueueRequest.ENABLE) != 0;
        return flags == 0 ? "0" : join(new ArrayList<>(enable ? List.of("ENABLE") : List.of()),
                flags & ~SetVqueueRequest.ENABLE);
    }

    private static String join(List<String> names, long unnamed) {
        if (unnamed != 0) {
            names.add(hex(unnamed));
        }
        return String.join("|", names);
    }

    /** Bit numbers, or names where they do not depend on the device type, which no message tells. */
    static String features(long firstBlock, byte[] data) {
        List<String> names = new ArrayList<>();
        for (int bit = 0; bit < data.length * Byte.SIZE; bit++) {
            if ((data[bit / Byte.SIZE] & 1 << bit % Byte.SIZE) != 0) {
                names.add(feature(firstBlock * Integer.SIZE + bit));
            }
        }
        return "{" + String.join(",", names) + "}";
    }

    private static String feature(long bit) {
        long i = bit - FIRST_RING_FEATURE;
        String name = i >= 0 && i < RING_FEATURES.length ? RING_FEATURES[(int) i] : null;
        return name != null ? name : Long.toString(bit);
    }

    static String deviceType(long id) {
        return id == 0 ? "none" : DEVICE_TYPES.getOrDefault(id, Long.toString(id));
    }

    static String busState(long state) {
        return state == EventDevice.READY ? "READY" : state == EventDevice.REMOVED ? "REMOVED" : hex(state);
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
