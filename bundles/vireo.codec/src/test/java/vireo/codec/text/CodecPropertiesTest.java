// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringReader;
import java.lang.foreign.MemorySegment;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.Reason;
import vireo.codec.Validator;

/** What holds for any bytes. */
class CodecPropertiesTest {

    private static final int MAX = 264;

    @Property(tries = 1000)
    void shouldNeverThrowOnAnyBytes(@ForAll byte[] bytes, @ForAll WireProfile profile) {
        judge(bytes, profile);
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void shouldNeverThrowOnBytesThatLookLikeMessages(@ForAll("messages") byte[] bytes, @ForAll WireProfile profile) {
        judge(bytes, profile);
    }

    private static void judge(byte[] bytes, WireProfile profile) {
        MemorySegment base = MemorySegment.ofArray(bytes);
        Validator validator = new Validator(profile, MAX);
        Reason reason = validator.check(base, 0, bytes.length);
        List<Reason> findings = validator.findings(base, 0, bytes.length);
        assertTrue(reason == Reason.OK || reason.refused());
        assertEquals(reason, findings.isEmpty() || !findings.getFirst().refused() ? Reason.OK : findings.getFirst());
        String line = new MessagePrinter(profile, MAX, List.of()).print(base, 0, bytes.length);
        assertTrue(line.matches("[ -~]+"), line);
        assertEquals(reason.refused(), line.startsWith("refused "), line);
    }

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void shouldComeToAFixedPointWhenEncodedAgain(@ForAll("messages") byte[] bytes, @ForAll WireProfile profile) {
        Decoder decoder = new Decoder(profile, MAX);
        MessageJson json = new MessageJson(profile, MAX);
        Decoded first = decoder.decode(bytes);
        if (!first.findings().isEmpty()) {
            return;
        }
        byte[] encoded = json.encode(json.decode(bytes));
        assertArrayEquals(first.canonical() != null ? first.canonical() : bytes, encoded);
        Decoded second = decoder.decode(encoded);
        assertEquals(List.of(), second.findings());
        assertEquals(first.jsonFields(), second.jsonFields());
        assertEquals(null, second.canonical());
    }

    @Property(tries = 200)
    void shouldReportAnyInputInsteadOfThrowing(@ForAll("inputs") String text) {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream());
        for (boolean asJson : new boolean[] {true, false}) {
            MessageTool.Options options = new MessageTool.Options(null, 0, asJson, "x");
            int decoded = MessageTool.decode(options, new StringReader(text), nowhere, nowhere);
            int encoded = MessageTool.encode(options, new StringReader(text), nowhere, nowhere);
            assertTrue(decoded == MessageTool.OK || decoded == MessageTool.DATA_ERROR);
            assertTrue(encoded == MessageTool.OK || encoded == MessageTool.DATA_ERROR);
        }
    }

    /** Mostly well-formed: known ids, a size that fits, and small numbers, so that counts often fit too. */
    @Provide
    Arbitrary<byte[]> messages() {
        Arbitrary<Integer> ids = Arbitraries.of(2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x40, 0x41, 0x42, 0x90, 0xc1, 1);
        Arbitrary<Integer> numbers = Arbitraries.of(0, 0, 1, 0x1234);
        Arbitrary<Byte> bytes = Arbitraries.frequencyOf(Tuple.of(12, Arbitraries.just((byte) 0)),
                Tuple.of(3, Arbitraries.bytes().between((byte) 0, (byte) 16)), Tuple.of(1, Arbitraries.bytes()));
        Arbitrary<byte[]> payloads = bytes.array(byte[].class).ofMinSize(0).ofMaxSize(60);
        return Combinators.combine(Arbitraries.integers().between(0, 3), ids, numbers, numbers, payloads,
                Arbitraries.of(0, 0, 0, 1, -1, 9)).as((type, id, device, token, payload, off) -> {
                    byte[] message = new byte[Header.BYTES + payload.length];
                    System.arraycopy(payload, 0, message, Header.BYTES, payload.length);
                    Header.put(MemorySegment.ofArray(message), 0, type, id, device, token, message.length - off);
                    return message;
                });
    }

    @Provide
    Arbitrary<String> inputs() {
        Arbitrary<String> pieces = Arbitraries.of("{", "}", "[", "]", "\"", ":", ",", "\n", "hex", "\"hex\"",
                "\"cases\"", "00", "0002050034120800", "\\u00", "null", "true", "-1.5e3", "# x\n", " ", "zz",
                "{\"message\": \"PING\", \"direction\": \"request\", \"token\": 1, \"fields\": {\"data\": 1}}");
        return pieces.list().ofMaxSize(30).map(list -> String.join("", list));
    }
}
