// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import vireo.driver.RemoteDevice;
import vireo.transport.driver.DeviceRegistrar.Registration;

/** A device of the picture and its service, which comes and goes exactly once, whoever is faster. */
final class FoundDevice {
    private static final Registration OVER = () -> { };

    private final RemoteDeviceImpl device;
    private final AtomicReference<Registration> registration = new AtomicReference<>();

    FoundDevice(RemoteDeviceImpl device) {
        this.device = device;
    }

    RemoteDeviceImpl device() {
        return device;
    }

    void register(DeviceRegistrar registrar) {
        if (registration.get() != null) {
            return;
        }
        Registration made = registrar.register(device, Map.of(RemoteDevice.DEVICE_ID, device.info().deviceId(),
                RemoteDevice.BUS_NAME, device.busName(), RemoteDevice.NUMBER, device.number()));
        if (!registration.compareAndSet(null, made)) {
            made.unregister();
        }
    }

    void unregister() {
        Registration made = registration.getAndSet(OVER);
        if (made != null) {
            made.unregister();
        }
    }
}
