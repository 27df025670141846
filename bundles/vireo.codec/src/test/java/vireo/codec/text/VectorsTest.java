// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vireo.codec.Reason;
import vireo.codec.Validator;

/** Every golden vector, both ways. */
class VectorsTest {

    @Test
    void shouldFindAllVectors() {
        assertEquals(147 + 46, Vectors.all().count());
    }

    @ParameterizedTest
    @MethodSource("vireo.codec.text.Vectors#all")
    void shouldGiveTheReasonOfTheVector(Vectors.Case vector) {
        byte[] bytes = vector.bytes();
        Validator validator = new Validator(vector.profile(), vector.maxSize());
        Reason expected = vector.reason() == null ? Reason.OK : Reason.valueOf(vector.reason());
        if (vector.valid() == null) {
            assertTrue(expected.open());
            expected = expected.refused() ? expected : Reason.OK;
        } else {
            assertEquals(!vector.valid(), expected.refused());
        }
        assertEquals(expected, validator.check(MemorySegment.ofArray(bytes), 0, bytes.length));
    }

    @ParameterizedTest
    @MethodSource("vireo.codec.text.Vectors#all")
    void shouldJudgeAlikeAtAnyAddressAmongStrangeBytes(Vectors.Case vector) {
        byte[] bytes = vector.bytes();
        Validator validator = new Validator(vector.profile(), vector.maxSize());
        Reason expected = validator.check(MemorySegment.ofArray(bytes), 0, bytes.length);
        try (Arena arena = Arena.ofConfined()) {
            for (int shift = 1; shift < 9; shift++) {
                MemorySegment base = arena.allocate(bytes.length + 64).fill((byte) 0xa5);
                MemorySegment.copy(bytes, 0, base, ValueLayout.JAVA_BYTE, shift, bytes.length);
                assertEquals(expected, validator.check(base, shift, bytes.length));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("vireo.codec.text.Vectors#all")
    void shouldDecodeToTheVector(Vectors.Case vector) {
        MessageJson codec = new MessageJson(vector.profile(), vector.maxSize());
        assertEquals(Quote.json(vector.json()), Quote.json(codec.describe(vector.bytes(), vector.json())));
    }

    @ParameterizedTest
    @MethodSource("vireo.codec.text.Vectors#valid")
    void shouldEncodeToTheBytesOfTheVector(Vectors.Case vector) {
        Object expected = vector.json().getOrDefault("canonical_hex", vector.json().get("hex"));
        Map<String, Object> message = vector.json().entrySet().stream()
                .filter(e -> Set.of("message", "direction", "msg_id", "dev_num", "token", "fields")
                        .contains(e.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        byte[] encoded = new MessageJson(vector.profile(), vector.maxSize()).encode(Quote.json(message));
        assertEquals(expected, HexFormat.of().formatHex(encoded));
    }

    @ParameterizedTest
    @MethodSource("vireo.codec.text.Vectors#valid")
    void shouldComeBackFromItsOwnText(Vectors.Case vector) {
        MessageJson codec = new MessageJson(vector.profile(), vector.maxSize());
        byte[] encoded = codec.encode(codec.decode(vector.bytes()));
        assertArrayEquals(encoded, codec.encode(codec.decode(encoded)));
    }

    @Test
    void shouldRefuseOnlyTheOpenQuestionsThatAreDocumentedAsRefused() {
        List<String> refused = Vectors.all().filter(c -> c.valid() == null)
                .filter(c -> new Validator(c.profile(), c.maxSize())
                        .check(MemorySegment.ofArray(c.bytes()), 0, c.bytes().length).refused())
                .map(Vectors.Case::name).toList();
        assertEquals(List.of("open_event_as_response", "open_feature_bits_33"), refused);
    }
}
