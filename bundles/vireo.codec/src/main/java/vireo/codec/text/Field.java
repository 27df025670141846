// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.util.HexFormat;

/**
 * The value of one payload field.
 *
 * @param name name in the JSON form
 * @param kind what the value means
 * @param number the value, unsigned, unless it is bytes
 * @param bytes the value, if it is bytes, else null
 */
record Field(String name, Kind kind, long number, byte[] bytes) {

    /** What a value means, and so how it is shown to people. */
    enum Kind {
        NUMBER, HEX, ADDRESS, STATUS, DEVICE_TYPE, BUS_STATE, ENABLE_FLAGS, FEATURES, BYTES
    }

    /** The value as JSON has it: a Long or a String. */
    Object json() {
        if (bytes != null) {
            return HexFormat.of().formatHex(bytes);
        }
        return kind == Kind.ADDRESS ? "0x" + HexFormat.of().toHexDigits(number) : (Object) number;
    }
}
