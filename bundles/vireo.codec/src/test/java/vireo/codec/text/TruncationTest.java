// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vireo.codec.Header;
import vireo.codec.Reason;
import vireo.codec.Validator;

/**
 * Every valid vector cut off at every length. The segment ends where the bytes end, so that a read beyond what was
 * received throws.
 */
class TruncationTest {

    private static final ValueLayout.OfShort LE16 =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int MANY = 600;

    @ParameterizedTest
    @MethodSource("vireo.codec.text.Vectors#valid")
    void shouldRefuseEveryPrefix(Vectors.Case vector) {
        byte[] bytes = vector.bytes();
        Validator validator = new Validator(vector.profile(), vector.maxSize());
        int size = Header.size(MemorySegment.ofArray(bytes), 0);
        for (int length = 0; length < size; length++) {
            MemorySegment cut = MemorySegment.ofArray(Arrays.copyOf(bytes, length));
            Reason expected = length < Header.BYTES ? Reason.TRUNCATED_HEADER : Reason.SIZE_EXCEEDS_BUFFER;
            assertEquals(expected, validator.check(cut, 0, length));
            length += size > MANY ? 61 : 0;
        }
    }

    @ParameterizedTest
    @MethodSource("vireo.codec.text.Vectors#valid")
    void shouldReadNothingBeyondAPrefixThatClaimsToBeWhole(Vectors.Case vector) {
        byte[] bytes = vector.bytes();
        Validator validator = new Validator(vector.profile(), vector.maxSize());
        MessageJson json = new MessageJson(vector.profile(), vector.maxSize());
        int size = Header.size(MemorySegment.ofArray(bytes), 0);
        for (int length = Header.BYTES; length < size; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            MemorySegment.ofArray(cut).set(LE16, Header.MSG_SIZE_OFFSET, (short) length);
            Reason reason = validator.check(MemorySegment.ofArray(cut), 0, length);
            String text = json.decode(cut);
            assertTrue(text.contains("\"valid\": " + !reason.refused()), text);
            length += size > MANY ? 997 : 0;
        }
    }
}
