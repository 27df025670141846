// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.util.tracker.ServiceTracker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.launcher.config.ConfigurationFolders;
import vireo.launcher.config.ConfigurationStore;
import vireo.launcher.config.Configured;
import vireo.launcher.feature.FeatureFiles;
import vireo.launcher.feature.FeatureSelection;

/**
 * One running platform: a framework with the bundles and configurations of some features and of a configuration
 * directory. It is the launcher without its command line, for tests and tools; several may run in one process, each
 * with a state directory of its own.
 *
 * <p>Methods are thread-safe. {@link #close()} may be called at any time and more than once.
 */
public final class Platform implements AutoCloseable {

    /** Framework property and variable of features: the state directory. */
    public static final String STATE = "vireo.state";

    /** Everything but the interactive shell runs at this level. */
    private static final int READY_LEVEL = 8;

    /** Everything runs at this level. */
    private static final int SHELL_LEVEL = 9;

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(Platform.class);

    private final PlatformSettings settings;
    private final StateDirectory state;
    private final List<String> problems = new ArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private Framework framework;
    private List<Bundle> bundles = List.of();
    private ConfigurationFolders folders;

    private Platform(PlatformSettings settings, StateDirectory state) {
        this.settings = settings;
        this.state = state;
    }

    /** Takes notice that a platform is ready. */
    @FunctionalInterface
    public interface ReadyListener {

        /**
         * Called when everything but the interactive shell runs.
         *
         * @param platform the platform
         * @throws LaunchException if it is of no use after all; then it is closed
         */
        void ready(Platform platform) throws LaunchException;
    }

    /**
     * Starts a platform and returns when all bundles have been started and all configurations applied.
     *
     * @param settings what to start
     * @return the platform
     * @throws LaunchException if it cannot start; nothing is left behind then
     */
    public static Platform start(PlatformSettings settings) throws LaunchException {
        return start(settings, platform -> { });
    }

    /**
     * Starts a platform.
     *
     * @param settings what to start
     * @param listener told before the interactive shell starts
     * @return the platform
     * @throws LaunchException if it cannot start; nothing is left behind then
     */
    public static Platform start(PlatformSettings settings, ReadyListener listener) throws LaunchException {
        FeatureSelection selection = new FeatureFiles(settings.home().resolve("features"))
                .select(settings.features(), variables(settings));
        Platform platform = new Platform(settings, StateDirectory.open(settings.state()));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        // Bundles that ask for the context class loader must not find the launcher's classes; completion depends on it.
        Thread.currentThread().setContextClassLoader(null);
        try {
            platform.run(selection);
            listener.ready(platform);
            new FrameworkControl(platform.framework).level(SHELL_LEVEL);
            return platform;
        } catch (LaunchException | RuntimeException | Error e) {
            platform.close();
            throw e;
        } finally {
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private static Map<String, String> variables(PlatformSettings settings) {
        Map<String, String> variables = new HashMap<>(settings.properties());
        variables.put(STATE, settings.state().toString());
        return variables;
    }

    private void run(FeatureSelection selection) throws LaunchException {
        List<Path> resources = resourceFolders();
        folders = new ConfigurationFolders(resources);
        List<Configured> files = folders.read();
        framework = new FrameworkBoot(settings, state, resources).init();
        InstalledBundles installed = new InstalledBundles(framework.getBundleContext(),
                settings.home().resolve("bundles"), state.stamps(settings.framework()));
        bundles = installed.align(selection.bundles());
        FrameworkControl control = new FrameworkControl(framework);
        control.start();
        if (installed.changed()) {
            control.refresh();
        }
        ConfigurationStore store = new ConfigurationStore(service(ConfigurationAdmin.class, STOP_TIMEOUT));
        store.forget(resources);
        store.apply(with(selection.configurations(), files));
        control.level(READY_LEVEL);
        inspect();
        folders.watch(changed -> store.apply(with(selection.configurations(), changed)));
    }

    /** The state directory's deploy folder, and with a configuration directory also that and its deploy folder. */
    private List<Path> resourceFolders() throws LaunchException {
        List<Path> result = new ArrayList<>();
        Path config = settings.config();
        if (config != null) {
            if (!Files.isDirectory(config)) {
                throw new LaunchException(ExitStatus.NO_INPUT, "configuration directory " + config
                        + (Files.exists(config) ? " is not a directory" : " does not exist")
                        + "; make it, or correct --config");
            }
            result.add(config);
            if (Files.isDirectory(config.resolve("deploy"))) {
                result.add(config.resolve("deploy"));
            }
        }
        result.add(state.deploy());
        return result;
    }

    private static List<Configured> with(List<Configured> features, List<Configured> files) {
        Map<String, Configured> all = new LinkedHashMap<>();
        features.forEach(one -> all.put(one.pid(), one));
        files.forEach(one -> all.put(one.pid(), one));
        return List.copyOf(all.values());
    }

    /** Finds out why a bundle does not run by starting it once more, which is what makes the framework say it. */
    private void inspect() {
        for (Bundle bundle : bundles) {
            if (bundle.getState() == Bundle.ACTIVE || bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null
                    || bundle.getState() == Bundle.STARTING
                    || bundle.adapt(BundleStartLevel.class).getStartLevel() > READY_LEVEL) {
                continue;
            }
            try {
                bundle.start();
            } catch (BundleException e) {
                problems.add(bundle.getSymbolicName() + " does not start: " + e.getMessage()
                        + (e.getCause() == null ? "" : ": " + e.getCause()));
            }
        }
    }

    /**
     * Tells which of the features' bundles do not run, and why.
     *
     * @return one line per bundle, empty if all run
     */
    public List<String> problems() {
        return List.copyOf(problems);
    }

    /**
     * Returns the bundles of the features.
     *
     * @return the bundles
     */
    public List<Bundle> bundles() {
        return bundles;
    }

    /**
     * Returns what the platform was started with.
     *
     * @return the settings
     */
    public PlatformSettings settings() {
        return settings;
    }

    /**
     * Returns the framework's own context.
     *
     * @return the context, valid until the platform is closed
     */
    public BundleContext context() {
        return framework.getBundleContext();
    }

    /**
     * Waits for a service.
     *
     * @param <T> its type, from a package that the framework shares with the caller
     * @param type its class
     * @param limit how long to wait
     * @return the service
     * @throws LaunchException if it does not come
     */
    public <T> T service(Class<T> type, Duration limit) throws LaunchException {
        ServiceTracker<T, T> tracker = new ServiceTracker<>(context(), type, null);
        tracker.open();
        try {
            T service = tracker.waitForService(limit.toMillis());
            if (service == null) {
                throw new LaunchException(ExitStatus.UNAVAILABLE, "no service " + type.getName() + " after "
                        + limit.toSeconds() + " s; " + (problems.isEmpty() ? "does a feature bring it?"
                                : String.join("; ", problems)));
            }
            // The tracker's hold ends with it; the framework keeps services of this context until it stops.
            ServiceReference<T> reference = tracker.getServiceReference();
            return context().getService(reference);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LaunchException(ExitStatus.TEMPORARY, "interrupted while waiting for " + type.getName(), e);
        } finally {
            tracker.close();
        }
    }

    /**
     * Waits until the platform has stopped, by {@link #close()} or from inside.
     *
     * @throws InterruptedException if interrupted
     */
    public void await() throws InterruptedException {
        framework.waitForStop(0);
    }

    /** Stops the framework and lets go of the state directory; waits at most 20 s for bundles that do not stop. */
    @Override
    public void close() {
        synchronized (this) {
            if (closed.getCount() == 0) {
                return;
            }
            closed.countDown();
        }
        try {
            if (folders != null) {
                folders.close();
            }
            if (framework != null) {
                framework.stop();
                FrameworkEvent event = framework.waitForStop(STOP_TIMEOUT.toMillis());
                if (event.getType() == FrameworkEvent.WAIT_TIMEDOUT) {
                    LOG.warn("Bundles still running after {} s; going on without them", STOP_TIMEOUT.toSeconds());
                }
            }
        } catch (BundleException e) {
            LOG.warn("The framework does not stop: {}", e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            state.close();
        }
    }
}
