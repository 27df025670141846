// SPDX-License-Identifier: Apache-2.0
package vireo.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of docs/architecture.md, checked on the jars as they were built. */
class ArchitectureTest {

    private static final Pattern PUBLIC_TYPE = Pattern.compile(
            "^public (?:abstract |final |sealed |non-sealed )*(?:class|interface|enum|record|@interface) ", Pattern.MULTILINE);

    private final Map<String, House.Bundle> bundles = House.bundles();

    @Test
    void shouldFindTheBundlesThatItJudges() {
        assertFalse(bundles.size() < 16, "only these were found: " + bundles.keySet());
    }

    @Test
    void shouldRefuseABundleThatStandsOnNoFloor() {
        assertThrows(AssertionError.class, () -> House.floor("vireo.attic"));
    }

    @Test
    void shouldImportOnlyFromFloorsBelow() {
        assertEquals(List.of(), upwardImports(bundles));
    }

    @Test
    void shouldNoticeAnUpwardImport() {
        Map<String, House.Bundle> bent = new HashMap<>(bundles);
        bent.put("vireo.codec", new House.Bundle("vireo.codec", Set.of(), Set.of("vireo.transport"), Set.of()));
        assertEquals(List.of("vireo.codec imports vireo.transport of vireo.transport"), upwardImports(bent));
    }

    @Test
    void shouldKeepPackagesUnderTheBundlesName() {
        List<String> strays = new ArrayList<>();
        for (House.Bundle bundle : bundles.values()) {
            String prefix = bundle.name().equals("vireo.api") ? "vireo" : bundle.name();
            bundle.packages().stream().filter(p -> !p.equals(prefix) && !p.startsWith(prefix + "."))
                    .forEach(p -> strays.add(bundle.name() + " holds " + p));
        }
        assertEquals(List.of(), strays);
    }

    @Test
    void shouldExportNothingFromPlugins() {
        List<String> exports = bundles.values().stream().filter(b -> b.isPlugin() && !b.exports().isEmpty())
                .map(b -> b.name() + " exports " + b.exports()).toList();
        assertEquals(List.of(), exports);
    }

    @Test
    void shouldExportOnlyPackagesThatSayTheirVersion() throws IOException {
        List<String> silent = new ArrayList<>();
        for (House.Bundle bundle : bundles.values()) {
            for (String name : bundle.exports()) {
                Path info = source(bundle.name()).resolve(name.replace('.', '/')).resolve("package-info.java");
                if (!Files.exists(info) || !Files.readString(info).contains("@Version(")) {
                    silent.add(bundle.name() + " exports " + name);
                }
            }
        }
        assertEquals(List.of(), silent);
    }

    @Test
    void shouldKeepExportedPackagesSmall() throws IOException {
        List<String> crowded = new ArrayList<>();
        for (House.Bundle bundle : bundles.values()) {
            for (String name : bundle.exports()) {
                long types = publicTypes(source(bundle.name()).resolve(name.replace('.', '/')));
                if (types > 10) {
                    crowded.add(name + " has " + types + " public types");
                }
            }
        }
        assertEquals(List.of(), crowded);
    }

    @Test
    void shouldCompareEveryExportWithItsBaseline() throws IOException {
        List<String> free = new ArrayList<>();
        for (House.Bundle bundle : bundles.values()) {
            String pom = Files.readString(House.BUNDLES.resolve(bundle.name()).resolve("pom.xml"));
            if (!bundle.exports().isEmpty() && !pom.contains("bnd-baseline-maven-plugin")) {
                free.add(bundle.name());
            }
        }
        assertEquals(List.of(), free);
    }

    private static List<String> upwardImports(Map<String, House.Bundle> bundles) {
        Map<String, House.Bundle> owners = new HashMap<>();
        bundles.values().forEach(b -> b.exports().forEach(p -> owners.put(p, b)));
        List<String> wrong = new ArrayList<>();
        for (House.Bundle bundle : bundles.values()) {
            for (String name : bundle.imports()) {
                House.Bundle owner = owners.get(name);
                if (owner != null && !owner.name().equals(bundle.name()) && owner.floor() >= bundle.floor()
                        && !sharedContract(bundle, owner)) {
                    wrong.add(bundle.name() + " imports " + name + " of " + owner.name());
                }
            }
        }
        return wrong;
    }

    /** The contract of one type stands beside the common contract and may use it; both hold interfaces only. */
    private static boolean sharedContract(House.Bundle bundle, House.Bundle owner) {
        return owner.name().equals("vireo.api") && bundle.floor() == 1;
    }

    private static Path source(String bundle) {
        return House.BUNDLES.resolve(bundle).resolve("src/main/java");
    }

    private static long publicTypes(Path folder) throws IOException {
        long types = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
                types += PUBLIC_TYPE.matcher(Files.readString(file)).find() ? 1 : 0;
            }
        }
        return types;
    }
}
