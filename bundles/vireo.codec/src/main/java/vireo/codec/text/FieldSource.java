// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Gives the fields of a message that is to be encoded, and complains by name about those that are wrong. */
final class FieldSource {

    private static final long MAX_16 = 0xffffL;
    private static final long MAX_32 = 0xffff_ffffL;

    private final String message;
    private final Map<String, Object> values;
    private final Set<String> unused;

    FieldSource(String message, Map<String, Object> values) {
        this.message = message;
        this.values = values;
        unused = new LinkedHashSet<>(values.keySet());
    }

    int le16(String name) {
        return (int) number(name, MAX_16);
    }

    long le32(String name) {
        return number(name, MAX_32);
    }

    int word(String name) {
        return (int) number(name, MAX_32);
    }

    int bit(String name) {
        return (int) number(name, 1);
    }

    /** A number that a field of 31 bits takes. */
    int le31(String name) {
        return (int) number(name, Integer.MAX_VALUE);
    }

    private long number(String name, long max) {
        Object value = value(name);
        if (value instanceof Long number && number >= 0 && number <= max) {
            return number;
        }
        throw wrong(name, value, "give a number from 0 to " + max);
    }

    long le64(String name) {
        Object value = value(name);
        if (value instanceof String text && text.matches("0x[0-9a-fA-F]{16}")) {
            return HexFormat.fromHexDigitsToLong(text, 2, text.length());
        }
        throw wrong(name, value, "give a string of 0x and 16 hexadecimal digits");
    }

    byte[] bytes(String name) {
        Object value = value(name);
        if (value instanceof String text) {
            try {
                return HexFormat.of().parseHex(text);
            } catch (IllegalArgumentException e) {
                throw wrong(name, value, "give an even number of hexadecimal digits");
            }
        }
        throw wrong(name, value, "give a string of hexadecimal digits");
    }

    byte[] bytes(String name, long length) {
        byte[] bytes = bytes(name);
        if (bytes.length != length) {
            throw wrong(name, values.get(name), "give " + length + " bytes");
        }
        return bytes;
    }

    private Object value(String name) {
        if (!values.containsKey(name)) {
            throw new IllegalArgumentException(message + " needs the field \"" + name + "\": add it to \"fields\"");
        }
        unused.remove(name);
        return values.get(name);
    }

    private IllegalArgumentException wrong(String name, Object value, String remedy) {
        return new IllegalArgumentException(
                "field \"" + name + "\" of " + message + " cannot be " + Quote.json(value) + ": " + remedy);
    }

    /** To be called when all fields are taken. */
    void finish() {
        if (!unused.isEmpty()) {
            throw new IllegalArgumentException(message + " has no field " + Quote.json(unused.iterator().next())
                    + ": remove it from \"fields\", or choose another --profile");
        }
    }
}
