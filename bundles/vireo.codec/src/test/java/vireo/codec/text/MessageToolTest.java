// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vireo.bus.WireProfile;

class MessageToolTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int decode(MessageTool.Options options, String in) {
        return MessageTool.decode(options, new StringReader(in), new PrintStream(out), new PrintStream(err));
    }

    private int encode(MessageTool.Options options, String in) {
        return MessageTool.encode(options, new StringReader(in), new PrintStream(out), new PrintStream(err));
    }

    private static MessageTool.Options options(boolean json) {
        return new MessageTool.Options(null, 0, json, "in.txt");
    }

    private static List<String> lines(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static String file(WireProfile profile) throws IOException {
        try (var in = Vectors.open(profile)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void shouldReportUnusableLinesAndGoOn() {
        String in = """
                0002050034120800
                # a comment

                00 02 05 00\t34 12 08 00
                0002z
                {"hex": "0002050034120800"},
                {"hex": "0002050034120800"} x
                {"hex": 5}
                {"name": "n", "hex": "00", "max_size": 7}
                {"hex": "00
                {"a": tru}
                000205003412080
                0007050034120800""";
        assertEquals(MessageTool.DATA_ERROR, decode(options(false), in));
        assertEquals(List.of("GET_DEVICE_INFO request dev=5 token=4660", "GET_DEVICE_INFO request dev=5 token=4660",
                "GET_DEVICE_INFO request dev=5 token=4660", "GET_DEVICE_INFO request dev=5 token=4660",
                "GET_DEVICE_STATUS request dev=5 token=4660"), lines(out));
        assertEquals(List.of(
                "in.txt:5: \"0002z\" is not hexadecimal: give two digits 0-9 a-f per byte",
                "in.txt:7: \"x\" follows the JSON object: put it on a line of its own",
                "in.txt:8: \"hex\": \"5\" is not a string: give the bytes in hexadecimal",
                "in.txt:9: \"n\": \"max_size\": 7 is not a bus maximum: give a number of bytes, 8 or more",
                "in.txt:10: not JSON at line 11, column 0: a string does not end in its line: correct the input",
                "in.txt:11: not JSON at line 11, column 10: only true, false and null need no quotes: "
                        + "correct the input",
                "in.txt:12: \"000205003412080\" is not hexadecimal: give two digits 0-9 a-f per byte"), lines(err));
    }

    @Test
    void shouldNotCallARefusedMessageAFailure() {
        assertEquals(MessageTool.OK, decode(options(true), "0008030046000800"));
        assertEquals(List.of("{\"hex\": \"0008030046000800\", \"valid\": false, \"reason\": \"PAYLOAD_TOO_SHORT\", "
                + "\"direction\": \"request\", \"bus\": false, \"msg_id\": 8, \"message\": \"SET_DEVICE_STATUS\", "
                + "\"dev_num\": 3, \"token\": 70, \"msg_size\": 8}"), lines(out));
    }

    @Test
    void shouldApplyTheMaximumAskedForUnlessTheInputNamesOne() {
        MessageTool.Options options = new MessageTool.Options(WireProfile.RFC3, 8, true, "-");
        assertEquals(MessageTool.OK, decode(options, "0042030000000c0001000000\n"
                + "{\"hex\": \"0042030000000c0001000000\", \"max_size\": 12}\n"));
        assertTrue(lines(out).get(0).contains("SIZE_EXCEEDS_BUS_MAX"));
        assertTrue(lines(out).get(0).contains("\"max_size\": 8"));
        assertTrue(lines(out).get(1).contains("\"valid\": true"));
        assertTrue(assertThrows(IllegalArgumentException.class,
                () -> new MessageTool.Options(null, 7, true, "-")).getMessage().contains("max-size=7"));
    }

    @ParameterizedTest
    @EnumSource(WireProfile.class)
    void shouldReproduceTheVectorFile(WireProfile profile) throws IOException {
        String file = file(profile);
        assertEquals(MessageTool.OK, decode(options(true), file));
        List<String> expected = file.lines().filter(line -> line.startsWith("{\"name\""))
                .map(line -> line.endsWith(",") ? line.substring(0, line.length() - 1) : line).toList();
        assertEquals(expected, lines(out));
        assertEquals(List.of(), lines(err));
    }

    @ParameterizedTest
    @EnumSource(WireProfile.class)
    void shouldEncodeWhatItDecoded(WireProfile profile) {
        MessageTool.Options options = new MessageTool.Options(profile, 0, true, "-");
        List<String> hex = Vectors.valid().filter(c -> c.profile() == profile)
                .map(c -> (String) c.json().getOrDefault("canonical_hex", c.json().get("hex"))).toList();
        assertEquals(MessageTool.OK, decode(options, hex.stream().collect(Collectors.joining("\n"))));
        String decoded = out.toString(StandardCharsets.UTF_8);
        out.reset();
        assertEquals(MessageTool.OK, encode(options, decoded));
        assertEquals(hex, lines(out));
    }

    @Test
    void shouldTakeTheProfileOfAFileUnlessAskedForAnother() throws IOException {
        String file = file(WireProfile.V1);
        assertEquals(MessageTool.OK, decode(new MessageTool.Options(WireProfile.RFC3, 0, false, "-"), file));
        assertTrue(lines(out).stream().noneMatch(line -> line.contains("uuid")));
        assertEquals(MessageTool.DATA_ERROR, decode(options(false), file.replace("\"v1\"", "\"ffa-1.0\"")));
        assertTrue(lines(err).getFirst().startsWith("in.txt:2: \"profile\": \"ffa-1.0\" is not known: "));
    }

    @Test
    void shouldNameTheLineOfACaseThatCannotBeUsed() {
        String in = """
                {"profile": "rfc3", "cases": [
                {"name": "a", "message": "PING", "direction": "request", "token": 1, "fields": {"data": 1}},
                7,
                {"name": "b", "message": "PING", "direction": "request", "token": 1, "fields": {}}
                ]}
                0011
                """;
        assertEquals(MessageTool.DATA_ERROR, encode(options(true), in));
        assertEquals(List.of("0203000001000c0001000000"), lines(out));
        assertEquals(List.of("in.txt:1: \"7\" in \"cases\" is not an object: remove it",
                "in.txt:4: \"b\": PING needs the field \"data\": add it to \"fields\"",
                "in.txt:6: \"0011\" is not a JSON object: give {\"message\": ...}"), lines(err));
    }

    @Test
    void shouldNotKeepLinesThatAreLongerThanAnyMessage() {
        assertEquals(MessageTool.DATA_ERROR, decode(options(true), "00".repeat(1 << 20) + "\n0007050034120800"));
        assertEquals(1, lines(out).size());
        assertTrue(lines(err).getFirst().contains("is longer than any message"));
        assertTrue(lines(err).getFirst().length() < 200);
    }

    @Test
    void shouldStopWhenReadingOrWritingFails() {
        Reader broken = new Reader() {
            @Override
            public int read(char[] buffer, int offset, int length) throws IOException {
                throw new IOException("gone");
            }

            @Override
            public void close() {
            }
        };
        assertEquals(MessageTool.IO_ERROR,
                MessageTool.decode(options(true), broken, new PrintStream(out), new PrintStream(err)));
        assertEquals(List.of("in.txt:1: cannot be read: gone"), lines(err));
        PrintStream full = new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("no space");
            }
        });
        assertEquals(MessageTool.IO_ERROR, MessageTool.decode(options(true),
                new StringReader("0007050034120800\n0007050034120800"), full, new PrintStream(err)));
    }
}
