// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import vireo.codec.Header;

/** Messages as byte arrays, as a peer that obeys nothing would put them together. */
public final class Messages {
    private Messages() {
    }

    /** A message of a header and a payload of little-endian 32-bit words. */
    public static byte[] message(int type, int id, int device, int token, int... words) {
        ByteBuffer bytes = ByteBuffer.allocate(Header.BYTES + 4 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) type).put((byte) id).putShort((short) device).putShort((short) token)
                .putShort((short) bytes.capacity());
        for (int word : words) {
            bytes.putInt(word);
        }
        return bytes.array();
    }

    /** The answer to a request, with the request's header and another payload. */
    public static byte[] answer(byte[] request, int... words) {
        return message(type(request) | Header.RESPONSE, id(request), device(request), token(request), words);
    }

    public static MemorySegment segment(byte[] message) {
        return MemorySegment.ofArray(message);
    }

    public static int type(byte[] message) {
        return Header.type(segment(message), 0);
    }

    public static int id(byte[] message) {
        return Header.messageId(segment(message), 0);
    }

    public static int device(byte[] message) {
        return Header.deviceNumber(segment(message), 0);
    }

    public static int token(byte[] message) {
        return Header.token(segment(message), 0);
    }

    /** A copy with one byte changed. */
    public static byte[] with(byte[] message, int at, int value) {
        byte[] copy = message.clone();
        copy[at] = (byte) value;
        return copy;
    }

    /** The 32-bit word at a place. */
    public static int word(byte[] message, int at) {
        return ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
    }
}
