// SPDX-License-Identifier: Apache-2.0
package vireo.transport.component;

import java.io.File;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import vireo.bus.MessageBus;
import vireo.device.VirtioDevice;
import vireo.observe.CounterSet;
import vireo.observe.DeviceTypeNames;
import vireo.transport.BusView;
import vireo.transport.SlotView;
import vireo.transport.UnpluggedDevice;
import vireo.transport.core.DeviceSideView;
import vireo.transport.core.Link;
import vireo.transport.core.TransportCore;
import vireo.transport.device.DeviceSide;

/**
 * Follows buses of the device role and devices as they come and go.
 *
 * <p>A device whose bundle is on its way out when its service goes is expected back: the bundle is being stopped,
 * updated or refreshed. If the bundle stays, then the device's configuration was deleted or changed, and it is gone for
 * good. While the whole framework stops nothing is gone for good.
 */
@Component(service = DeviceSideView.class, immediate = true)
public final class DeviceSideComponent implements DeviceSideView {
    private final BundleContext context;
    private final DeviceSide side;

    /**
     * Starts without buses and devices.
     *
     * @param context registers counters and keeps a file
     * @param core settings and timer
     */
    @Activate
    public DeviceSideComponent(BundleContext context, @Reference TransportCore core) {
        this.context = context;
        File numbers = context.getDataFile("device-numbers");
        side = new DeviceSide(core.settings(), core.timers(), this::register, numbers == null ? null
                : numbers.toPath());
    }

    private Runnable register(CounterSet counters) {
        ServiceRegistration<CounterSet> made;
        try {
            made = context.registerService(CounterSet.class, counters, null);
        } catch (IllegalStateException stopping) {
            return () -> { };
        }
        return () -> {
            try {
                made.unregister();
            } catch (IllegalStateException alreadyOver) {
                // The bundle stops, and the framework took the service back.
                return;
            }
        };
    }

    private static Map<String, Object> properties(ServiceReference<?> reference) {
        Map<String, Object> all = new HashMap<>();
        for (String key : reference.getPropertyKeys()) {
            all.put(key, reference.getProperty(key));
        }
        return all;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            target = "(" + MessageBus.ROLE + "=" + MessageBus.ROLE_DEVICE + ")")
    void bindBus(MessageBus bus, ServiceReference<MessageBus> reference) {
        side.busCame(properties(reference), bus);
    }

    void unbindBus(MessageBus bus, ServiceReference<MessageBus> reference) {
        side.busGone(properties(reference), bus);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindDevice(VirtioDevice device, ServiceReference<VirtioDevice> reference) {
        side.deviceCame(properties(reference), device);
    }

    void updatedDevice(VirtioDevice device, ServiceReference<VirtioDevice> reference) {
        side.deviceCame(properties(reference), device);
    }

    void unbindDevice(ServiceReference<VirtioDevice> reference) {
        side.deviceGone(properties(reference), leaves(reference.getBundle()));
    }

    private boolean leaves(Bundle bundle) {
        Bundle framework = context.getBundle(0);
        return bundle == null || bundle.getState() != Bundle.ACTIVE && bundle.getState() != Bundle.STARTING
                || framework != null && framework.getState() == Bundle.STOPPING;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindNames(DeviceTypeNames names) {
        side.namesCame(names);
    }

    void unbindNames(DeviceTypeNames names) {
        side.namesGone(names);
    }

    @Override
    public List<Link> links() {
        return side.links();
    }

    @Override
    public List<BusView> buses() {
        return side.buses();
    }

    @Override
    public List<SlotView> slots() {
        return side.slots();
    }

    @Override
    public List<UnpluggedDevice> unplugged() {
        return side.unplugged();
    }

    @Override
    public void plug(String deviceName, String bus, int number) {
        side.plug(deviceName, bus, number);
    }

    @Override
    public void unplug(String deviceName) {
        side.unplug(deviceName);
    }

    @Deactivate
    void deactivate() {
        side.close();
    }
}
