// SPDX-License-Identifier: Apache-2.0
package vireo.driver.entropy;

import java.util.Hashtable;
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
import org.osgi.service.metatype.annotations.Designate;
import vireo.api.entropy.EntropySource;
import vireo.driver.RemoteDevice;
import vireo.observe.CounterSet;

/** Makes a source of every entropy device that a bus shows. */
@Component(configurationPid = "vireo.driver.entropy", immediate = true, service = {})
@Designate(ocd = EntropyDriverConfig.class)
public final class EntropyDriverComponent {

    private final BundleContext bundle;
    private final long timeoutNanos;
    private final long pollNanos;
    private final Map<RemoteDevice, EntropyBinding> bindings = new ConcurrentHashMap<>();

    /**
     * Made by Declarative Services.
     *
     * @param bundle where sources are registered
     * @param config the configuration
     */
    @Activate
    public EntropyDriverComponent(BundleContext bundle, EntropyDriverConfig config) {
        this.bundle = bundle;
        this.timeoutNanos = nanos("timeout.ms", config.timeout_ms(), 1, 1_000_000);
        // On one processor a spinning caller only keeps the device from running.
        boolean alone = Runtime.getRuntime().availableProcessors() == 1;
        this.pollNanos = alone ? 0 : nanos("poll.us", config.poll_us(), 0, 1_000);
    }

    private static long nanos(String what, long value, long least, long unit) {
        if (value < least || value > Long.MAX_VALUE / 2 / unit) {
            throw new IllegalArgumentException(what + "=" + value + " is out of range; it has to be at least " + least);
        }
        return value * unit;
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            target = "(" + RemoteDevice.DEVICE_ID + "=4)")
    void addDevice(RemoteDevice device) {
        EntropyBinding binding = new EntropyBinding(device, timeoutNanos, pollNanos, this::publish);
        bindings.put(device, binding);
        binding.start();
    }

    void removeDevice(RemoteDevice device) {
        EntropyBinding binding = bindings.remove(device);
        if (binding != null) {
            binding.close();
        }
    }

    @Deactivate
    void stop() {
        // All at once first, so that one device that does not answer costs the others nothing.
        bindings.values().forEach(binding -> binding.stop("the entropy driver was stopped"));
        bindings.keySet().forEach(this::removeDevice);
    }

    private Runnable publish(RemoteEntropy source) {
        int slash = source.name().lastIndexOf('/');
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(EntropySource.NAME, source.name());
        properties.put(RemoteDevice.BUS_NAME, source.name().substring(0, slash));
        properties.put(RemoteDevice.NUMBER, Integer.valueOf(source.name().substring(slash + 1)));
        ServiceRegistration<?> service = bundle.registerService(EntropySource.class, source, properties);
        ServiceRegistration<?> counters = bundle.registerService(CounterSet.class, source.counters(), null);
        return () -> {
            unregister(service);
            unregister(counters);
        };
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException alreadyGone) {
            // The bundle was stopped meanwhile, which unregisters as well.
            return;
        }
    }
}
