// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.osgi.framework.Constants;
import org.osgi.framework.Filter;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import vireo.device.DeviceModel;
import vireo.device.VirtioDevice;

/** A device service as it came, with what its properties say; {@code fault} if they make no sense. */
final class DeviceEntry {
    static final long DEFAULT_GRACE_MILLIS = 3000;

    private final long id;
    private final Map<String, Object> properties;
    private final VirtioDevice device;
    private final String name;
    private String fault;
    private DeviceModel model;
    private Filter target;
    private int number = -1;
    private long graceNanos;
    private List<String> without = List.of();

    DeviceEntry(Map<String, Object> properties, VirtioDevice device) {
        this.properties = Map.copyOf(properties);
        this.device = device;
        this.id = Properties.number(properties, Constants.SERVICE_ID, 0);
        String given = Properties.text(properties, VirtioDevice.NAME);
        this.name = given == null ? "service " + id : given;
        try {
            read();
            fault = given == null ? "it has no " + VirtioDevice.NAME + ": give it one" : null;
        } catch (IllegalArgumentException | IllegalStateException wrong) {
            fault = wrong.getMessage();
        } catch (RuntimeException | LinkageError failure) {
            fault = "its model() failed: " + failure;
        }
    }

    private void read() {
        model = Objects.requireNonNull(device.model(), "model");
        String filter = Properties.text(properties, VirtioDevice.BUS_TARGET);
        try {
            target = filter == null ? null : FrameworkUtil.createFilter(filter);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(VirtioDevice.BUS_TARGET + "=" + filter + " is no filter: "
                    + e.getMessage(), e);
        }
        long wanted = Properties.number(properties, VirtioDevice.NUMBER, -1);
        if (wanted > 0xffff) {
            throw new IllegalArgumentException(VirtioDevice.NUMBER + "=" + wanted + " is not in 0..65535");
        }
        number = (int) Math.max(-1, wanted);
        long grace = Properties.number(properties, VirtioDevice.GRACE, DEFAULT_GRACE_MILLIS);
        if (grace < 0 || grace > 3_600_000) {
            throw new IllegalArgumentException(VirtioDevice.GRACE + "=" + grace + " is not in 0..3600000");
        }
        graceNanos = Duration.ofMillis(grace).toNanos();
        without = Properties.words(properties, VirtioDevice.FEATURES_WITHOUT);
    }

    long id() {
        return id;
    }

    String name() {
        return name;
    }

    /** Why the device cannot be plugged in anywhere; null if it can. */
    String fault() {
        return fault;
    }

    int deviceId() {
        return model == null ? 0 : model.deviceId();
    }

    boolean shareable() {
        return model.shareable();
    }

    /** The wanted number, or −1 for any. */
    int number() {
        return number;
    }

    boolean wants(BusEntry bus) {
        return target == null || target.matches(bus.properties());
    }

    String target() {
        return target == null ? "any bus" : target.toString();
    }

    /**
     * Makes what a slot is given.
     *
     * @throws IllegalArgumentException if {@code features.without} names what is no feature
     */
    PluggedDevice plugged(FeatureNames names) {
        return new PluggedDevice(name, device, model, FeatureOffer.parse(without, model.deviceId(), names::bit),
                graceNanos);
    }

    /** Tells whether other properties of the same service would change nothing. */
    boolean sameAs(DeviceEntry other) {
        return device == other.device && name.equals(other.name) && number == other.number
                && graceNanos == other.graceNanos && without.equals(other.without)
                && Objects.equals(target, other.target) && Objects.equals(fault, other.fault);
    }
}
