// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vireo.bus.WireProfile;

class MessageJsonTest {

    private final MessageJson rfc3 = new MessageJson(WireProfile.RFC3, 264);

    private String encode(String json) {
        return HexFormat.of().formatHex(rfc3.encode(json.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'message': 'GET_FOO', 'direction': 'request', 'dev_num': 1, 'token': 1}|`\"GET_FOO\" is not a message`",
        "{'direction': 'request', 'dev_num': 1, 'token': 1}|`\"msg_id\": null is not a number`",
        "{'msg_id': 7, 'direction': 'request', 'dev_num': 1, 'token': 1}|`\"bus\": null does not tell the space`",
        "{'msg_id': 13, 'bus': false, 'direction': 'request', 'dev_num': 1, 'token': 1}|`13 is not defined`",
        "{'message': 'PING', 'bus': false, 'direction': 'request', 'token': 1}|`\"bus\": false is not so`",
        "{'message': 'PING', 'msg_id': 2, 'direction': 'request', 'token': 1}|`\"msg_id\": 2 is not that of \"PING\"`",
        "{'message': 'PING', 'token': 1}|`\"direction\": null of PING does not exist: give request or response`",
        "{'message': 'PING', 'direction': 'event', 'token': 1}|`does not exist: give request or response`",
        "{'message': 'EVENT_USED', 'direction': 'response', 'dev_num': 1, 'token': 1}|`does not exist: give event`",
        "{'message': 'GET_DEVICE_STATUS', 'direction': 'request', 'token': 1}|`\"dev_num\": null is not a number`",
        "{'message': 'GET_DEVICE_STATUS', 'direction': 'request', 'dev_num': 65536, 'token': 1}|`0 to 65535`",
        "{'message': 'GET_DEVICE_STATUS', 'direction': 'request', 'dev_num': 1}|`\"token\": null is not a number`",
        "{'message': 'GET_DEVICE_STATUS', 'direction': 'request', 'dev_num': 1, 'token': 0}|REQUEST_TOKEN_ZERO",
        "{'message': 'EVENT_USED', 'dev_num': 1, 'token': 3, 'fields': {'vq_index': 1}}|`is not 0`",
        "{'message': 'PING', 'direction': 'request', 'dev_num': 1, 'token': 1, 'fields': {'data': 1}}|`is not 0`",
        "{'message': 'EVENT_USED', 'dev_num': 1}|`EVENT_USED needs the field \"vq_index\"`",
        "{'message': 'EVENT_USED', 'dev_num': 1, 'fields': {'vq_index': -1}}|`cannot be -1`",
        "{'message': 'EVENT_USED', 'dev_num': 1, 'fields': {'vq_index': 4294967296}}|`0 to 4294967295`",
        "{'message': 'EVENT_USED', 'dev_num': 1, 'fields': {'vq_index': 1.5}}|`cannot be 1.5`",
        "{'message': 'EVENT_USED', 'dev_num': 1, 'fields': {'vq_index': 1, 'x': 2}}|`has no field \"x\"`",
        "{'message': 'EVENT_USED', 'dev_num': 1, 'fields': [1]}|`[1] is not an object`",
        "{'valid': false, 'reason': 'UNKNOWN_MSG_ID'}|`one that was refused, \"reason\": \"UNKNOWN_MSG_ID\"`",
        "[1]|`[1] is not a JSON object`",
        "{} {}|`something follows the JSON object at line 1, column 4`",
        "{'a' 1}|`a colon is missing after the key \"a\"`"})
    void shouldSayWhatIsWrongWhenNothingCanBeEncoded(String json, String expected) {
        String message = assertThrows(IllegalArgumentException.class, () -> encode(json)).getMessage();
        assertTrue(message.contains(expected), message);
        assertTrue(message.contains(": "), message);
    }

    @Test
    void shouldRefuseToEncodeWhatDoesNotFit() {
        String config = "{'message': 'SET_CONFIG', 'direction': 'request', 'dev_num': 1, 'token': 1, 'fields': "
                + "{'generation': 0, 'offset': 0, 'length': %d, 'data': '%s'}}";
        assertTrue(refusal(config.formatted(245, "00".repeat(245))).contains("SIZE_EXCEEDS_BUS_MAX"));
        assertTrue(refusal(config.formatted(65600, "00".repeat(65600))).contains("no message carries 65600 bytes"));
        assertTrue(refusal(config.formatted(3, "0000")).contains("COUNT_EXCEEDS_PAYLOAD"));
        assertTrue(refusal(config.formatted(1, "0")).contains("even number of hexadecimal digits"));
        assertTrue(refusal(config.formatted(1, "0g")).contains("cannot be \"0g\""));
        String features = "{'message': 'SET_DRIVER_FEATURES', 'direction': 'request', 'dev_num': 1, 'token': 1, "
                + "'fields': {'block_index': 0, 'num_blocks': %d, 'feature_data': '%s'}}";
        assertTrue(refusal(features.formatted(2, "00000000")).contains("give 8 bytes"));
        assertTrue(refusal(features.formatted(0x7fff_ffff, "")).contains("give 8589934588 bytes"));
        assertTrue(refusal(features.formatted(1, "00")).contains("give 4 bytes"));
    }

    private String refusal(String json) {
        return assertThrows(IllegalArgumentException.class, () -> encode(json)).getMessage();
    }

    @Test
    void shouldLeaveOutWhatGoesWithoutSaying() {
        assertEquals("0042010000000c0002000000",
                encode("{'message': 'EVENT_USED', 'dev_num': 1, 'fields': {'vq_index': 2}}"));
        assertEquals("0203000007000c0000000080",
                encode("{'message': 'PING', 'direction': 'request', 'token': 7, 'fields': {'data': 2147483648}}"));
        assertEquals("029a000008000900ff", encode("{'message': 'BUS_SPECIFIC', 'msg_id': 154, "
                + "'direction': 'request', 'token': 8, 'fields': {'data': 'FF'}}"));
        assertEquals("0007010007000800",
                encode("{'msg_id': 7, 'bus': false, 'direction': 'request', 'dev_num': 1, 'token': 7}"));
    }

    @Test
    void shouldGiveItsOwnChoiceWhenAQuestionIsOpen() {
        byte[] reserved = HexFormat.of().parseHex("0240000000000c0001000300");
        assertTrue(rfc3.decode(reserved).contains("\"valid\": true, \"reason\": \"RESERVED_DEVICE_STATE\", "));
        byte[] asResponse = HexFormat.of().parseHex("0142030063000c0001000000");
        assertTrue(rfc3.decode(asResponse).contains("\"valid\": false, \"reason\": \"EVENT_AS_RESPONSE\", "));
    }

    @Test
    void shouldNotRepeatWhatTheInputSaysWhenItIsNotSo() {
        byte[] fine = HexFormat.of().parseHex("0240000000000c0001000200");
        Map<String, Object> given = new HashMap<>(Map.of("reason", "RESERVED_DEVICE_STATE", "name", "n"));
        given.put("valid", null);
        Map<String, Object> out = rfc3.describe(fine, given);
        assertEquals(true, out.get("valid"));
        assertEquals("n", out.get("name"));
        assertTrue(!out.containsKey("reason"));
    }

    @Test
    void shouldSayWhenAnEventAsResponseIsNotEvenAnEvent() {
        String text = rfc3.decode(HexFormat.of().parseHex("0142030063000900ff"));
        assertTrue(text.contains("\"EVENT_AS_RESPONSE\""));
        assertTrue(!text.contains("fields"), text);
    }
}
