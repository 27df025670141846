// SPDX-License-Identifier: Apache-2.0
package vireo.transport.component;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import vireo.driver.RequestException;
import vireo.transport.BusView;
import vireo.transport.RemoteView;
import vireo.transport.SlotView;
import vireo.transport.TransportAdmin;
import vireo.transport.UnpluggedDevice;
import vireo.transport.core.DeviceSideView;
import vireo.transport.core.Link;
import vireo.transport.driver.DriverBus;

/** Shows both sides as one. The device side may be missing: then there are no slots. */
@Component(service = TransportAdmin.class)
public final class TransportAdminComponent implements TransportAdmin {
    private final DriverBusTracker drivers;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile DeviceSideView devices;

    /**
     * Begins.
     *
     * @param drivers the driver side
     */
    @Activate
    public TransportAdminComponent(@Reference DriverBusTracker drivers) {
        this.drivers = drivers;
    }

    private Optional<DeviceSideView> deviceSide() {
        return Optional.ofNullable(devices);
    }

    @Override
    public List<BusView> buses() {
        List<BusView> all = new ArrayList<>();
        drivers.buses().forEach(bus -> all.add(bus.view()));
        deviceSide().ifPresent(side -> all.addAll(side.buses()));
        all.sort(Comparator.comparing((BusView bus) -> bus.info().name()).thenComparing(bus -> bus.info().role()));
        return List.copyOf(all);
    }

    @Override
    public List<SlotView> slots() {
        return deviceSide().stream().flatMap(side -> side.slots().stream())
                .sorted(Comparator.comparing(SlotView::bus).thenComparing(SlotView::number)).toList();
    }

    @Override
    public List<UnpluggedDevice> unplugged() {
        return deviceSide().stream().flatMap(side -> side.unplugged().stream())
                .sorted(Comparator.comparing(UnpluggedDevice::deviceName)).toList();
    }

    @Override
    public List<RemoteView> remotes() {
        return drivers.buses().stream().flatMap(bus -> bus.remotes().stream()).toList();
    }

    @Override
    public long ping(String bus, Duration timeout) throws RequestException {
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout=" + timeout + " is not more than zero");
        }
        List<Link> links = Stream.concat(drivers.buses().stream().map(DriverBus::link),
                deviceSide().stream().flatMap(side -> side.links().stream())).toList();
        return links.stream().filter(link -> link.info().name().equals(bus)).findFirst()
                .orElseThrow(() -> unknown("bus", bus, links.stream().map(link -> link.info().name())))
                .ping(timeout);
    }

    @Override
    public void plug(String deviceName, String bus, int number) {
        deviceSide().orElseThrow(() -> unknown("device-role bus", bus, Stream.empty()))
                .plug(deviceName, bus, number);
    }

    @Override
    public void unplug(String deviceName) {
        deviceSide().orElseThrow(() -> unknown("device", deviceName, Stream.empty())).unplug(deviceName);
    }

    @Override
    public void enumerate(String bus) throws RequestException {
        drivers.buses().stream().filter(one -> one.link().info().name().equals(bus)).findFirst()
                .orElseThrow(() -> unknown("driver-role bus", bus,
                        drivers.buses().stream().map(one -> one.link().info().name())))
                .enumerate();
    }

    private static IllegalArgumentException unknown(String what, String name, Stream<String> known) {
        List<String> names = known.distinct().sorted().toList();
        return new IllegalArgumentException("there is no " + what + " '" + name + "'; there "
                + (names.isEmpty() ? "are none" : names.size() == 1 ? "is " + names.getFirst()
                        : "are " + String.join(", ", names)));
    }
}
