// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import vireo.bus.WireProfile;

/**
 * What is demanded of each kind of message, as a flat table: one int for each combination of bus bit, response bit and
 * message id, so that the common message is judged by one look-up and four comparisons.
 *
 * <pre>
 *   bits 0..15   least msg_size
 *   bits 16..19  what is to be checked in the payload, one of the constants below
 *   bit  20      a token of 0 is wrong
 *   bit  21      a token other than 0 is wrong
 *   bit  22      a device number other than 0 is wrong
 *   bit  30      the message is defined; without it the whole entry is {@link #UNKNOWN} or {@link #EVENT_RESPONSE}
 * </pre>
 */
final class Rules {

    static final int UNKNOWN = 0;
    static final int EVENT_RESPONSE = -1;

    static final int LEAST_SIZE = 0xffff;

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

    private static final int PAYLOAD_SHIFT = 16;
    private static final int PAYLOAD_MASK = 0xf;

    static final int TOKEN_NEEDED = 1 << 20;
    static final int TOKEN_FORBIDDEN = 1 << 21;
    static final int DEVICE_FORBIDDEN = 1 << 22;
    private static final int DEFINED = 1 << 30;

    private static final int IDS = 256;

    private final int[] table = new int[4 * IDS];
    private final int dropped;

    /** Makes a table from whose entries the rules in {@code dropped} are left out. */
    private Rules(int dropped) {
        this.dropped = dropped;
    }

    /** The place of a message in the table. */
    static int place(int type, int messageId) {
        return (type & Header.TYPE_BITS) << 8 | messageId & 0xff;
    }

    /** What is to be checked in the payload of a message with this entry. */
    static int payload(int rule) {
        return rule >>> PAYLOAD_SHIFT & PAYLOAD_MASK;
    }

    static int[] table(WireProfile profile, boolean tokensChecked) {
        boolean v1 = profile == WireProfile.V1;
        Rules rules = new Rules((v1 || !tokensChecked ? TOKEN_NEEDED | TOKEN_FORBIDDEN : 0)
                | (v1 ? DEVICE_FORBIDDEN : 0));
        rules.transport(v1);
        rules.bus(v1);
        return rules.table;
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
        table[place(type, id)] = DEFINED | least | payload << PAYLOAD_SHIFT | header & ~dropped;
    }
}
