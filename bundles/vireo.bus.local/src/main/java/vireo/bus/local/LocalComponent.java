// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.MessageBus;
import vireo.observe.CounterSet;

/**
 * Makes a bus of each configuration. It registers the services itself, because they are two of one kind, and so that they
 * are there exactly while the bus is open.
 */
@Component(name = LocalConfig.PID, configurationPid = LocalConfig.PID,
        configurationPolicy = ConfigurationPolicy.REQUIRE, service = {}, immediate = true)
@Designate(ocd = LocalConfig.class, factory = true)
public final class LocalComponent {

    private static final Logger LOG = LoggerFactory.getLogger(LocalComponent.class);

    /** Names of every bus of this kind that is open or about to be. */
    private static final Set<String> CLAIMED = ConcurrentHashMap.newKeySet();

    private final LocalBus bus;
    private final List<ServiceRegistration<?>> registrations = new ArrayList<>();

    /**
     * Opens the bus and registers its two halves and its counters.
     *
     * @param context where to register
     * @param properties the configuration, with the keys of {@link LocalConfig}
     */
    @Activate
    public LocalComponent(BundleContext context, Map<String, Object> properties) {
        try {
            bus = open(context, LocalSettings.of(properties));
        } catch (RuntimeException e) {
            // Whoever runs components may keep their failures to itself.
            LOG.error("bus {} does not start: {}", properties.get(MessageBus.NAME), e.getMessage());
            throw e;
        }
        try {
            registrations.add(context.registerService(CounterSet.class, bus.counters(),
                    new Hashtable<>(bus.counters().labels())));
            registrations.add(register(context, bus.device(), MessageBus.ROLE_DEVICE, properties));
            registrations.add(register(context, bus.driver(), MessageBus.ROLE_DRIVER, properties));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static LocalBus open(BundleContext context, LocalSettings settings) {
        if (!CLAIMED.add(settings.name())) {
            throw taken(settings, "another configuration of " + LocalConfig.PID);
        }
        try {
            Collection<ServiceReference<MessageBus>> others = context.getServiceReferences(MessageBus.class,
                    "(" + MessageBus.NAME + "=" + settings.name() + ")");
            if (!others.isEmpty()) {
                throw taken(settings, "bundle " + others.iterator().next().getBundle().getSymbolicName());
            }
            return LocalBus.open(settings);
        } catch (InvalidSyntaxException e) {
            CLAIMED.remove(settings.name());
            throw new IllegalStateException("no filter for bus.name=" + settings.name(), e);
        } catch (RuntimeException | Error e) {
            CLAIMED.remove(settings.name());
            throw e;
        }
    }

    private static IllegalStateException taken(LocalSettings settings, String by) {
        return new IllegalStateException("bus.name=" + settings.name() + " will not do; " + by
                + " has a bus of that name on this platform: choose another name, or remove the other bus");
    }

    private static ServiceRegistration<MessageBus> register(BundleContext context, MessageBus half, String role,
            Map<String, ?> properties) {
        Hashtable<String, Object> published = new Hashtable<>();
        published.put(MessageBus.NAME, half.info().name());
        published.put(MessageBus.ROLE, role);
        if (properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking) {
            published.put(Constants.SERVICE_RANKING, ranking);
        }
        return context.registerService(MessageBus.class, half, published);
    }

    /** Unregisters everything, the driver half first, and closes the bus. */
    @Deactivate
    public void close() {
        registrations.reversed().forEach(ServiceRegistration::unregister);
        bus.close();
        CLAIMED.remove(bus.settings().name());
    }
}
