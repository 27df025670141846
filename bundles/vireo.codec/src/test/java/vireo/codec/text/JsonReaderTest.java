// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonReaderTest {

    private static Object read(String text) throws IOException {
        return new JsonReader(new TextSource(new StringReader(text))).value();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{\"a\"", "{\"a\":", "{\"a\": 1", "{\"a\": 1,}", "{a: 1}", "[1 2]", "[1,]", "\"",
        "\"a\nb\"", "\"\\x\"", "\"\\u12g4\"", "\"\\u12", "tru", "nul", "falsch", "01", "-", "1.", ".5", "1e", "+1",
        "--1", "99999999999999999999", "{\"a\": 1, \"a\": 2}", "{\"a\": {\"b\": 1, \"b\": 1}}", "]", "}"})
    void shouldRefuseWhatIsNotJson(String text) {
        String message = assertThrows(IllegalArgumentException.class, () -> read(text)).getMessage();
        assertTrue(message.startsWith("not JSON at line "), message);
    }

    @Test
    void shouldRefuseDeepAndLongValues() {
        assertThrows(IllegalArgumentException.class, () -> read("[".repeat(100_000)));
        assertThrows(IllegalArgumentException.class, () -> read("\"" + "x".repeat(2_000_000) + "\""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": [1, -2, true, false, null, \"x\\\"\\\\\\u001b\\u20ac\\n\"], \"b\": {}, \"c\": []}",
        "[[[[]]]]", "\"\"", "0", "-7", "9223372036854775807"})
    void shouldWriteWhatItRead(String text) throws IOException {
        assertEquals(text, Quote.json(read(text)));
    }

    @Test
    void shouldReadEscapesFractionsAndSpace() throws IOException {
        assertEquals("/\b\f\n\r\tA", read(" \r\n\t\"\\/\\b\\f\\n\\r\\t\\u0041\""));
        assertEquals(-150.0, read("-1.5e+2"));
    }
}
