// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import java.io.IOException;
import java.io.Reader;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.startlevel.BundleStartLevel;
import vireo.launcher.feature.FeatureBundleEntry;

/**
 * Keeps a framework's installed bundles in line with the features. Jars are installed by reference, so that nothing is
 * copied and a warm start installs nothing; what changed since is noticed by time and size.
 */
final class InstalledBundles {

    private final BundleContext context;
    private final Path directory;
    private final Path stampFile;
    private boolean changed;

    InstalledBundles(BundleContext context, Path directory, Path stampFile) {
        this.context = context;
        this.directory = directory;
        this.stampFile = stampFile;
    }

    /** Tells whether a bundle was updated or uninstalled, after which the old wiring is not to be trusted. */
    boolean changed() {
        return changed;
    }

    List<Bundle> align(Collection<FeatureBundleEntry> wanted) throws LaunchException {
        Map<String, String> before = load();
        Map<String, String> stamps = new HashMap<>();
        for (FeatureBundleEntry entry : wanted) {
            stamps.put(location(entry), stamp(directory.resolve(entry.file()), entry));
        }
        // First, since the same bundle from another home could not be installed beside it.
        uninstall(before, stamps);
        List<Bundle> bundles = new ArrayList<>();
        for (FeatureBundleEntry entry : wanted) {
            String location = location(entry);
            bundles.add(one(entry, location, stamps.get(location).equals(before.get(location))));
        }
        if (!before.equals(stamps)) {
            store(stamps);
        }
        return bundles;
    }

    private String location(FeatureBundleEntry entry) {
        return "reference:" + directory.resolve(entry.file()).toUri();
    }

    private static String stamp(Path jar, FeatureBundleEntry entry) throws LaunchException {
        try {
            return Files.getLastModifiedTime(jar).toMillis() + " " + Files.size(jar);
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.SOFTWARE, "feature " + entry.feature() + ": its bundle " + jar
                    + " is missing; run 'mvn -DskipTests package' to build it, or correct the feature's file", e);
        }
    }

    private Bundle one(FeatureBundleEntry entry, String location, boolean same) throws LaunchException {
        try {
            Bundle bundle = context.getBundle(location);
            if (bundle == null) {
                bundle = context.installBundle(location);
            } else if (!same) {
                bundle.update();
                changed = true;
            }
            BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
            if (level.getStartLevel() != entry.startLevel()) {
                level.setStartLevel(entry.startLevel());
            }
            if (!level.isPersistentlyStarted() && bundle.getHeaders("").get(Constants.FRAGMENT_HOST) == null) {
                bundle.start(Bundle.START_ACTIVATION_POLICY);
            }
            return bundle;
        } catch (BundleException e) {
            throw new LaunchException(ExitStatus.SOFTWARE, "feature " + entry.feature() + ": " + entry.file()
                    + " cannot be installed: " + e.getMessage() + "; is it a bundle?", e);
        }
    }

    private void uninstall(Map<String, String> before, Map<String, String> stamps) throws LaunchException {
        for (String location : before.keySet()) {
            Bundle bundle = stamps.containsKey(location) ? null : context.getBundle(location);
            if (bundle != null) {
                try {
                    bundle.uninstall();
                    changed = true;
                } catch (BundleException e) {
                    throw new LaunchException(ExitStatus.SOFTWARE, location + " cannot be uninstalled: "
                            + e.getMessage() + "; delete the folder beside " + stampFile, e);
                }
            }
        }
    }

    private Map<String, String> load() {
        Properties properties = new Properties();
        if (Files.exists(stampFile)) {
            try (Reader in = Files.newBufferedReader(stampFile)) {
                properties.load(in);
            } catch (IOException | IllegalArgumentException e) {
                // Unreadable stamps mean that every bundle is updated, which is slower and otherwise the same.
                properties.clear();
            }
        }
        Map<String, String> stamps = new HashMap<>();
        properties.stringPropertyNames().forEach(name -> stamps.put(name, properties.getProperty(name)));
        return stamps;
    }

    private void store(Map<String, String> stamps) throws LaunchException {
        Properties properties = new Properties();
        properties.putAll(stamps);
        try (Writer out = Files.newBufferedWriter(stampFile)) {
            properties.store(out, null);
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.IO, stampFile + " cannot be written: " + e
                    + "; check the space on its disk", e);
        }
    }
}
