// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import vireo.bus.WireProfile;
import vireo.codec.device.ConfigData;

class MessagePrinterTest {

    private static String print(WireProfile profile, String hex, BusMessageFormat... formats) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return new MessagePrinter(profile, 65535, List.of(formats)).print(MemorySegment.ofArray(bytes), 0,
                bytes.length);
    }

    private static String print(String hex) {
        return print(WireProfile.RFC3, hex);
    }

    @Test
    void shouldSayWhyAMessageIsRefused() {
        assertEquals("refused PAYLOAD_TOO_SHORT: SET_DEVICE_STATUS request dev=3 token=70 msg_size=8",
                print("0008030046000800"));
        assertEquals("refused TRUNCATED_HEADER: received=0203", print("0203"));
        assertEquals("refused UNKNOWN_MSG_ID: bus msg_id=0x41 event msg_size=8", print("0241000000000800"));
        assertEquals("refused UNKNOWN_MSG_ID: msg_id=0x80 dev=3 token=80 msg_size=8", print("0080030050000800"));
        assertEquals("refused BUS_DEV_NUM_NOT_ZERO: bus PING request dev=1 token=17 msg_size=12",
                print("0203010011000c0001000000"));
        assertEquals("refused EVENT_AS_RESPONSE: EVENT_USED response dev=3 token=99 vq_index=1",
                print("0142030063000c0001000000"));
    }

    @Test
    void shouldNameStatusBits() {
        assertEquals("SET_DEVICE_STATUS request dev=3 token=33 status=ACKNOWLEDGE|DRIVER|FEATURES_OK",
                print("0008030021000c000b000000"));
        assertTrue(print("0008030021000c0000000000").endsWith("status=RESET"));
        assertTrue(print("0107030021000c00e0010000").endsWith("status=DEVICE_NEEDS_RESET|FAILED|0x120"));
    }

    @Test
    void shouldNameFeaturesThatDoNotDependOnTheDeviceType() {
        assertEquals("SET_DRIVER_FEATURES request dev=5 token=3 block_index=0 num_blocks=2 "
                + "feature_data={9,VERSION_1,RING_RESET}", print("000405000300180000000000020000000002000001010000"));
        assertTrue(print("0004050003001400020000000100000001000000").endsWith("feature_data={64}"));
    }

    @Test
    void shouldNameDeviceTypesStatesAndFlags() {
        assertTrue(print("010203000201200001000000f41a000040000000180000000300000000000000")
                .contains(" device_id=net vendor_id=0x1af4 "));
        assertTrue(print("0240000000000c0003000200").endsWith("device_bus_state=REMOVED"));
        assertTrue(print("0240000000000c0003000080").endsWith("device_bus_state=0x8000"));
        assertTrue(print(WireProfile.V1, "000a0100080230000000000001000000800000000000000000100080000000000020008000"
                + "0000000030008000000000").contains(" flags=ENABLE size=128 descriptor_addr=0x0000000080001000 "));
    }

    @Test
    void shouldCutLongData() {
        byte[] message = new byte[20 + 100];
        new ConfigData().createGetResponse(MemorySegment.ofArray(message), 0, 3, 1, 100);
        assertTrue(print(HexFormat.of().formatHex(message)).endsWith(" length=100 data=" + "00".repeat(32)
                + "...(100 bytes)"));
    }

    @Test
    void shouldMentionOpenQuestionsOfWhatIsAccepted() {
        assertTrue(print("0240000000000c0001000300").endsWith("=0x3 (open: RESERVED_DEVICE_STATE)"));
    }

    @Test
    void shouldLetABusExplainItsOwnMessages() {
        BusMessageFormat silent = (base, offset, size) -> null;
        BusMessageFormat chatty = (base, offset, size) -> "HELLO\n\u001b[2J size=" + size;
        String hex = "029a00000800120000112233445566778899";
        assertEquals("bus BUS_SPECIFIC msg_id=0x9a request token=8 HELLO??[2J size=18",
                print(WireProfile.RFC3, hex, silent, chatty));
        assertEquals("bus BUS_SPECIFIC msg_id=0x9a request token=8 data=00112233445566778899",
                print(WireProfile.RFC3, hex, silent));
    }

    @Test
    void shouldReadOnlyWhatWasReceived() {
        MemorySegment base = MemorySegment.ofArray(HexFormat.of().parseHex("0042030000000c0004000000"));
        MessagePrinter printer = new MessagePrinter(WireProfile.RFC3, 264, List.of());
        assertEquals("refused SIZE_EXCEEDS_BUFFER: EVENT_USED event dev=3 msg_size=12", printer.print(base, 0, 11));
        assertEquals("refused TRUNCATED_HEADER: received=", printer.print(base, 4, 0));
    }
}
