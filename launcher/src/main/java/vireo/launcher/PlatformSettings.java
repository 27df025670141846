// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a platform is started with.
 *
 * @param home the assembled home: {@code bundles/}, {@code features/}, {@code etc/}
 * @param state directory of everything that outlives the process: bundle caches, configurations, {@code deploy/}
 * @param framework the framework to run on; its jar must be on the class path, and no other's
 * @param features names of features to run; "core" is always among them
 * @param config directory with configuration files, or null
 * @param hostPackages packages of the caller's class path that bundles see, in {@code Export-Package} syntax, beside
 *        those that the launcher shares
 * @param properties further framework properties
 */
public record PlatformSettings(Path home, Path state, FrameworkKind framework, List<String> features, Path config,
        List<String> hostPackages, Map<String, String> properties) {

    /** The features that run when none is named. */
    public static final List<String> DEFAULT_FEATURES = List.of("core", "linux", "devices", "workbench");

    /** Copies the collections and makes the paths absolute, since bundle locations are made from them. */
    public PlatformSettings {
        home = home.toAbsolutePath().normalize();
        state = state.toAbsolutePath().normalize();
        config = config == null ? null : config.toAbsolutePath().normalize();
        features = List.copyOf(features);
        hostPackages = List.copyOf(hostPackages);
        properties = Map.copyOf(properties);
    }

    /**
     * Returns the settings of a platform on Felix with the default features and no configuration.
     *
     * @param home the assembled home
     * @param state the state directory, made if missing
     * @return the settings
     */
    public static PlatformSettings of(Path home, Path state) {
        return new PlatformSettings(home, state, FrameworkKind.FELIX, DEFAULT_FEATURES, null, List.of(), Map.of());
    }

    /**
     * Changes the framework.
     *
     * @param value the framework
     * @return new settings
     */
    public PlatformSettings withFramework(FrameworkKind value) {
        return new PlatformSettings(home, state, value, features, config, hostPackages, properties);
    }

    /**
     * Changes the features.
     *
     * @param values names of features
     * @return new settings
     */
    public PlatformSettings withFeatures(List<String> values) {
        return new PlatformSettings(home, state, framework, values, config, hostPackages, properties);
    }

    /**
     * Changes the configuration directory.
     *
     * @param value the directory, or null
     * @return new settings
     */
    public PlatformSettings withConfig(Path value) {
        return new PlatformSettings(home, state, framework, features, value, hostPackages, properties);
    }

    /**
     * Changes which packages bundles get from the caller's class path.
     *
     * @param values packages in {@code Export-Package} syntax
     * @return new settings
     */
    public PlatformSettings withHostPackages(List<String> values) {
        return new PlatformSettings(home, state, framework, features, config, values, properties);
    }

    /**
     * Adds a framework property.
     *
     * @param name its name
     * @param value its value
     * @return new settings
     */
    public PlatformSettings withProperty(String name, String value) {
        Map<String, String> more = new HashMap<>(properties);
        more.put(name, value);
        return new PlatformSettings(home, state, framework, features, config, hostPackages, more);
    }
}
