// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.util.Hashtable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
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
 * Makes a bus of each configuration. It registers the services itself, so that they are there exactly while the bus is
 * open: after everything that can fail, and until just before it is torn down.
 */
@Component(name = AmpConfig.PID, configurationPid = AmpConfig.PID, configurationPolicy = ConfigurationPolicy.REQUIRE,
        service = {}, immediate = true)
@Designate(ocd = AmpConfig.class, factory = true)
public final class AmpComponent {

    private static final Logger LOG = LoggerFactory.getLogger(AmpComponent.class);

    /** Name and role of every bus of this kind that is open or about to be. */
    private static final Set<String> CLAIMED = ConcurrentHashMap.newKeySet();

    private final String claim;
    private final AmpBus bus;
    private final ServiceRegistration<CounterSet> counters;
    private final ServiceRegistration<MessageBus> service;

    /**
     * Opens the bus and registers it.
     *
     * @param context where to register
     * @param properties the configuration, with the keys of {@link AmpConfig}
     * @throws IOException naming what is wrong and the remedy
     */
    @Activate
    public AmpComponent(BundleContext context, Map<String, Object> properties) throws IOException {
        try {
            AmpSettings settings = AmpSettings.of(properties);
            claim = claim(context, settings);
            bus = open(settings);
        } catch (IOException | RuntimeException e) {
            // Whoever runs components may keep their failures to itself.
            LOG.error("bus {} does not start: {}", properties.get(MessageBus.NAME), e.getMessage());
            throw e;
        }
        counters = context.registerService(CounterSet.class, bus.counters(), new Hashtable<>(bus.counters().labels()));
        service = context.registerService(MessageBus.class, bus, published(properties));
    }

    /** Takes name and role, which must be free on the whole platform. */
    private static String claim(BundleContext context, AmpSettings settings) {
        String claim = settings.name() + "/" + settings.roleKey();
        boolean taken = !CLAIMED.add(claim);
        if (!taken && isRegistered(context, settings)) {
            CLAIMED.remove(claim);
            taken = true;
        }
        if (taken) {
            throw Values.wrong(MessageBus.NAME, settings.name(), "there is a bus of that name with role="
                    + settings.roleKey() + " on this platform; choose another name, or remove the other bus");
        }
        return claim;
    }

    private static boolean isRegistered(BundleContext context, AmpSettings settings) {
        String filter = "(&(" + MessageBus.NAME + "=" + settings.name() + ")(" + MessageBus.ROLE + "="
                + settings.roleKey() + "))";
        try {
            return !context.getServiceReferences(MessageBus.class, filter).isEmpty();
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException("no filter: " + filter, e);
        }
    }

    private AmpBus open(AmpSettings settings) throws IOException {
        try {
            return AmpBus.open(settings);
        } catch (IOException | RuntimeException | Error e) {
            CLAIMED.remove(claim);
            throw e;
        }
    }

    private static Hashtable<String, Object> published(Map<String, ?> properties) {
        Hashtable<String, Object> published = new Hashtable<>();
        published.put(MessageBus.NAME, properties.get(MessageBus.NAME).toString().strip());
        published.put(MessageBus.ROLE, properties.get(MessageBus.ROLE).toString().strip());
        if (properties.get(Constants.SERVICE_RANKING) instanceof Integer ranking) {
            published.put(Constants.SERVICE_RANKING, ranking);
        }
        return published;
    }

    /** Unregisters the bus and closes it. */
    @Deactivate
    public void close() {
        service.unregister();
        counters.unregister();
        bus.close();
        CLAIMED.remove(claim);
    }
}
