// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

class ConfigurationFilesTest {

    @TempDir
    private Path directory;

    private List<Configured> read(String content) throws IOException, LaunchException {
        return ConfigurationFiles.read(Files.writeString(directory.resolve("x.json"), content));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{ #`a`: { `b`: 1, }#}                       | x.json:2:  | found '}' where a string",
        "[ 1 ]                                       | x.json     | not one JSON object",
        "{ #`a`: 7 }                                 | x.json:2:  | is not a configuration",
        "{ #`a`: { `k`: 1, `k`: 2 } }                | x.json:2:  | not one JSON object",
        "{ // note#`~n`: { } }                       | x.json:2:  | is not a PID",
        "{ /* a#b */#`p q`: { } }                    | x.json:3:  | is not a PID",
        "{ #`a~b`: { `k:Integer`: `many` } }         | x.json:2:  | wrong value",
        "{ #`a~b`: { `k:binary`: `/x` } }            | x.json:2:  | wrong value"})
    void shouldNameFileLineAndRemedyWhenContentIsWrong(String content, String where, String what) {
        LaunchException e = assertThrows(LaunchException.class,
                () -> read(content.replace('`', '"').replace('#', '\n')));
        assertEquals(ExitStatus.CONFIG, e.status());
        assertTrue(e.getMessage().contains(where) && e.getMessage().contains(what), e.getMessage());
    }

    @Test
    void shouldNameFileWhenItIsMissingOrNoText() throws IOException {
        LaunchException missing = assertThrows(LaunchException.class,
                () -> ConfigurationFiles.read(directory.resolve("none.json")));
        assertEquals(ExitStatus.NO_INPUT, missing.status());
        Path latin = Files.write(directory.resolve("latin.json"), "{\"ä\":{}}".getBytes(StandardCharsets.ISO_8859_1));
        LaunchException coded = assertThrows(LaunchException.class, () -> ConfigurationFiles.read(latin));
        assertTrue(coded.getMessage().contains("latin.json") && coded.getMessage().contains("UTF-8"),
                coded.getMessage());
    }

    @Test
    void shouldRefuseWhenTwoFilesConfigureOnePid() throws IOException {
        Files.writeString(directory.resolve("a.json"), "{\"p~n\":{}}");
        Files.writeString(directory.resolve("b.json"), "{\"p~n\":{}}");
        LaunchException e = assertThrows(LaunchException.class,
                () -> new ConfigurationFolders(List.of(directory)).read());
        assertTrue(e.getMessage().contains("b.json: 'p~n' is configured by ") && e.getMessage().contains("a.json"),
                e.getMessage());
    }

    @Test
    void shouldReadTypesAndIgnoreConfiguratorProperties() throws Exception {
        List<Configured> read = read("{ \":configurator:version\": \"1\", // a \"comment\"\n"
                + "\"p~n\": { \"text\": \"a//b\", \"number\": 7, \"flag\": true, \"short:Short\": 3 } }");
        assertEquals(1, read.size());
        assertEquals("p~n", read.getFirst().pid());
        assertEquals(directory.resolve("x.json").toString(), read.getFirst().source());
        assertEquals(Map.of("text", "a//b", "number", 7L, "flag", true, "short", (short) 3), read.getFirst().values());
    }
}
