// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.util.ArrayList;
import java.util.List;

/** Collects the fields of a message in wire order. */
final class FieldSink {

    private final List<Field> fields = new ArrayList<>();

    List<Field> fields() {
        return List.copyOf(fields);
    }

    FieldSink add(String name, Field.Kind kind, long value) {
        fields.add(new Field(name, kind, value, null));
        return this;
    }

    /** A quantity of at most 32 bits. */
    FieldSink number(String name, long value) {
        return add(name, Field.Kind.NUMBER, value);
    }

    /** A pattern of 32 bits. */
    FieldSink word(String name, Field.Kind kind, int value) {
        return add(name, kind, Integer.toUnsignedLong(value));
    }

    /** A field of 64 bits. */
    FieldSink address(String name, long value) {
        return add(name, Field.Kind.ADDRESS, value);
    }

    FieldSink bytes(String name, Field.Kind kind, byte[] value) {
        fields.add(new Field(name, kind, 0, value));
        return this;
    }
}
