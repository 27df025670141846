// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int execute(String in, String... arguments) {
        return CommandLine.execute(arguments, new Console(
                new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), new PrintStream(out, true),
                new PrintStream(err, true)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "                          | 64 | a command is missing",
        "rnu                       | 64 | unknown command 'rnu'; known are run, exec",
        "run --nix                 | 64 | unknown option '--nix'",
        "run --serve=yes           | 64 | option takes no value",
        "run --state               | 64 | option --state needs a value",
        "run more                  | 64 | unexpected argument 'more'",
        "exec                      | 64 | an argument is missing",
        "exec a b                  | 64 | unexpected argument 'b'",
        "exec --instance ../x lb   | 64 | instance name '../x'",
        "exec --instance none-of-them lb | 69 | no platform 'none-of-them' is running",
        "decode --profile v9       | 64 | known are rfc3, v1",
        "decode --max-size 7       | 64 | --max-size 7",
        "decode --max-size many    | 64 | --max-size many",
        "decode /none/such         | 66 | /none/such does not exist",
        "encode --json             | 64 | unknown option '--json'",
        "version 2                 | 64 | unexpected argument '2'"})
    void shouldSayWhatIsWrongWhenUsageIs(String line, int status, String message) {
        assertEquals(status, execute("", line == null ? new String[0] : line.split(" ")));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(message), err.toString(StandardCharsets.UTF_8));
        assertEquals("", out.toString(StandardCharsets.UTF_8));
        assertEquals(1, err.toString(StandardCharsets.UTF_8).lines().count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "exec", "decode", "encode", "version"})
    void shouldPrintHelpThatFitsATerminal(String command) {
        assertEquals(0, execute("", command, "--help"));
        String help = out.toString(StandardCharsets.UTF_8);
        assertTrue(help.startsWith("Usage: ./vireo " + command), help);
        assertTrue(help.lines().allMatch(text -> text.length() <= 120), help);
    }

    @Test
    void shouldEncodeWhatItDecodes(@TempDir Path directory) throws Exception {
        String hex = "00030300efbe0c0001000000";
        Path file = Files.writeString(directory.resolve("hex"), hex + "\n");
        int status = execute("", "decode", "--json", file.toString());
        String json = out.toString(StandardCharsets.UTF_8);
        assertEquals(0, status, err.toString(StandardCharsets.UTF_8));
        assertTrue(json.contains("\"hex\": \"" + hex + "\"") || json.contains("\"hex\":\"" + hex + "\""), json);
    }

    @Test
    void shouldReportTheLineWhenInputIsNoMessage() {
        assertEquals(65, execute("zz\n", "decode"));
        String message = err.toString(StandardCharsets.UTF_8);
        assertTrue(message.startsWith("standard input:1: "), message);
    }
}
