// SPDX-License-Identifier: Apache-2.0
package vireo.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "lots", "-1", "0x", "64X", "64MB", "1.5M", "0xg", "99999999999999999999", "9T9",
        "9223372036854775808", "8388608T", "0xffffffffffffffff"})
    void shouldRefuseWhatIsNoSize(String text) {
        assertThrows(NumberFormatException.class, () -> ByteSize.parse(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "4096, 4096", "0x40000000, 1073741824", "0xAB, 171", "64M, 67108864", "64 MiB, 67108864",
        "64m, 67108864", "512B, 512", "3TiB, 3298534883328", "0x10K, 16384", "9223372036854775807, 9223372036854775807"})
    void shouldReadSizesInEveryForm(String text, long bytes) {
        assertEquals(bytes, ByteSize.parse(text));
    }
}
