// SPDX-License-Identifier: Apache-2.0
package vireo.device.entropy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.device.VirtioDevice;
import vireo.observe.CounterSet;
import vireo.observe.Problem;

/** One configured entropy device. One that cannot start is not there, and one line in the log says why. */
@Component(configurationPid = "vireo.device.entropy", configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true, service = {})
@Designate(ocd = EntropyConfig.class, factory = true)
public final class EntropyComponent {

    private static final Logger LOG = LoggerFactory.getLogger(EntropyComponent.class);

    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();
    private EntropyDevice device;

    /**
     * Made by Declarative Services.
     *
     * @param bundle where the device is registered
     * @param config the configuration
     * @param all all properties of the component
     */
    @Activate
    public EntropyComponent(BundleContext bundle, EntropyConfig config, Map<String, Object> all) {
        try {
            if (config.device_name().isBlank()) {
                throw new IllegalArgumentException("device.name is missing; give the device a name of its own");
            }
            device = EntropyDevice.open(config.device_name(), config.queue_size(), config.source());
        } catch (IOException | IllegalArgumentException wrong) {
            LOG.error("Entropy device {} is not started: {}", config.device_name(), wrong.getMessage());
            registrations.add(bundle.registerService(Problem.class, new Problem("Entropy device " + config.device_name(),
                    wrong.getMessage()), pids(all)));
            return;
        }
        registrations.add(bundle.registerService(VirtioDevice.class, device, properties(config, all)));
        registrations.add(bundle.registerService(CounterSet.class, device.counters(), null));
    }

    private static Hashtable<String, Object> properties(EntropyConfig config, Map<String, Object> all) {
        Hashtable<String, Object> properties = pids(all);
        properties.put(VirtioDevice.NAME, config.device_name());
        properties.put(VirtioDevice.GRACE, config.grace_ms());
        if (!config.bus_target().isBlank()) {
            properties.put(VirtioDevice.BUS_TARGET, config.bus_target());
        }
        if (config.device_number() >= 0) {
            properties.put(VirtioDevice.NUMBER, config.device_number());
        }
        if (config.features_without().length > 0) {
            properties.put(VirtioDevice.FEATURES_WITHOUT, config.features_without());
        }
        return properties;
    }

    /** So that a tool finds the configuration behind a device. */
    private static Hashtable<String, Object> pids(Map<String, Object> all) {
        Hashtable<String, Object> properties = new Hashtable<>();
        for (String key : new String[] {Constants.SERVICE_PID, "service.factoryPid"}) {
            if (all.get(key) != null) {
                properties.put(key, all.get(key));
            }
        }
        return properties;
    }

    @Deactivate
    void stop() {
        for (ServiceRegistration<?> registration : registrations) {
            try {
                registration.unregister();
            } catch (IllegalStateException alreadyGone) {
                // The framework unregisters what a stopped bundle left.
                continue;
            }
        }
        registrations.clear();
        if (device != null) {
            device.close();
        }
    }
}
