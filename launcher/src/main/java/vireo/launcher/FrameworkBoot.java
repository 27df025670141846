// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.launcher.log.LogBridge;

/**
 * Makes the framework of a platform, with the properties that its bundles look at.
 *
 * @param settings what the platform is started with
 * @param state its state directory
 * @param watched directories in which bundles and configurations are looked for
 */
record FrameworkBoot(PlatformSettings settings, StateDirectory state, List<Path> watched) {

    /** Configuration Admin runs at this level and nothing that is configured does. */
    private static final int CONFIGURATION_LEVEL = 2;

    private static final Logger LOG = LoggerFactory.getLogger(FrameworkBoot.class);

    /** Makes a framework in which bundles can be installed and none runs. */
    Framework init() throws LaunchException {
        FrameworkFactory factory = ServiceLoader.load(FrameworkFactory.class, FrameworkBoot.class.getClassLoader())
                .stream().map(ServiceLoader.Provider::get).filter(settings.framework()::made).findFirst()
                .orElseThrow(() -> new LaunchException(ExitStatus.SOFTWARE, "framework " + settings.framework().label()
                        + " is not on the class path; put " + settings.home().resolve("framework").resolve(
                                settings.framework().label() + ".jar") + " on it"));
        Map<String, String> properties = properties();
        try {
            return init(factory, properties);
        } catch (BundleException | RuntimeException first) {
            LOG.info("The bundle cache {} is made anew: {}", state.cache(settings.framework()), first.toString());
        }
        properties.put(Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
        try {
            return init(factory, properties);
        } catch (BundleException e) {
            throw new LaunchException(ExitStatus.SOFTWARE, "the framework cannot use " + state.cache(
                    settings.framework()) + ": " + e.getMessage() + "; delete that folder", e);
        }
    }

    private static Framework init(FrameworkFactory factory, Map<String, String> properties) throws BundleException {
        Framework made = factory.newFramework(properties);
        made.init();
        LogBridge.connect(made.getBundleContext());
        return made;
    }

    private Map<String, String> properties() {
        Map<String, String> properties = new HashMap<>();
        properties.put(Constants.FRAMEWORK_STORAGE, state.cache(settings.framework()).toString());
        properties.put(Constants.FRAMEWORK_BEGINNING_STARTLEVEL, Integer.toString(CONFIGURATION_LEVEL));
        properties.put(Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA, HostPackages.export(settings));
        properties.put("felix.log.level", "0");
        properties.put("felix.cm.dir", state.configurations().toString());
        properties.put("felix.fileinstall.dir", String.join(",", watched.stream().map(Path::toString).toList()));
        properties.put("felix.fileinstall.tmpdir", state.path().resolve("tmp").toString());
        properties.put("felix.fileinstall.filter", ".*\\.(cfg|config|jar)");
        properties.put("felix.fileinstall.subdir.mode", "skip");
        properties.put("felix.fileinstall.poll", "500");
        properties.put("felix.fileinstall.noInitialDelay", "true");
        // It scans before our bundles start, so that none acts on what a file said before it was changed. Bundles that it
        // finds get its own start level, since it starts those of a higher one only at its next look.
        properties.put("felix.fileinstall.start.level", "4");
        properties.put("felix.fileinstall.enableConfigSave", "false");
        properties.put("felix.fileinstall.configEncoding", "UTF-8");
        properties.put("gosh.home", settings.home().resolve("batch").toString());
        properties.put("gosh.args", "--nointeractive");
        properties.put(Platform.STATE, state.path().toString());
        properties.putAll(settings.properties());
        return properties;
    }
}
