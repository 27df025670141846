// SPDX-License-Identifier: Apache-2.0
package vireo.transport.component;

import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;
import vireo.transport.core.Settings;
import vireo.transport.core.Timers;
import vireo.transport.core.TransportCore;

/** Holds what both sides share. A change of the configuration makes a new one, and with it both sides anew. */
@Component(service = TransportCore.class, configurationPid = "vireo.transport",
        configurationPolicy = ConfigurationPolicy.OPTIONAL)
@Designate(ocd = TransportConfig.class)
public final class TransportComponent implements TransportCore {
    private final Settings settings;
    private final Timers timers = new Timers();

    /**
     * Checks the configuration.
     *
     * @param config the configuration, or its defaults
     */
    @Activate
    public TransportComponent(TransportConfig config) {
        settings = Settings.of(config.deadline_ms(), config.stall_ms(), config.workers(), config.poll_us());
    }

    @Override
    public Settings settings() {
        return settings;
    }

    @Override
    public Timers timers() {
        return timers;
    }

    @Deactivate
    void deactivate() {
        timers.close();
    }
}
