// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import java.lang.foreign.MemorySegment;
import java.util.Set;

/**
 * The rules on payloads that a least length does not express: counts against what is there, and multiples. The fixed
 * part of the layout is known to lie within the message. Products and sums are of 64 bits, so that no count overflows
 * them.
 */
final class Payloads {

    static final int FEATURE_COUNT = 12;
    static final int FEATURE_DATA = 16;
    static final int CONFIG_LENGTH = 16;
    static final int CONFIG_DATA = 20;
    static final int EVENT_LENGTH = 20;
    static final int EVENT_DATA = 24;
    static final int DEVICES_OFFSET = 8;
    static final int DEVICES_SECOND = 10;
    static final int DEVICES_THIRD = 12;
    static final int DEVICES_BITMAP = 14;
    private static final int INFO_FEATURE_BITS = 16;

    private Payloads() {
    }

    static Reason check(int payload, MemorySegment base, long offset, int size) {
        return switch (payload) {
            case Rules.FEATURES -> features(size - FEATURE_DATA, le32(base, offset + FEATURE_COUNT));
            case Rules.CONFIG -> counted(size - CONFIG_DATA, le32(base, offset + CONFIG_LENGTH));
            case Rules.CONFIG_ANSWER -> size == CONFIG_DATA ? Reason.OK
                    : counted(size - CONFIG_DATA, le32(base, offset + CONFIG_LENGTH));
            case Rules.EVENT -> counted(size - EVENT_DATA, le32(base, offset + EVENT_LENGTH));
            case Rules.DEVICES_REQUEST -> eights(le16(base, offset + DEVICES_OFFSET)
                    | le16(base, offset + DEVICES_SECOND));
            case Rules.DEVICES_RESPONSE -> devices(base, offset, size, DEVICES_SECOND, DEVICES_THIRD);
            case Rules.DEVICES_RESPONSE_V1 -> devices(base, offset, size, DEVICES_THIRD, DEVICES_SECOND);
            case Rules.FEATURE_BITS -> le32(base, offset + INFO_FEATURE_BITS) % Integer.SIZE == 0 ? Reason.OK
                    : Reason.FEATURE_BITS_NOT_MULTIPLE_OF_32;
            default -> Reason.OK;
        };
    }

    /** Adds every rule that a payload breaks, that of {@code check} first. */
    static void findings(int payload, MemorySegment base, long offset, int size, Set<Reason> all) {
        Reason first = check(payload, base, offset, size);
        if (first != Reason.OK) {
            all.add(first);
        }
        if (first == Reason.FEATURE_DATA_NOT_MULTIPLE_OF_4) {
            all.add(Reason.COUNT_EXCEEDS_PAYLOAD);
        }
        if (first == Reason.COUNT_EXCEEDS_PAYLOAD && payload >= Rules.DEVICES_RESPONSE) {
            int next = payload == Rules.DEVICES_RESPONSE ? DEVICES_THIRD : DEVICES_SECOND;
            if (eights(le16(base, offset + DEVICES_OFFSET) | le16(base, offset + next)) != Reason.OK) {
                all.add(Reason.GET_DEVICES_NOT_MULTIPLE_OF_8);
            }
        }
    }

    private static Reason counted(int room, long count) {
        return count > room ? Reason.COUNT_EXCEEDS_PAYLOAD : Reason.OK;
    }

    private static Reason features(int room, long blocks) {
        if (blocks * Integer.BYTES <= room) {
            return Reason.OK;
        }
        return room % Integer.BYTES != 0 ? Reason.FEATURE_DATA_NOT_MULTIPLE_OF_4 : Reason.COUNT_EXCEEDS_PAYLOAD;
    }

    private static Reason devices(MemorySegment base, long offset, int size, int count, int next) {
        if (bitmapBytes(le16(base, offset + count)) > size - DEVICES_BITMAP) {
            return Reason.COUNT_EXCEEDS_PAYLOAD;
        }
        return eights(le16(base, offset + DEVICES_OFFSET) | le16(base, offset + next));
    }

    private static Reason eights(int numbers) {
        return numbers % Byte.SIZE == 0 ? Reason.OK : Reason.GET_DEVICES_NOT_MULTIPLE_OF_8;
    }

    static int bitmapBytes(int devices) {
        return (devices + Byte.SIZE - 1) / Byte.SIZE;
    }

    static long le32(MemorySegment base, long at) {
        return Integer.toUnsignedLong(base.get(MessageView.LE32, at));
    }

    static int le16(MemorySegment base, long at) {
        return Short.toUnsignedInt(base.get(MessageView.LE16, at));
    }
}
