// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vireo.bus.BusInfo;
import vireo.bus.BusListener;
import vireo.bus.MessageBus;
import vireo.bus.WireProfile;
import vireo.device.DeviceModel;
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;
import vireo.observe.DeviceTypeNames;
import vireo.transport.SlotView;
import vireo.transport.core.Await;
import vireo.transport.core.FakeBus;
import vireo.transport.core.Settings;
import vireo.transport.core.Timers;

/** Which device goes into which slot. */
@Timeout(30)
class PluggingTest {
    @TempDir
    private Path folder;
    private final Timers timers = new Timers();
    private final Map<String, FakeBus> buses = new HashMap<>();
    private final Map<Object, Map<String, Object>> services = new HashMap<>();
    private DeviceSide side;
    private long ids;

    @BeforeEach
    void begin() {
        side = side();
    }

    @AfterEach
    void end() {
        side.close();
        buses.values().forEach(FakeBus::close);
        timers.close();
    }

    private DeviceSide side() {
        return new DeviceSide(Settings.DEFAULT, timers, counters -> () -> { }, folder.resolve("numbers"));
    }

    private FakeBus bus(String name, int ranking, int maxDevices) {
        FakeBus bus = new FakeBus(new BusInfo(name, BusInfo.Role.DEVICE, WireProfile.RFC3, 1, 0, 264, 64,
                BusInfo.TokenOwner.TRANSPORT, BusInfo.Signalling.IN_BAND, BusInfo.Signalling.IN_BAND, false,
                maxDevices), 4096);
        buses.put(name + services.size(), bus);
        services.put(bus, Map.of("service.id", ++ids, "service.ranking", ranking, MessageBus.NAME, name));
        side.busCame(services.get(bus), bus);
        return bus;
    }

    private FakeDevice device(String name, Object... more) {
        return device(name, new FakeDevice(), more);
    }

    private FakeDevice device(String name, FakeDevice device, Object... more) {
        Map<String, Object> properties = new HashMap<>();
        properties.put("service.id", ++ids);
        if (name != null) {
            properties.put(VirtioDevice.NAME, name);
        }
        for (int i = 0; i < more.length; i += 2) {
            properties.put((String) more[i], more[i + 1]);
        }
        services.put(device, properties);
        side.deviceCame(properties, device);
        return device;
    }

    private void gone(Object service, boolean graceful) {
        if (service instanceof FakeBus bus) {
            side.busGone(services.remove(bus), bus);
        } else {
            side.deviceGone(services.remove(service), graceful);
        }
    }

    private String where(String device) {
        return side.slots().stream().filter(slot -> slot.deviceName().equals(device)).map(PluggingTest::place).sorted()
                .reduce((one, other) -> one + " " + other).orElse(null);
    }

    private static String place(SlotView slot) {
        return slot.bus() + ":" + slot.number();
    }

    private void await(String device, String place) throws Exception {
        Await.until(() -> place.equals(where(device)));
    }

    private void awaitRefusal(String device, String part) throws Exception {
        Await.until(() -> side.unplugged().stream().anyMatch(one -> one.deviceName().equals(device)
                && one.reason().contains(part)));
    }

    @Test
    void shouldTakeBusOfHighestRankingThenLowestId() throws Exception {
        bus("low", 0, 256);
        bus("first", 5, 256);
        bus("second", 5, 256);
        device("disk");
        await("disk", "first:1");
    }

    @Test
    void shouldStayWhereItIsWhenBetterBusComes() throws Exception {
        bus("low", 0, 256);
        device("disk");
        await("disk", "low:1");
        bus("high", 9, 256);
        device("other");
        await("other", "high:1");
        assertEquals("low:1", where("disk"));
    }

    @Test
    void shouldWaitWhenNoBusMatches() throws Exception {
        bus("a", 0, 256);
        device("disk", VirtioDevice.BUS_TARGET, "(bus.name=b)");
        awaitRefusal("disk", "no bus is there for (bus.name=b)");
        bus("b", 0, 256);
        await("disk", "b:1");
        Await.until(() -> side.unplugged().isEmpty());
    }

    @Test
    void shouldGiveEachDeviceTheLowestFreeNumber() throws Exception {
        bus("b", 0, 256);
        device("two", VirtioDevice.NUMBER, 2);
        await("two", "b:2");
        device("x");
        await("x", "b:1");
        device("y");
        await("y", "b:3");
        device("zero", VirtioDevice.NUMBER, "0");
        await("zero", "b:0");
    }

    @Test
    void shouldUseNumberZeroWhenBusHasOneSlot() throws Exception {
        bus("single", 0, 1);
        device("disk");
        await("disk", "single:0");
        device("other");
        awaitRefusal("other", "bus single has no free device number");
    }

    @Test
    void shouldRefuseWhenNumberIsTakenAndPlugInWhenItIsFree() throws Exception {
        bus("b", 0, 256);
        FakeDevice first = device("first", VirtioDevice.NUMBER, 3);
        await("first", "b:3");
        device("second", VirtioDevice.NUMBER, 3);
        awaitRefusal("second", "number 3 on bus b is taken by first");
        gone(first, false);
        await("second", "b:3");
    }

    @Test
    void shouldRefuseWhenPropertiesMakeNoSense() throws Exception {
        bus("b", 0, 256);
        device("range", VirtioDevice.NUMBER, 256);
        awaitRefusal("range", "number 256 is out of range");
        device("number", VirtioDevice.NUMBER, "three");
        awaitRefusal("number", "device.number=three is not a number");
        device("big", VirtioDevice.NUMBER, 70000);
        awaitRefusal("big", "device.number=70000");
        device("filter", VirtioDevice.BUS_TARGET, "(bus.name=b");
        awaitRefusal("filter", "is no filter");
        device("grace", VirtioDevice.GRACE, -1);
        awaitRefusal("grace", "grace.ms=-1");
        device(null);
        awaitRefusal("service " + ids, "it has no device.name");
        device("without", VirtioDevice.FEATURES_WITHOUT, "EVENT_IDX,NO_SUCH");
        awaitRefusal("without", "features.without=NO_SUCH is no feature of device type 2");
        device("version", VirtioDevice.FEATURES_WITHOUT, new String[] {"VERSION_1"});
        awaitRefusal("version", "cannot be left out");
        FakeDevice broken = new FakeDevice();
        broken.model = null;
        device("broken", broken);
        awaitRefusal("broken", "its model() failed");
        assertEquals(List.of(), side.slots());
    }

    @Test
    void shouldRefuseSecondDeviceOfTheSameNameUntilTheFirstGoes() throws Exception {
        bus("b", 0, 256);
        FakeDevice first = device("disk");
        await("disk", "b:1");
        device("disk");
        awaitRefusal("disk", "device.name=disk is in use by another service");
        gone(first, false);
        Await.until(() -> side.unplugged().isEmpty());
        await("disk", "b:1");
    }

    @Test
    void shouldPlugIntoEveryMatchingBusWhenShareable() throws Exception {
        bus("a", 0, 256);
        FakeDevice shared = new FakeDevice(new DeviceModel(4, 0, FeatureSet.NONE, new byte[0], List.of(8), true));
        device("rng", shared, VirtioDevice.BUS_TARGET, "(!(bus.name=c))");
        await("rng", "a:1");
        FakeBus b = bus("b", 0, 256);
        bus("c", 0, 256);
        await("rng", "a:1 b:1");
        gone(shared, false);
        assertNull(where("rng"));
        gone(b, false);
    }

    @Test
    void shouldOfferWhatItsConfigurationLeaves() throws Exception {
        bus("b", 0, 256);
        device("disk", VirtioDevice.FEATURES_WITHOUT, List.of("VIRTIO_F_EVENT_IDX", "40", "VIRTIO_BLK_F_FLUSH"));
        awaitRefusal("disk", "VIRTIO_BLK_F_FLUSH");
        DeviceTypeNames names = new DeviceTypeNames() {
            @Override
            public int deviceId() {
                return FakeDevice.TYPE;
            }

            @Override
            public String typeName() {
                return "block";
            }

            @Override
            public String featureName(int bit) {
                return bit == 9 ? "FLUSH" : null;
            }
        };
        side.namesCame(names);
        await("disk", "b:1");
        assertEquals(FeatureSet.of(5, FeatureSet.INDIRECT_DESC, FeatureSet.VERSION_1),
                side.slots().getFirst().offered());
        side.namesGone(names);
    }

    @Test
    void shouldKeepNumberAcrossRunsUnlessConfigurationWasDeleted() throws Exception {
        bus("b", 0, 256);
        FakeDevice one = device("one");
        await("one", "b:1");
        FakeDevice two = device("two");
        await("two", "b:2");
        device("three");
        await("three", "b:3");
        gone(one, false);
        gone(two, true);
        side.close();
        side = side();
        bus("b", 0, 256);
        device("new");
        await("new", "b:1");
        device("two");
        await("two", "b:2");
        device("three");
        await("three", "b:3");
    }

    @Test
    void shouldMoveWhenPluggedByHand() throws Exception {
        bus("a", 0, 256);
        bus("b", 0, 16);
        FakeDevice disk = device("disk");
        await("disk", "a:1");
        side.plug("disk", "b", 7);
        assertEquals("b:7", where("disk"));
        side.plug("disk", "b", 7);
        side.unplug("disk");
        assertNull(where("disk"));
        assertTrue(side.unplugged().getFirst().reason().contains("by hand"));
        side.plug("disk", "a", -1);
        assertEquals("a:1", where("disk"));
        gone(disk, false);
        device("disk");
        await("disk", "a:1");
    }

    @Test
    void shouldSayWhatIsWrongWhenPluggedByHand() throws Exception {
        bus("a", 0, 16);
        device("disk");
        await("disk", "a:1");
        device("other", VirtioDevice.NUMBER, 5);
        await("other", "a:5");
        message(IllegalArgumentException.class, "there is no device none", () -> side.plug("none", "a", 1));
        message(IllegalArgumentException.class, "there is no device-role bus z", () -> side.plug("disk", "z", 1));
        message(IllegalArgumentException.class, "number 16 of bus a is not in 0..15",
                () -> side.plug("disk", "a", 16));
        message(IllegalStateException.class, "number 5 on bus a is taken by other", () -> side.plug("disk", "a", 5));
        message(IllegalArgumentException.class, "there is no device none", () -> side.unplug("none"));
        assertEquals("a:1", where("disk"));
    }

    private static void message(Class<? extends Exception> type, String start, Runnable call) {
        String message = assertThrows(type, call::run).getMessage();
        assertTrue(message.startsWith(start), message);
    }

    @Test
    void shouldUseOneOfTwoBusesOfTheSameName() throws Exception {
        FakeBus first = bus("b", 0, 256);
        Await.until(() -> first.listener() != null);
        FakeBus second = bus("b", 0, 256);
        device("disk");
        await("disk", "b:1");
        assertNull(second.listener());
        gone(first, false);
        Await.until(() -> second.listener() != null);
        assertEquals("b:1", where("disk"));
    }

    @Test
    void shouldStayUsableWhenBusRefusesTheTransport() throws Exception {
        FakeBus taken = new FakeBus(BusInfo.inBand("taken", BusInfo.Role.DEVICE, WireProfile.RFC3, 264), 4096);
        buses.put("taken", taken);
        BusListener somebody = (BusListener) Proxy.newProxyInstance(BusListener.class.getClassLoader(),
                new Class<?>[] {BusListener.class}, (proxy, method, arguments) -> null);
        taken.attach(somebody);
        side.busCame(Map.of("service.id", ++ids, "service.ranking", 99, MessageBus.NAME, "taken"), taken);
        bus("b", 0, 256);
        device("disk");
        await("disk", "b:1");
    }

    @Test
    void shouldReplugWhenServicePropertiesChange() throws Exception {
        bus("b", 0, 256);
        FakeDevice disk = device("disk");
        await("disk", "b:1");
        Map<String, Object> changed = new HashMap<>(services.get(disk));
        changed.put("other", "x");
        side.deviceCame(changed, disk);
        changed.put(VirtioDevice.NUMBER, 9);
        side.deviceCame(changed, disk);
        await("disk", "b:9");
    }
}
