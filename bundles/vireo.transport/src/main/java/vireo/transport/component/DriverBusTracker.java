// SPDX-License-Identifier: Apache-2.0
package vireo.transport.component;

import java.util.Comparator;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.MessageBus;
import vireo.driver.RemoteDevice;
import vireo.observe.CounterSet;
import vireo.transport.core.TransportCore;
import vireo.transport.driver.DeviceRegistrar.Registration;
import vireo.transport.driver.DriverBus;

/** Binds every bus of the driver role as it comes, and lets go of it as it leaves. */
@Component(service = DriverBusTracker.class, immediate = true)
public final class DriverBusTracker {
    private static final Logger LOG = LoggerFactory.getLogger(DriverBusTracker.class);

    private final BundleContext context;
    private final TransportCore core;
    private final Map<MessageBus, Attached> attached = new ConcurrentHashMap<>();

    /** A bus that is attached, and the counters shown for it. */
    private record Attached(DriverBus bus, List<ServiceRegistration<CounterSet>> counters) {
        void close() {
            try {
                bus.close();
            } finally {
                counters.forEach(counter -> end(counter));
            }
        }
    }

    /**
     * Starts tracking.
     *
     * @param context registers the devices
     * @param core settings and timer
     */
    @Activate
    public DriverBusTracker(BundleContext context, @Reference TransportCore core) {
        this.context = context;
        this.core = core;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            target = "(" + MessageBus.ROLE + "=" + MessageBus.ROLE_DRIVER + ")")
    void bindBus(MessageBus bus) {
        DriverBus made = new DriverBus(bus, core, this::register);
        try {
            made.start();
        } catch (RuntimeException failure) {
            LOG.error("bus {}: could not be attached to, so that its devices stay unknown; it says: {}",
                    bus.info().name(), failure.getMessage(), failure);
            made.close();
            return;
        }
        attached.put(bus, new Attached(made, made.counters().stream()
                .map(counters -> context.registerService(CounterSet.class, counters, null)).toList()));
    }

    void unbindBus(MessageBus bus) {
        Attached was = attached.remove(bus);
        if (was != null) {
            was.close();
        }
    }

    private Registration register(RemoteDevice device, Map<String, Object> properties) {
        ServiceRegistration<RemoteDevice> made =
                context.registerService(RemoteDevice.class, device, new Hashtable<>(properties));
        return () -> end(made);
    }

    private static void end(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException alreadyOver) {
            LOG.debug("a service of the transport was gone already", alreadyOver);
        }
    }

    /** The buses that are attached, by name. */
    List<DriverBus> buses() {
        return attached.values().stream().map(Attached::bus)
                .sorted(Comparator.comparing(bus -> bus.link().info().name())).toList();
    }

    @Deactivate
    void deactivate() {
        attached.keySet().forEach(this::unbindBus);
    }
}
