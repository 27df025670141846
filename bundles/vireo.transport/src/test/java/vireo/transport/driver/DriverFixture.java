// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntConsumer;

import vireo.bus.BusInfo;
import vireo.bus.BusInfo.Role;
import vireo.bus.WireProfile;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;
import vireo.transport.core.Await;
import vireo.transport.core.FakeBus;
import vireo.transport.core.Settings;
import vireo.transport.core.Timers;
import vireo.transport.core.TransportCore;

/** A driver side on a fake bus, with a list where a framework would be. */
final class DriverFixture implements AutoCloseable, TransportCore {
    static final BusInfo INFO = BusInfo.inBand("b", Role.DRIVER, WireProfile.RFC3, 264);

    final FakeBus bus;
    final FakePeer peer;
    final DriverBus driver;
    final Map<Integer, RemoteDevice> services = new ConcurrentHashMap<>();
    final Map<Integer, Map<String, Object>> properties = new ConcurrentHashMap<>();
    final List<String> history = new CopyOnWriteArrayList<>();
    volatile IntConsumer onUnregister = number -> { };
    private final Timers timers = new Timers();
    private final Settings settings;

    DriverFixture(BusInfo info, long deadlineMillis) {
        settings = Settings.of(deadlineMillis, 60_000, 1, 0);
        bus = new FakeBus(info, 1 << 20);
        peer = new FakePeer(bus);
        driver = new DriverBus(bus, this, (device, props) -> {
            services.put(device.number(), device);
            properties.put(device.number(), props);
            history.add("+" + device.number());
            return () -> {
                onUnregister.accept(device.number());
                services.remove(device.number(), device);
                history.add("-" + device.number());
            };
        });
    }

    static DriverFixture withDevices(int... numbers) throws Exception {
        return withDevices(INFO, 20_000, numbers);
    }

    /** Connected and enumerated. */
    static DriverFixture withDevices(BusInfo info, long deadlineMillis, int... numbers) throws Exception {
        DriverFixture made = new DriverFixture(info, deadlineMillis);
        for (int number : numbers) {
            made.peer.add(number);
        }
        made.driver.start();
        made.bus.connect(1, false);
        Await.until(() -> made.services.size() == numbers.length && made.count("enumerations") == 1);
        return made;
    }

    FakeDevice fake(int number) {
        return peer.devices.get(number);
    }

    RemoteDevice device(int number) throws Exception {
        Await.until(() -> services.containsKey(number));
        return services.get(number);
    }

    long count(String what) {
        return driver.counters().get(1).values().get("vireo_driver_" + what + "_total");
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
        bus.close();
        timers.close();
    }

    /** A driver that takes notes. */
    static final class Notes implements RemoteDeviceListener {
        final List<String> notes = new CopyOnWriteArrayList<>();
        volatile RequestException lost;

        @Override
        public void configChanged(int generation) {
            notes.add("config " + generation);
        }

        @Override
        public void needsReset() {
            notes.add("needs reset");
        }

        @Override
        public void lost(RequestException cause) {
            lost = cause;
            notes.add("lost");
        }
    }
}
