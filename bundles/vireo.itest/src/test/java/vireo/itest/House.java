// SPDX-License-Identifier: Apache-2.0
package vireo.itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The bundles as they were built, and the floor each belongs to. */
final class House {

    /** Folder of the reactor's bundles. */
    static final Path BUNDLES = Path.of("..").toAbsolutePath().normalize();

    private static final Set<String> NOT_BUNDLES = Set.of("vireo.itest", "vireo.bench", "vireo.stress");

    private static final List<Map.Entry<Integer, Pattern>> FLOORS = List.of(
            Map.entry(0, Pattern.compile("vireo\\.os")),
            Map.entry(1, Pattern.compile("vireo\\.api(\\..+)?")),
            Map.entry(2, Pattern.compile("vireo\\.codec|vireo\\.virtqueue(\\.mock)?|vireo\\.wire\\..+")),
            Map.entry(3, Pattern.compile("vireo\\.transport")),
            Map.entry(4, Pattern.compile("vireo\\.(bus|device|driver)\\..+")),
            Map.entry(5, Pattern.compile("vireo\\.(shell|web|tck|launcher|logging)")));

    /** A bundle's name and what its manifest and its classes say. */
    record Bundle(String name, Set<String> exports, Set<String> imports, Set<String> packages) {

        int floor() {
            return House.floor(name);
        }

        boolean isPlugin() {
            return floor() == 4;
        }
    }

    private House() {
    }

    static int floor(String bundle) {
        return FLOORS.stream().filter(floor -> floor.getValue().matcher(bundle).matches()).findFirst()
                .orElseThrow(() -> new AssertionError("bundle " + bundle + " stands on no floor; name it in House"))
                .getKey();
    }

    static Map<String, Bundle> bundles() {
        Map<String, Bundle> all = new TreeMap<>();
        try (Stream<Path> folders = Files.list(BUNDLES)) {
            for (Path folder : folders.filter(f -> Files.exists(f.resolve("pom.xml"))).sorted().toList()) {
                String name = folder.getFileName().toString();
                if (!NOT_BUNDLES.contains(name)) {
                    all.put(name, read(name, jar(folder, name)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    static Path jar(Path folder, String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("target"))) {
            return files.filter(f -> f.getFileName().toString().matches(Pattern.quote(name) + "-[0-9.]+(-SNAPSHOT)?\\.jar"))
                    .findFirst().orElseThrow(() -> new AssertionError("no jar was built in " + folder));
        }
    }

    private static Bundle read(String name, Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = file.getManifest();
            Set<String> packages = file.stream().map(entry -> entry.getName())
                    .filter(entry -> entry.endsWith(".class") && entry.contains("/"))
                    .map(entry -> entry.substring(0, entry.lastIndexOf('/')).replace('/', '.'))
                    .collect(Collectors.toCollection(TreeSet::new));
            return new Bundle(name, names(manifest, "Export-Package"), names(manifest, "Import-Package"), packages);
        }
    }

    private static Set<String> names(Manifest manifest, String header) {
        String value = manifest.getMainAttributes().getValue(header);
        Set<String> names = new TreeSet<>();
        if (value != null) {
            for (String clause : value.replaceAll("\"[^\"]*\"", "").split(",")) {
                names.add(clause.split(";")[0].trim());
            }
        }
        return names;
    }
}
