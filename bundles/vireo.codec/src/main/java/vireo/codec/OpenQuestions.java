// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Set;
import vireo.bus.WireProfile;

/**
 * Finds in a message that breaks no rule what the written format leaves open. For tools only: the receive path accepts
 * all of it without a look.
 */
final class OpenQuestions {

    private static final int INDEX_RESERVED = 12;
    private static final int SIZE_RESERVED = 20;
    private static final int SHM_RESERVED = 12;
    private static final int ENABLE = 1;
    private static final int STATE = 10;
    private static final int READY = 1;
    private static final int REMOVED = 2;
    private static final int FIRST_BUS_STATE = 0x8000;
    private static final int DEVICE_NUMBERS = 0x1_0000;
    private static final long CONFIG_SPACE = 1L << 32;

    private final boolean v1;
    private final MemorySegment base;
    private final long offset;
    private final int size;
    private final int place;

    OpenQuestions(WireProfile profile, MemorySegment base, long offset, int size) {
        v1 = profile == WireProfile.V1;
        this.base = base;
        this.offset = offset;
        this.size = size;
        place = Rules.place(Header.type(base, offset), Header.messageId(base, offset));
    }

    void findings(int rule, Set<Reason> all) {
        int payload = Rules.payload(rule);
        reserved(all);
        ranges(payload, all);
        if (payload == Rules.OPAQUE) {
            busSpecific(all);
        } else {
            trailing(end(rule, payload), payload, all);
        }
    }

    private void reserved(Set<Reason> all) {
        if (is(0, MessageIds.SET_VQUEUE)) {
            flagsOrReserved(INDEX_RESERVED, all);
            zero(SIZE_RESERVED, all);
        } else if (is(Header.RESPONSE, MessageIds.GET_VQUEUE)) {
            flagsOrReserved(SIZE_RESERVED, all);
        } else if (v1 && is(Header.RESPONSE, MessageIds.GET_SHM)) {
            zero(SHM_RESERVED, all);
        } else if (is(Header.BUS, MessageIds.BUS_EVENT_DEVICE)) {
            int state = Payloads.le16(base, offset + STATE);
            if (state != READY && state != REMOVED && state < FIRST_BUS_STATE) {
                all.add(Reason.RESERVED_DEVICE_STATE);
            }
        }
    }

    private boolean is(int type, int messageId) {
        return place == Rules.place(type, messageId);
    }

    private void flagsOrReserved(int at, Set<Reason> all) {
        if (!v1) {
            zero(at, all);
        } else if ((Payloads.le32(base, offset + at) & ~ENABLE) != 0) {
            all.add(Reason.UNKNOWN_FLAG_BITS);
        }
    }

    private void zero(int at, Set<Reason> all) {
        if (Payloads.le32(base, offset + at) != 0) {
            all.add(Reason.RESERVED_PAYLOAD_NOT_ZERO);
        }
    }

    private void ranges(int payload, Set<Reason> all) {
        switch (payload) {
            case Rules.CONFIG_RANGE -> config(8, all);
            case Rules.CONFIG -> config(12, all);
            case Rules.CONFIG_ANSWER -> {
                config(12, all);
                if (size == Payloads.CONFIG_DATA && Payloads.le32(base, offset + Payloads.CONFIG_LENGTH) != 0) {
                    all.add(Reason.SET_CONFIG_RESPONSE_WITHOUT_DATA);
                }
            }
            case Rules.EVENT -> config(16, all);
            case Rules.DEVICES_REQUEST -> window(Payloads.DEVICES_SECOND, all);
            case Rules.DEVICES_RESPONSE -> answer(Payloads.DEVICES_SECOND, all);
            case Rules.DEVICES_RESPONSE_V1 -> answer(Payloads.DEVICES_THIRD, all);
            default -> {
            }
        }
    }

    private void config(int at, Set<Reason> all) {
        if (Payloads.le32(base, offset + at) + Payloads.le32(base, offset + at + Integer.BYTES) > CONFIG_SPACE) {
            all.add(Reason.CONFIG_RANGE_OVERFLOW);
        }
    }

    private void window(int count, Set<Reason> all) {
        if (Payloads.le16(base, offset + Payloads.DEVICES_OFFSET) + Payloads.le16(base, offset + count)
                > DEVICE_NUMBERS) {
            all.add(Reason.GET_DEVICES_WINDOW_OVERFLOW);
        }
    }

    private void answer(int count, Set<Reason> all) {
        window(count, all);
        if (Payloads.le16(base, offset + count) % Byte.SIZE != 0) {
            all.add(Reason.GET_DEVICES_ANSWER_NOT_MULTIPLE_OF_8);
        }
    }

    private void busSpecific(Set<Reason> all) {
        boolean event = Header.messageId(base, offset) >= MessageIds.BUS_FIRST_SPECIFIC_EVENT;
        if (!v1 && !Header.isResponse(base, offset) && event == (Header.token(base, offset) != 0)) {
            all.add(Reason.BUS_SPECIFIC_TOKEN_POLICY);
        }
    }

    /** Where the defined and counted payload ends. */
    private int end(int rule, int payload) {
        long counted = switch (payload) {
            case Rules.FEATURES -> Payloads.le32(base, offset + Payloads.FEATURE_COUNT) * Integer.BYTES;
            case Rules.CONFIG, Rules.CONFIG_ANSWER -> Payloads.le32(base, offset + Payloads.CONFIG_LENGTH);
            case Rules.EVENT -> Payloads.le32(base, offset + Payloads.EVENT_LENGTH);
            case Rules.DEVICES_RESPONSE -> Payloads.bitmapBytes(Payloads.le16(base, offset + Payloads.DEVICES_SECOND));
            case Rules.DEVICES_RESPONSE_V1 ->
                Payloads.bitmapBytes(Payloads.le16(base, offset + Payloads.DEVICES_THIRD));
            default -> 0;
        };
        return (int) Math.min(size, Rules.leastSize(rule) + counted);
    }

    private void trailing(int end, int payload, Set<Reason> all) {
        if (payload == Rules.FEATURES && (size - end) % Integer.BYTES != 0) {
            all.add(Reason.FEATURE_DATA_TAIL);
        }
        for (int at = end; at < size; at++) {
            if (base.get(JAVA_BYTE, offset + at) != 0) {
                all.add(Reason.TRAILING_NOT_ZERO);
                return;
            }
        }
    }
}
