// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

import vireo.device.VirtioDevice;
import vireo.transport.UnpluggedDevice;

/** Which buses and devices there are, and which device belongs in which slot (CONTRACTS 3). The plug board's. */
final class Placement {
    private final DevicePlatform platform;
    private final NumberStore numbers;
    private final FeatureNames names;
    private final Map<String, BusPlace> buses = new TreeMap<>();
    private final Map<Long, DeviceEntry> devices = new TreeMap<>();
    private final Map<Long, String> refusals = new LinkedHashMap<>();
    private final Map<String, Wish> wishes = new LinkedHashMap<>();
    private final List<Plug> plugs = new ArrayList<>();

    /** Where somebody wants a device to be, by hand; nowhere if there is no bus. */
    private record Wish(String bus, int number) {
    }

    Placement(DevicePlatform platform, NumberStore numbers, FeatureNames names) {
        this.platform = platform;
        this.numbers = numbers;
        this.names = names;
    }

    Map<String, BusPlace> buses() {
        return buses;
    }

    Map<Long, DeviceEntry> devices() {
        return devices;
    }

    /** A copy, since whoever goes through them may change them. */
    List<Plug> plugs(Predicate<Plug> which) {
        return plugs.stream().filter(which).toList();
    }

    boolean remove(Plug plug) {
        return plugs.remove(plug);
    }

    void wish(String device, String bus, int number) {
        wishes.put(device, new Wish(bus, number));
    }

    /** A device is gone for good. */
    void forget(Plug plug) {
        wishes.remove(plug.slot().deviceName());
        numbers.forget(plug.bus().name(), plug.slot().deviceName());
    }

    /** Why a device is in no slot; null if it is in one. */
    String refusal(DeviceEntry entry) {
        return refusals.get(entry.id());
    }

    List<UnpluggedDevice> unplugged() {
        return refusals.entrySet().stream().map(one -> new UnpluggedDevice(devices.get(one.getKey()).name(),
                devices.get(one.getKey()).deviceId(), one.getValue())).toList();
    }

    /** The device of a name; the service that came first has it. */
    DeviceEntry named(String deviceName) {
        return devices.values().stream().filter(entry -> entry.name().equals(deviceName)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no device " + deviceName + "; there are "
                        + devices.values().stream().map(DeviceEntry::name).sorted().toList()));
    }

    boolean nameTaken(DeviceEntry entry) {
        return devices.values().stream().anyMatch(other -> other.id() < entry.id()
                && other.name().equals(entry.name()));
    }

    /** The device that goes on where the last one left a slot; null if there is none yet. */
    DeviceEntry successor(Plug plug) {
        String name = plug.slot().deviceName();
        return wishes.containsKey(name) && wishes.get(name).bus() == null ? null : devices.values().stream()
                .filter(entry -> entry.name().equals(name) && entry.fault() == null && !nameTaken(entry)).findFirst()
                .orElse(null);
    }

    /** Plugs in what can be, and notes why the rest cannot. */
    void reconsider() {
        refusals.clear();
        for (DeviceEntry entry : devices.values()) {
            String why = entry.fault();
            if (why == null && nameTaken(entry)) {
                why = VirtioDevice.NAME + "=" + entry.name() + " is in use by another service: give it a name of its"
                        + " own";
            }
            try {
                why = why == null ? place(entry) : why;
            } catch (IllegalArgumentException wrong) {
                why = wrong.getMessage();
            }
            if (why != null && !plugged(entry)) {
                refusals.put(entry.id(), why);
            }
        }
    }

    private boolean plugged(DeviceEntry entry) {
        return plugs.stream().anyMatch(plug -> plug.occupant() == entry);
    }

    /** Plugs a device in wherever it has to be and is not yet; gives why it could not be done, or null. */
    private String place(DeviceEntry entry) {
        Wish wish = wishes.get(entry.name());
        if (wish != null && wish.bus() == null) {
            return "it was taken out by hand; plug it in to use it";
        }
        if (plugs.stream().anyMatch(plug -> plug.ending() && plug.slot().deviceName().equals(entry.name()))) {
            return "its last slot is being removed";
        }
        if (plugged(entry) && !entry.shareable()) {
            return null;
        }
        List<BusPlace> wanted = buses.values().stream().filter(place -> place.used() != null)
                .filter(place -> wish == null ? entry.wants(place.used()) : place.bus().name().equals(wish.bus()))
                .sorted((one, other) -> BusEntry.ORDER.compare(one.used(), other.used())).toList();
        if (wanted.isEmpty()) {
            return "no bus is there for " + (wish == null ? entry.target() : wish.bus());
        }
        String why = null;
        for (BusPlace place : entry.shareable() ? wanted : wanted.subList(0, 1)) {
            if (plugs.stream().noneMatch(plug -> plug.occupant() == entry && plug.bus() == place.bus())) {
                String refusal = place.ready() ? plug(entry, place.bus(), wish == null || wish.number() < 0
                        ? entry.number() : wish.number()) : "bus " + place.bus().name() + " is being attached to";
                why = why == null ? refusal : why;
            }
        }
        return why;
    }

    private String plug(DeviceEntry entry, DeviceBus bus, int wanted) {
        int most = bus.info().maxDevices();
        if (wanted >= most) {
            return "number " + wanted + " is out of range: bus " + bus.name() + " has " + most + " device numbers";
        }
        int number = wanted >= 0 ? wanted
                : numbers.choose(bus.name(), entry.name(), most, one -> occupying(bus, one) != null);
        if (number < 0) {
            return "bus " + bus.name() + " has no free device number; all " + most + " are in use";
        }
        DeviceSlot there = occupying(bus, number);
        if (there != null) {
            return "number " + number + " on bus " + bus.name() + " is taken by " + there.deviceName();
        }
        Plug plug = new Plug(new DeviceSlot(bus, number, entry.plugged(names)), entry);
        numbers.keep(bus.name(), entry.name(), number);
        plugs.add(plug);
        bus.lifecycle().execute(() -> plug.counters(platform.register(plug.slot().counters().set())));
        bus.add(plug.slot());
        return null;
    }

    /** The slot that has a number, also while it is being removed and the driver has not been told. */
    DeviceSlot occupying(DeviceBus bus, int number) {
        return plugs.stream().filter(plug -> plug.bus() == bus && plug.slot().number() == number).map(Plug::slot)
                .findFirst().orElse(null);
    }
}
