// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;
import vireo.memory.ByteSize;
import vireo.observe.CounterSet;
import vireo.wire.block.BlockFeature;

/**
 * One configured block device. It registers its device itself, once the image is open: a device whose image is missing
 * or in use is not there, one line in the log says why, and it is tried again until it can be opened.
 */
@Component(configurationPid = "vireo.device.block", configurationPolicy = ConfigurationPolicy.REQUIRE,
        immediate = true, service = {})
@Designate(ocd = BlockConfig.class, factory = true)
public final class BlockComponent {

    private static final Logger LOG = LoggerFactory.getLogger(BlockComponent.class);
    private static final long RETRY_MILLIS = 500;
    private static final long LONGEST_RETRY_MILLIS = 10_000;

    private final BundleContext bundle;
    private final BlockOptions options;
    private final Hashtable<String, Object> properties = new Hashtable<>();
    private BlockDevice device;
    private ServiceRegistration<?> service;
    private ServiceRegistration<?> counters;
    private Thread retry;
    private final Trouble trouble;
    private boolean stopped;

    /**
     * Made by Declarative Services.
     *
     * @param bundle where the device is registered
     * @param config the configuration
     * @param all all properties of the component
     */
    @Activate
    public BlockComponent(BundleContext bundle, BlockConfig config, Map<String, Object> all) {
        this.bundle = bundle;
        this.trouble = new Trouble(bundle, "Block device " + config.device_name(), all.get(Constants.SERVICE_PID));
        this.options = options(config);
        if (options != null) {
            describe(config, all);
            if (!start()) {
                retry = Thread.ofPlatform().daemon().name("vireo-image-" + options.name()).start(this::keepTrying);
            }
        }
    }

    /** Returns null, after saying why, if the configuration makes no device. */
    private BlockOptions options(BlockConfig config) {
        try {
            if (config.path().isBlank()) {
                throw new IllegalArgumentException("path is missing; it has to name the image file");
            }
            String name = config.device_name();
            return new BlockOptions(name, Path.of(config.path()), config.read_only(),
                    imageSize(config.create_size()), config.id().isBlank() ? BlockOptions.identity(name)
                    : config.id(), config.queues(), config.queue_size(), config.blk_size(), config.writeback(),
                    without(config.features_without()));
        } catch (IllegalArgumentException wrong) {
            String what = wrong instanceof InvalidPathException ? "path is no path: " : "";
            trouble.say(what + wrong.getMessage().replaceAll("\\p{Cntrl}", "?"));
            return null;
        }
    }

    private static long imageSize(String text) {
        try {
            return text.isBlank() ? 0 : ByteSize.parse(text);
        } catch (NumberFormatException wrong) {
            throw new IllegalArgumentException("create.size=" + text + " is no size; write one such as 64MiB or 1GiB", wrong);
        }
    }

    /** Block features only; names of others are for the transport, which sees them as a service property. */
    static FeatureSet without(String[] names) {
        FeatureSet without = FeatureSet.NONE;
        for (String name : names) {
            String bare = name.strip();
            int bit = bare.matches("\\d{1,4}") ? Integer.parseInt(bare) : BlockFeature.bit(bare);
            if (bit >= 0 && BlockFeature.name(bit) != null) {
                without = without.plus(FeatureSet.of(bit));
            }
        }
        return without;
    }

    private void describe(BlockConfig config, Map<String, Object> all) {
        properties.put(VirtioDevice.NAME, options.name());
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
        properties.put("path", options.path().toString());
        properties.put("read.only", options.readOnly());
        // So that a tool finds the configuration behind a device.
        for (String key : new String[] {Constants.SERVICE_PID, "service.factoryPid"}) {
            if (all.get(key) != null) {
                properties.put(key, all.get(key));
            }
        }
        Object ranking = all.get(Constants.SERVICE_RANKING);
        if (ranking instanceof Integer) {
            properties.put(Constants.SERVICE_RANKING, ranking);
        }
    }

    /** Tries to start; returns false if it has to be tried again. The same trouble is logged once. */
    private boolean start() {
        BlockDevice opened;
        try {
            opened = BlockDevice.open(options);
        } catch (IOException | RuntimeException wrong) {
            trouble.say(String.valueOf(wrong.getMessage()));
            return false;
        }
        trouble.over();
        synchronized (this) {
            device = opened;
        }
        register(opened);
        return true;
    }

    private void register(BlockDevice opened) {
        ServiceRegistration<?> made = bundle.registerService(VirtioDevice.class, opened, properties);
        ServiceRegistration<?> counting = bundle.registerService(CounterSet.class, opened.counters(), null);
        synchronized (this) {
            service = made;
            counters = counting;
        }
        LOG.info("Block device {} serves {}, {} bytes{}", options.name(), options.path(), opened.capacity(),
                options.readOnly() ? ", read-only" : "");
    }

    private void keepTrying() {
        for (long pause = RETRY_MILLIS; pause(pause); pause = Math.min(2 * pause, LONGEST_RETRY_MILLIS)) {
            if (start()) {
                return;
            }
        }
    }

    private synchronized boolean pause(long millis) {
        try {
            if (!stopped) {
                TimeUnit.MILLISECONDS.timedWait(this, millis);
            }
        } catch (InterruptedException stop) {
            return false;
        }
        return !stopped;
    }

    @Deactivate
    void stop() {
        Thread trying;
        synchronized (this) {
            stopped = true;
            notifyAll();
            trying = retry;
        }
        join(trying);
        trouble.over();
        withdraw();
        BlockDevice last;
        synchronized (this) {
            last = device;
        }
        if (last != null) {
            last.close();
        }
    }

    private static void join(Thread thread) {
        try {
            if (thread != null) {
                thread.join();
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    private void withdraw() {
        ServiceRegistration<?>[] made;
        synchronized (this) {
            made = new ServiceRegistration<?>[] {service, counters};
            service = null;
            counters = null;
        }
        for (ServiceRegistration<?> registration : made) {
            try {
                if (registration != null) {
                    registration.unregister();
                }
            } catch (IllegalStateException alreadyGone) {
                // The framework unregisters what a stopped bundle left.
                continue;
            }
        }
    }
}
