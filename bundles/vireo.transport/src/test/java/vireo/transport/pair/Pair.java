// SPDX-License-Identifier: Apache-2.0
package vireo.transport.pair;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import vireo.bus.BusException;
import vireo.bus.BusException.Reason;
import vireo.bus.BusInfo;
import vireo.bus.BusInfo.Role;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.BusInfo.TokenOwner;
import vireo.bus.MessageBus;
import vireo.bus.WireProfile;
import vireo.device.VirtioDevice;
import vireo.driver.RemoteDevice;
import vireo.transport.core.Await;
import vireo.transport.core.FakeBus;
import vireo.transport.core.Settings;
import vireo.transport.core.Timers;
import vireo.transport.core.TransportCore;
import vireo.transport.device.DeviceSide;
import vireo.transport.driver.DriverBus;

/** Both sides of the transport, each on its half of a bus that carries bytes from one to the other. */
final class Pair implements AutoCloseable, TransportCore {
    final FakeBus near;
    final FakeBus far;
    final DriverBus driver;
    final DeviceSide devices;
    final Map<Integer, RemoteDevice> found = new ConcurrentHashMap<>();
    private final Timers timers = new Timers();
    private final Settings settings = Settings.of(20_000, 60_000, 2, 50);
    private final Map<String, Object> farProperties;
    private long services = 1;
    private long epoch = 1;

    Pair(WireProfile profile, int maxMessageSize) throws Exception {
        near = new FakeBus(info(Role.DRIVER, profile, maxMessageSize), 4 << 20);
        far = new FakeBus(info(Role.DEVICE, profile, maxMessageSize), near.memory());
        near.peer(far::deliver);
        far.peer(near::deliver);
        driver = new DriverBus(near, this, (device, properties) -> {
            found.put(device.number(), device);
            return () -> found.remove(device.number(), device);
        });
        devices = new DeviceSide(settings, timers, counters -> () -> { }, null);
        farProperties = Map.of("service.id", services++, MessageBus.NAME, "pair", MessageBus.ROLE,
                MessageBus.ROLE_DEVICE);
        devices.busCame(farProperties, far);
        driver.start();
        connect();
    }

    private static BusInfo info(Role role, WireProfile profile, int maxMessageSize) {
        return new BusInfo("pair", role, profile, 1, 0, maxMessageSize, 64, TokenOwner.TRANSPORT, Signalling.IN_BAND,
                Signalling.IN_BAND, false, 64);
    }

    /** Another instance of each side meets the other. */
    void connect() throws Exception {
        Await.until(() -> far.listener() != null);
        far.connect(epoch, false);
        far.settle();
        near.connect(epoch++, false);
    }

    void disconnect() {
        near.disconnect(new BusException(Reason.PEER_LOST, "cut"));
        far.disconnect(new BusException(Reason.PEER_LOST, "cut"));
    }

    /** Offers a device and gives its properties, by which it can be withdrawn. */
    Map<String, Object> plug(String name, int number, VirtioDevice device) {
        Map<String, Object> properties = Map.of("service.id", services++, VirtioDevice.NAME, name,
                VirtioDevice.NUMBER, number);
        devices.deviceCame(properties, device);
        return properties;
    }

    RemoteDevice remote(int number) throws Exception {
        Await.until(() -> found.containsKey(number));
        return found.get(number);
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Override
    public void close() {
        driver.close();
        devices.busGone(farProperties, far);
        devices.close();
        near.close();
        far.close();
        timers.close();
    }
}
