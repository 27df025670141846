// SPDX-License-Identifier: Apache-2.0
package vireo.transport.component;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import vireo.bus.BusException;
import vireo.bus.BusInfo;
import vireo.bus.BusInfo.Role;
import vireo.bus.WireProfile;
import vireo.driver.RemoteDevice;
import vireo.observe.CounterSet;
import vireo.transport.TransportAdmin;
import vireo.transport.core.Await;
import vireo.transport.core.FakeBus;
import vireo.transport.core.Messages;
import vireo.transport.core.Settings;
import vireo.transport.core.Timers;
import vireo.transport.core.TransportCore;

@Timeout(30)
class DriverBusTrackerTest {
    private final List<Object> services = new CopyOnWriteArrayList<>();

    /** As much of a framework as registers services. */
    private BundleContext context() {
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
                (proxy, method, args) -> {
                    services.add(args[1]);
                    return Proxy.newProxyInstance(getClass().getClassLoader(),
                            new Class<?>[] {ServiceRegistration.class}, (registration, unregister, none) -> {
                                if (!services.remove(args[1])) {
                                    throw new IllegalStateException("unregistered already");
                                }
                                return null;
                            });
                });
    }

    private long count(Class<?> type) {
        return services.stream().filter(type::isInstance).count();
    }

    private static FakeBus bus(String name) {
        FakeBus made = new FakeBus(BusInfo.inBand(name, Role.DRIVER, WireProfile.RFC3, 264), 4096);
        made.peer(request -> made.deliver(Messages.type(request) == 2
                ? Messages.answer(request, Messages.id(request) == 3 ? Messages.word(request, 8) : 8 << 16, 1 << 16)
                : Messages.answer(request, Messages.id(request) == 2 ? 2 : 0, 0, 0, 0, 0, 0)));
        made.connect(1, false);
        return made;
    }

    /** Settings and a timer. */
    private record Core(Settings settings, Timers timers) implements TransportCore {
    }

    @Test
    void shouldLeaveNamesakeAloneUntilTheNameIsFree() throws Exception {
        try (Timers timers = new Timers(); FakeBus first = bus("b"); FakeBus second = bus("b")) {
            DriverBusTracker tracker = new DriverBusTracker(context(), new Core(Settings.DEFAULT, timers));
            tracker.bindBus(first);
            tracker.bindBus(second);
            assertNull(second.listener());
            assertEquals(1, tracker.buses().size());
            tracker.unbindBus(first);
            assertEquals(second, tracker.buses().getFirst().link().bus());
            tracker.unbindBus(second);
            assertEquals(List.of(), services);
        }
    }

    @Test
    void shouldSayWhyAndGoOnWhenBusCannotBeAttachedTo() throws Exception {
        try (Timers timers = new Timers(); FakeBus taken = bus("b"); FakeBus other = bus("c")) {
            DriverBusTracker tracker = new DriverBusTracker(context(), new Core(Settings.DEFAULT, timers));
            DriverBusTracker before = new DriverBusTracker(context(), new Core(Settings.DEFAULT, timers));
            before.bindBus(taken);
            tracker.bindBus(taken);
            tracker.bindBus(other);
            assertEquals(List.of("c"), tracker.buses().stream().map(bus -> bus.link().info().name()).toList());
            tracker.deactivate();
            before.deactivate();
            assertEquals(List.of(), services);
        }
    }

    @Test
    void shouldRegisterDevicesAndCountersAndTakeThemBack() throws Exception {
        try (Timers timers = new Timers(); FakeBus bus = bus("b")) {
            DriverBusTracker tracker = new DriverBusTracker(context(), new Core(Settings.DEFAULT, timers));
            tracker.bindBus(bus);
            Await.until(() -> count(RemoteDevice.class) == 1);
            assertEquals(2, count(CounterSet.class));
            bus.disconnect(new BusException(BusException.Reason.PEER_LOST, "gone"));
            Await.until(() -> count(RemoteDevice.class) == 0);
            bus.connect(2, false);
            Await.until(() -> count(RemoteDevice.class) == 1);
            tracker.deactivate();
            assertEquals(List.of(), services);
            assertNull(bus.listener());
        }
    }

    @Test
    void shouldNameWhatThereIsWhenAskedForWhatThereIsNot() throws Exception {
        try (Timers timers = new Timers(); FakeBus bus = bus("b")) {
            DriverBusTracker tracker = new DriverBusTracker(context(), new Core(Settings.DEFAULT, timers));
            tracker.bindBus(bus);
            TransportAdmin admin = new TransportAdminComponent(tracker);
            Await.until(() -> admin.remotes().size() == 1);
            Duration second = Duration.ofSeconds(20);
            assertEquals("there is no bus 'x'; there is b",
                    assertThrows(IllegalArgumentException.class, () -> admin.ping("x", second)).getMessage());
            assertThrows(IllegalArgumentException.class, () -> admin.ping("b", Duration.ZERO));
            assertThrows(IllegalArgumentException.class, () -> admin.enumerate("x"));
            assertThrows(IllegalArgumentException.class, () -> admin.plug("d", "b", 1));
            assertThrows(IllegalArgumentException.class, () -> admin.unplug("d"));
            admin.ping("b", second);
            admin.enumerate("b");
            assertEquals(1, admin.buses().getFirst().devices());
            assertEquals(List.of(), admin.slots());
            assertEquals(List.of(), admin.unplugged());
            tracker.deactivate();
        }
    }
}
