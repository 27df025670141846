// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import java.util.Arrays;
import vireo.bus.WireProfile;

/**
 * What is demanded of each kind of message, as a flat table: one int for each combination of bus bit, response bit and
 * message id, so that the common message is judged by one look-up and a handful of comparisons.
 *
 * <pre>
 *   bits 0..3    what is to be checked in the payload, one of the constants from {@link #FIXED}
 *   bit  4       a token of 0 is wrong
 *   bit  5       a token other than 0 is wrong
 *   bit  6       a device number other than 0 is wrong
 *   bits 8..31   least msg_size; for a message that does not exist more than any message has
 * </pre>
 */
final class Rules {

    static final int UNKNOWN = 0x1_0000 << 8;
    static final int EVENT_RESPONSE = 0x1_0001 << 8;

    static final int FIXED = 0;
    static final int FEATURES = 1;
    static final int CONFIG_RANGE = 2;
    static final int CONFIG = 3;
    static final int CONFIG_ANSWER = 4;
    static final int EVENT = 5;
    static final int DEVICES_REQUEST = 6;
    static final int DEVICES_RESPONSE = 7;
    static final int DEVICES_RESPONSE_V1 = 8;
    static final int FEATURE_BITS = 9;
    static final int OPAQUE = 10;

    private static final int PAYLOAD_MASK = 0xf;

    static final int TOKEN_NEEDED = 1 << 4;
    static final int TOKEN_FORBIDDEN = 1 << 5;
    static final int DEVICE_FORBIDDEN = 1 << 6;

    /** Everything but the least size. */
    static final int DEMANDS = 0xff;
    private static final int LEAST_SIZE_SHIFT = 8;

    private static final Rules[] TABLES = {new Rules(false, true), new Rules(false, false), new Rules(true, true),
        new Rules(true, false)};

    private static final int IDS = 256;

    private final int[] table = new int[4 * IDS];
    private final int dropped;

    private Rules(boolean v1, boolean tokensChecked) {
        dropped = (v1 || !tokensChecked ? TOKEN_NEEDED | TOKEN_FORBIDDEN : 0) | (v1 ? DEVICE_FORBIDDEN : 0);
        Arrays.fill(table, UNKNOWN);
        transport(v1);
        bus(v1);
    }

    /** The place of a message in the table. */
    static int place(int type, int messageId) {
        return (type & Header.TYPE_BITS) << 8 | messageId & 0xff;
    }

    /** What is to be checked in the payload of a message with this entry. */
    static int payload(int rule) {
        return rule & PAYLOAD_MASK;
    }

    static int leastSize(int rule) {
        return rule >>> LEAST_SIZE_SHIFT;
    }

    static boolean isDefined(int rule) {
        return rule < UNKNOWN;
    }

    /** The table of a profile; shared, and not to be written to. */
    static int[] table(WireProfile profile, boolean tokensChecked) {
        return TABLES[(profile == WireProfile.V1 ? 2 : 0) + (tokensChecked ? 0 : 1)].table;
    }

    private void transport(boolean v1) {
        request(MessageIds.GET_DEVICE_INFO, 8, v1 ? 52 : 32, FIXED, v1 ? FIXED : FEATURE_BITS);
        request(MessageIds.GET_DEVICE_FEATURES, 16, 16, FIXED, FEATURES);
        request(MessageIds.SET_DRIVER_FEATURES, 16, 8, FEATURES, FIXED);
        request(MessageIds.GET_CONFIG, 16, 20, CONFIG_RANGE, CONFIG);
        request(MessageIds.SET_CONFIG, 20, 20, CONFIG, CONFIG_ANSWER);
        request(MessageIds.GET_DEVICE_STATUS, 8, 12, FIXED, FIXED);
        request(MessageIds.SET_DEVICE_STATUS, 12, 12, FIXED, FIXED);
        request(MessageIds.GET_VQUEUE, 12, 48, FIXED, FIXED);
        request(MessageIds.SET_VQUEUE, 48, 8, FIXED, FIXED);
        request(MessageIds.RESET_VQUEUE, 12, 8, FIXED, FIXED);
        request(MessageIds.GET_SHM, 12, v1 ? 32 : 20, FIXED, FIXED);
        event(0, MessageIds.EVENT_CONFIG, 24, EVENT);
        event(0, MessageIds.EVENT_AVAIL, 16, FIXED);
        event(0, MessageIds.EVENT_USED, 12, FIXED);
    }

    private void bus(boolean v1) {
        set(Header.BUS, MessageIds.BUS_GET_DEVICES, 12, DEVICES_REQUEST, TOKEN_NEEDED);
        set(Header.BUS | Header.RESPONSE, MessageIds.BUS_GET_DEVICES, 14, v1 ? DEVICES_RESPONSE_V1 : DEVICES_RESPONSE,
                TOKEN_NEEDED);
        set(Header.BUS, MessageIds.BUS_PING, 12, FIXED, TOKEN_NEEDED);
        set(Header.BUS | Header.RESPONSE, MessageIds.BUS_PING, 12, FIXED, TOKEN_NEEDED);
        event(Header.BUS, MessageIds.BUS_EVENT_DEVICE, 12, FIXED);
        for (int id = MessageIds.BUS_FIRST_SPECIFIC; id < IDS; id++) {
            set(Header.BUS, id, Header.BYTES, OPAQUE, 0);
            set(Header.BUS | Header.RESPONSE, id, Header.BYTES, OPAQUE, TOKEN_NEEDED);
        }
    }

    private void request(int id, int request, int response, int requestPayload, int responsePayload) {
        set(0, id, request, requestPayload, TOKEN_NEEDED);
        set(Header.RESPONSE, id, response, responsePayload, TOKEN_NEEDED);
    }

    private void event(int type, int id, int least, int payload) {
        set(type, id, least, payload, TOKEN_FORBIDDEN);
        table[place(type | Header.RESPONSE, id)] = EVENT_RESPONSE;
    }

    private void set(int type, int id, int least, int payload, int token) {
        int header = (type & Header.BUS) != 0 ? token | DEVICE_FORBIDDEN : token;
        table[place(type, id)] = least << LEAST_SIZE_SHIFT | header & ~dropped | payload;
    }
}
