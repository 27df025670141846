// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;

/**
 * How one message is taken apart and put together, field by field in wire order.
 *
 * @param type type bits of {@link Header}
 * @param messageId message id; for bus-specific messages the first of them
 * @param reader reads the payload
 * @param writer writes the message
 */
record Form(int type, int messageId, Reader reader, Writer writer) {

    /** Reads the fields of an accepted message. */
    @FunctionalInterface
    interface Reader {
        void read(MemorySegment base, FieldSink out);
    }

    /** Writes a message from its fields. */
    @FunctionalInterface
    interface Writer {
        void write(FieldSource in, Target target);
    }

    /**
     * Where a message is written to, and what its header says.
     *
     * @param base segment with room for the largest message; the message starts at 0
     * @param deviceNumber device number
     * @param token token
     * @param messageId message id
     * @param response true for a response
     */
    record Target(MemorySegment base, int deviceNumber, int token, int messageId, boolean response) {
    }

    /** A message without payload. */
    static Form empty(int type, int messageId) {
        return new Form(type, messageId, (base, out) -> {
        }, (in, to) -> Header.putEmpty(to.base, 0, type, messageId, to.deviceNumber, to.token));
    }

    boolean isBus() {
        return (type & Header.BUS) != 0;
    }

    boolean isResponse() {
        return (type & Header.RESPONSE) != 0;
    }

    String name() {
        return MessageIds.name(isBus(), messageId);
    }
}
