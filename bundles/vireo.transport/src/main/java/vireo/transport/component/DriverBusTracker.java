// SPDX-License-Identifier: Apache-2.0
package vireo.transport.component;

import java.util.Comparator;
import java.util.Hashtable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

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
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<MessageBus, Attached> attached = new ConcurrentHashMap<>();
    private final Map<MessageBus, String> namesakes = new LinkedHashMap<>();

    /** A bus that has its name, is attached unless that failed, and the counters shown for it. */
    private record Attached(String name, DriverBus bus, List<ServiceRegistration<CounterSet>> counters) {
        void close() {
            try {
                if (bus != null) {
                    bus.close();
                }
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
        String name = bus.info().name();
        if (takeName(bus, name)) {
            attach(bus, name);
        } else {
            LOG.error("bus {}: there is a driver-role bus of that name already; this one is left alone until that one "
                    + "is gone: give each bus a name of its own", name);
        }
    }

    private boolean takeName(MessageBus bus, String name) {
        lock.lock();
        try {
            if (attached.values().stream().anyMatch(other -> other.name().equals(name))) {
                namesakes.put(bus, name);
                return false;
            }
            attached.put(bus, new Attached(name, null, List.of()));
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void attach(MessageBus bus, String name) {
        DriverBus made = new DriverBus(bus, core, this::register);
        try {
            made.start();
        } catch (RuntimeException failure) {
            LOG.error("bus {}: could not be attached to, so that its devices stay unknown; it says: {}",
                    name, failure.toString());
            made.close();
            return;
        }
        attached.put(bus, new Attached(name, made, made.counters().stream()
                .map(counters -> context.registerService(CounterSet.class, counters, null)).toList()));
    }

    void unbindBus(MessageBus bus) {
        Attached was = attached.get(bus);
        if (was != null) {
            was.close();
        }
        MessageBus next = giveName(bus, was);
        if (next != null) {
            bindBus(next);
        }
    }

    /** Gives the bus that waited longest for the name, or null. */
    private MessageBus giveName(MessageBus bus, Attached was) {
        lock.lock();
        try {
            attached.remove(bus);
            namesakes.remove(bus);
            MessageBus next = was == null ? null : namesakes.entrySet().stream()
                    .filter(entry -> entry.getValue().equals(was.name())).map(Map.Entry::getKey).findFirst()
                    .orElse(null);
            namesakes.remove(next);
            return next;
        } finally {
            lock.unlock();
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
        return attached.values().stream().map(Attached::bus).filter(Objects::nonNull)
                .sorted(Comparator.comparing(bus -> bus.link().info().name())).toList();
    }

    @Deactivate
    void deactivate() {
        lock.lock();
        try {
            namesakes.clear();
        } finally {
            lock.unlock();
        }
        attached.keySet().forEach(this::unbindBus);
    }
}
