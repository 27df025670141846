// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

class FeatureFilesTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void writeCore() throws IOException {
        write("core", "\"bundles\": [ { \"id\": \"g:a:1.0\", \"bundleStartLevel\": 2 }, { \"id\": \"g:b:2.0\" } ]");
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(directory.resolve(name + ".json"),
                "{\n  \"id\": \"g:" + name + ":1.0\",\n  " + content + "\n}\n");
    }

    private LaunchException failure(String... names) {
        return assertThrows(LaunchException.class,
                () -> new FeatureFiles(directory).select(List.of(names), Map.of("known", "value")));
    }

    private static void contains(LaunchException e, String... parts) {
        for (String part : parts) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    @Test
    void shouldListKnownFeaturesWhenNameIsUnknown() throws IOException {
        write("web", "\"bundles\": []");
        LaunchException e = failure("wbe");
        assertEquals(ExitStatus.USAGE, e.status());
        contains(e, "'wbe'", "core, web");
    }

    @Test
    void shouldNotLeaveTheDirectoryWhenNameIsAPath() {
        contains(failure("../core"), "unknown feature '../core'");
    }

    @Test
    void shouldNameFileAndLineWhenJsonIsBroken() throws IOException {
        write("broken", "\"bundles\": [ { \"id\" \"g:a:1.0\" } ]");
        LaunchException e = failure("broken");
        assertEquals(ExitStatus.CONFIG, e.status());
        contains(e, "broken.json:3:");
    }

    @Test
    void shouldRefuseWhenBundleIsWrittenInShortForm() throws IOException {
        write("brief", "\"bundles\": [ \"g:a:1.0\" ]");
        contains(failure("brief"), "brief.json:3: 'bundles'", "\"g:a:1.0\"", "{ \"id\":");
    }

    @Test
    void shouldRefuseWhenBundleHasNoId() throws IOException {
        write("noid", "\"bundles\": [ { \"di\": \"g:a:1.0\" } ]");
        contains(failure("noid"), "noid.json", "not an object with an id");
    }

    @Test
    void shouldRefuseWhenStartLevelIsOutOfRange() throws IOException {
        write("level", "\"bundles\": [ { \"id\": \"g:c:1.0\", \"bundleStartLevel\": 0 } ]");
        contains(failure("level"), "level.json:3: 'g:c:1.0' has bundleStartLevel 0");
    }

    @Test
    void shouldRefuseWhenTwoFeaturesWantTwoVersions() throws IOException {
        write("newer", "\"bundles\": [ { \"id\": \"g:a:1.1\" } ]");
        contains(failure("newer"), "feature newer asks for a-1.1.jar", "feature core for a-1.0.jar");
    }

    @Test
    void shouldRefuseWhenVariableHasNoValue() throws IOException {
        write("vars", "\"variables\": { \"mine\": null }, \"configurations\": { \"p~n\": { \"k\": \"${mine}\" } }");
        contains(failure("vars"), "'p~n' uses the variable ${mine}", "known, mine");
    }

    @Test
    void shouldRefuseWhenTwoFeaturesConfigureOnePid() throws IOException {
        write("one", "\"configurations\": { \"p~n\": { \"k\": 1 } }");
        write("two", "\"configurations\": { \"p~n\": { \"k\": 2 } }");
        contains(failure("one", "two"), "two.json:3: 'p~n' is configured by another feature too");
    }

    @Test
    void shouldAddUpFeaturesWithCoreFirst() throws Exception {
        write("more", "\"bundles\": [ { \"id\": \"g:c:3\" }, { \"id\": \"g:a:1.0\" } ], \"configurations\": "
                + "{ \"p~n\": { \"k\": \"<${known}>\", \"i:Integer\": 7 } }");
        FeatureSelection selection = new FeatureFiles(directory).select(List.of("more"), Map.of("known", "value"));
        assertEquals(List.of("a-1.0.jar", "b-2.0.jar", "c-3.jar"),
                selection.bundles().stream().map(FeatureBundleEntry::file).toList());
        assertEquals(List.of(2, 5, 5), selection.bundles().stream().map(FeatureBundleEntry::startLevel).toList());
        assertEquals("p~n", selection.configurations().getFirst().pid());
        assertEquals(Map.of("k", "<value>", "i", 7), selection.configurations().getFirst().values());
    }
}
