// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.feature;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.felix.feature.impl.FeatureServiceImpl;
import org.osgi.service.feature.Feature;
import org.osgi.service.feature.FeatureBundle;
import org.osgi.service.feature.FeatureConfiguration;
import org.osgi.service.feature.FeatureService;
import org.osgi.service.feature.ID;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;
import vireo.launcher.config.ConfigurationFiles;
import vireo.launcher.config.Configured;
import vireo.launcher.config.JsonFile;

/** The features of one home: a directory of OSGi Feature files, each named after its feature. */
public final class FeatureFiles {

    /** The feature that is always there. */
    public static final String CORE = "core";

    /** Metadata of a feature's bundle, as the Feature Launcher specification calls it. */
    private static final String START_LEVEL = "bundleStartLevel";

    private static final int DEFAULT_START_LEVEL = 5;

    private final Path directory;
    private final FeatureService reader = new FeatureServiceImpl();

    /**
     * Looks at a directory.
     *
     * @param directory where the feature files are
     */
    public FeatureFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Lists what can be selected.
     *
     * @return names of features in order
     * @throws LaunchException if the directory cannot be read
     */
    public List<String> known() throws LaunchException {
        return ConfigurationFiles.list(directory).stream()
                .map(path -> path.getFileName().toString().replaceFirst("\\.json$", "")).toList();
    }

    /**
     * Reads features and adds them up.
     *
     * @param names names of features; core is always among them, and first
     * @param variables values for the features' variables, which win over those of the files
     * @return what they ask for
     * @throws LaunchException if a feature is not known or its file is wrong
     */
    public FeatureSelection select(List<String> names, Map<String, String> variables) throws LaunchException {
        Set<String> wanted = new LinkedHashSet<>(List.of(CORE));
        wanted.addAll(names);
        Map<String, FeatureBundleEntry> bundles = new LinkedHashMap<>();
        Map<String, Configured> configurations = new LinkedHashMap<>();
        for (String name : wanted) {
            JsonFile file = file(name);
            Feature feature = parse(file);
            for (FeatureBundle bundle : feature.getBundles()) {
                add(bundles, entry(file, name, bundle));
            }
            for (FeatureConfiguration one : feature.getConfigurations().values()) {
                Configured made = configured(file, name, one, new Variables(feature.getVariables(), variables));
                if (configurations.put(made.pid(), made) != null) {
                    throw file.wrong(made.pid(), "is configured by another feature too; leave one of them out");
                }
            }
        }
        return new FeatureSelection(List.copyOf(bundles.values()), List.copyOf(configurations.values()));
    }

    private JsonFile file(String name) throws LaunchException {
        Path path = directory.resolve(name + ".json");
        if (!known().contains(name) || !Files.isRegularFile(path)) {
            throw new LaunchException(ExitStatus.USAGE, "unknown feature '" + name + "'; known in " + directory
                    + " are " + String.join(", ", known()));
        }
        return JsonFile.read(path);
    }

    private Feature parse(JsonFile file) throws LaunchException {
        checkBundles(file);
        try {
            return reader.readFeature(new StringReader(file.root().toString()));
        } catch (IOException | RuntimeException e) {
            throw new LaunchException(ExitStatus.CONFIG, file.path() + ": not an OSGi feature: " + e.getMessage()
                    + "; see chapter 159 of the OSGi Compendium", e);
        }
    }

    /** The reader drops what it does not understand, and a feature without one of its bundles is hard to explain. */
    private static void checkBundles(JsonFile file) throws LaunchException {
        if (!(file.root().get("id") instanceof JsonString)) {
            throw file.wrong("id", "is missing; write \"id\": \"group:artifact:version\"");
        }
        JsonValue bundles = file.root().getOrDefault("bundles", JsonValue.EMPTY_JSON_ARRAY);
        if (!(bundles instanceof JsonArray array)) {
            throw file.wrong("bundles", "is no array; write \"bundles\": [ { \"id\": \"group:artifact:version\" } ]");
        }
        for (JsonValue one : array) {
            if (!(one instanceof JsonObject object) || !(object.get("id") instanceof JsonString)) {
                throw file.wrong("bundles", "contains " + one
                        + ", which is not an object with an id; write { \"id\": \"group:artifact:version\" }");
            }
        }
    }

    private static FeatureBundleEntry entry(JsonFile file, String feature, FeatureBundle bundle)
            throws LaunchException {
        ID id = bundle.getID();
        String classifier = id.getClassifier().map(text -> "-" + text).orElse("");
        Object level = bundle.getMetadata().getOrDefault(START_LEVEL, (long) DEFAULT_START_LEVEL);
        if (!(level instanceof Long number) || number < 1 || number > Byte.MAX_VALUE) {
            throw file.wrong(id.toString(), "has " + START_LEVEL + " " + level + "; write a number from 1 to "
                    + Byte.MAX_VALUE);
        }
        return new FeatureBundleEntry(feature, id.getGroupId() + ":" + id.getArtifactId() + classifier,
                id.getArtifactId() + "-" + id.getVersion() + classifier + ".jar", number.intValue());
    }

    private static void add(Map<String, FeatureBundleEntry> bundles, FeatureBundleEntry entry) throws LaunchException {
        FeatureBundleEntry other = bundles.putIfAbsent(entry.artifact(), entry);
        if (other != null && !other.file().equals(entry.file())) {
            throw new LaunchException(ExitStatus.CONFIG, "feature " + entry.feature() + " asks for " + entry.file()
                    + ", feature " + other.feature() + " for " + other.file() + "; give both the same version");
        }
    }

    private static Configured configured(JsonFile file, String feature, FeatureConfiguration one, Variables variables)
            throws LaunchException {
        String pid = one.getPid();
        Map<String, Object> values = new LinkedHashMap<>();
        for (Map.Entry<String, Object> value : one.getValues().entrySet()) {
            values.put(value.getKey(), variables.replace(file, pid, value.getValue()));
        }
        return new Configured(pid, "feature:" + feature, values);
    }
}
