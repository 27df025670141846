// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import vireo.bus.BusInfo;
import vireo.bus.WireProfile;

class ValidatorTest {

    private static final int MAX = 264;

    private final MemorySegment base = MemorySegment.ofArray(new byte[MAX + 8]);
    private final Validator rfc3 = new Validator(WireProfile.RFC3, MAX);
    private final Validator v1 = new Validator(WireProfile.V1, MAX);

    private Reason check(Validator validator, int type, int id, int device, int token, int size) {
        Header.put(base, 0, type, id, device, token, size);
        return validator.check(base, 0, base.byteSize());
    }

    @Test
    void shouldGiveTheFirstReasonWhenSeveralRulesAreBroken() {
        assertEquals(Reason.SIZE_BELOW_HEADER, check(rfc3, 0, 0, 0, 0, 7));
        assertEquals(Reason.SIZE_EXCEEDS_BUS_MAX, check(rfc3, 0, 0, 0, 0, 0xffff));
        assertEquals(Reason.SIZE_EXCEEDS_BUFFER, check(new Validator(WireProfile.RFC3, 0xffff), 0, 0, 0, 0, 0xffff));
        assertEquals(Reason.UNKNOWN_MSG_ID, check(rfc3, 0, 0, 0, 0, 8));
        assertEquals(Reason.BUS_DEV_NUM_NOT_ZERO, check(rfc3, Header.BUS, MessageIds.BUS_PING, 1, 0, 8));
        assertEquals(Reason.REQUEST_TOKEN_ZERO, check(rfc3, Header.BUS, MessageIds.BUS_PING, 0, 0, 8));
        assertEquals(Reason.PAYLOAD_TOO_SHORT, check(rfc3, Header.BUS, MessageIds.BUS_PING, 0, 1, 8));
        assertEquals(Reason.OK, check(rfc3, Header.BUS, MessageIds.BUS_PING, 0, 1, 12));
        assertEquals(List.of(Reason.BUS_DEV_NUM_NOT_ZERO, Reason.REQUEST_TOKEN_ZERO, Reason.PAYLOAD_TOO_SHORT),
                findings(Header.BUS, MessageIds.BUS_PING, 1, 0, 8));
    }

    private List<Reason> findings(int type, int id, int device, int token, int size) {
        Header.put(base, 0, type, id, device, token, size);
        return rfc3.findings(base, 0, base.byteSize());
    }

    @Test
    void shouldRefuseUndefinedIdsOfEverySize() {
        Validator unlimited = new Validator(WireProfile.RFC3, 0xffff);
        MemorySegment large = MemorySegment.ofArray(new byte[0xffff]);
        for (int size : new int[] {8, 48, 0xfffe, 0xffff}) {
            Header.put(large, 0, 0, 0x0d, 0, 1, size);
            assertEquals(Reason.UNKNOWN_MSG_ID, unlimited.check(large, 0, 0xffff));
            Header.put(large, 0, Header.RESPONSE, MessageIds.EVENT_USED, 0, 1, size);
            assertEquals(Reason.EVENT_AS_RESPONSE, unlimited.check(large, 0, 0xffff));
        }
    }

    /** transport.md section 5, deltas.md section 1: type bits, id, size in RFC3, size in V1. */
    @ParameterizedTest
    @CsvSource({"0,2,8,8", "1,2,32,52", "0,3,16,16", "1,3,16,16", "0,4,16,16", "1,4,8,8", "0,5,16,16", "1,5,20,20",
        "0,6,20,20", "1,6,20,20", "0,7,8,8", "1,7,12,12", "0,8,12,12", "1,8,12,12", "0,9,12,12", "1,9,48,48",
        "0,10,48,48", "1,10,8,8", "0,11,12,12", "1,11,8,8", "0,12,12,12", "1,12,20,32", "0,64,24,24", "0,65,16,16",
        "0,66,12,12", "2,2,12,12", "3,2,14,14", "2,3,12,12", "3,3,12,12", "2,64,12,12"})
    void shouldRefuseWhatIsOneByteTooShort(int type, int id, int rfc3Size, int v1Size) {
        int token = id < MessageIds.FIRST_EVENT ? 1 : 0;
        base.fill((byte) 0);
        assertEquals(rfc3Size == 8 ? Reason.SIZE_BELOW_HEADER : Reason.PAYLOAD_TOO_SHORT,
                check(rfc3, type, id, 0, token, rfc3Size - 1));
        assertEquals(Reason.OK, check(rfc3, type, id, 0, token, rfc3Size));
        assertEquals(v1Size == 8 ? Reason.SIZE_BELOW_HEADER : Reason.PAYLOAD_TOO_SHORT,
                check(v1, type, id, 0, token, v1Size - 1));
        assertEquals(Reason.OK, check(v1, type, id, 0, token, v1Size));
    }

    @Test
    void shouldTakeAnyTokenAndBusDeviceNumberWhenTheProfileIsV1() {
        assertEquals(Reason.OK, check(v1, 0, MessageIds.GET_DEVICE_STATUS, 3, 0, 8));
        assertEquals(Reason.OK, check(v1, 0, MessageIds.EVENT_USED, 3, 9, 12));
        assertEquals(Reason.OK, check(v1, Header.BUS, MessageIds.BUS_PING, 7, 0, 12));
        assertEquals(Reason.EVENT_AS_RESPONSE, check(v1, Header.RESPONSE, MessageIds.EVENT_USED, 3, 9, 12));
    }

    @Test
    void shouldTakeAnyTokenWhenTheBusOwnsThem() {
        BusInfo plain = BusInfo.inBand("b", BusInfo.Role.DEVICE, WireProfile.RFC3, MAX);
        Validator owner = new Validator(new BusInfo("b", BusInfo.Role.DEVICE, WireProfile.RFC3, 1, 0, MAX, 1,
                BusInfo.TokenOwner.BUS, plain.kicks(), plain.calls(), false, 1));
        assertEquals(Reason.OK, check(owner, 0, MessageIds.SET_VQUEUE, 3, 0, 48));
        assertEquals(Reason.OK, check(owner, 0, MessageIds.EVENT_AVAIL, 3, 5, 16));
        assertEquals(Reason.BUS_DEV_NUM_NOT_ZERO, check(owner, Header.BUS, MessageIds.BUS_PING, 1, 0, 12));
        assertEquals(Reason.REQUEST_TOKEN_ZERO, check(new Validator(plain), 0, MessageIds.SET_VQUEUE, 3, 0, 48));
        assertEquals(MAX, owner.maxMessageSize());
        assertEquals(WireProfile.RFC3, owner.profile());
    }

    @Test
    void shouldRefuseAResponseOfTheBusWithoutToken() {
        assertEquals(Reason.RESPONSE_TOKEN_ZERO, check(rfc3, Header.BUS | Header.RESPONSE, 0x90, 0, 0, 8));
        assertEquals(Reason.OK, check(rfc3, Header.BUS, 0x90, 0, 0, 8));
        assertEquals(Reason.OK, check(rfc3, Header.BUS, 0xc0, 0, 7, 8));
    }

    @Test
    void shouldNameEveryRuleThatAnAnswerToGetDevicesBreaks() {
        base.fill((byte) 0);
        base.set(MessageView.LE16, 10, (short) 16);
        base.set(MessageView.LE16, 12, (short) 9);
        assertEquals(List.of(Reason.COUNT_EXCEEDS_PAYLOAD, Reason.GET_DEVICES_NOT_MULTIPLE_OF_8),
                findings(Header.BUS | Header.RESPONSE, MessageIds.BUS_GET_DEVICES, 0, 1, 15));
    }

    @ParameterizedTest
    @EnumSource(WireProfile.class)
    void shouldNotOverflowWhenCountsAreHuge(WireProfile profile) {
        Validator validator = new Validator(profile, MAX);
        for (int count : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0x4000_0000, 0x4000_0001}) {
            base.set(MessageView.LE32, 12, count);
            base.set(MessageView.LE32, 16, count);
            base.set(MessageView.LE32, 20, count);
            assertEquals(Reason.COUNT_EXCEEDS_PAYLOAD, check(validator, 0, MessageIds.SET_DRIVER_FEATURES, 1, 1, 60));
            assertEquals(Reason.COUNT_EXCEEDS_PAYLOAD, check(validator, 0, MessageIds.SET_CONFIG, 1, 1, 60));
            assertEquals(Reason.COUNT_EXCEEDS_PAYLOAD, check(validator, 0, MessageIds.EVENT_CONFIG, 1, 0, 60));
        }
    }

    @Test
    void shouldClampAMaximumThatNoMessageReaches() {
        assertEquals(65535, new Validator(WireProfile.RFC3, 65536).maxMessageSize());
        assertTrue(assertThrows(IllegalArgumentException.class, () -> new Validator(WireProfile.RFC3, 7))
                .getMessage().contains("maxMessageSize=7"));
    }
}
