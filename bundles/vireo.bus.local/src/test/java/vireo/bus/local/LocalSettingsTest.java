// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.WireProfile;

class LocalSettingsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bus.name         | a b      | bus.name=a b will not do; give up to 64 letters, digits, dots, dashes or underscores
            memory.size      | much     | memory.size=much will not do; give a number such as 4096, 0x1000 or 64M
            memory.size      | K        | memory.size=K will not do; give a number such as 4096, 0x1000 or 64M
            memory.size      | 9999999999G | memory.size=9999999999G will not do; give a number such as 4096, 0x1000 or 64M
            memory.size      | 0        | memory.size=0 will not do; give a number in 4096..1099511627776
            memory.size      | 5000     | memory.size=5000 will not do; give a multiple of 4096
            memory.base      | 17       | memory.base=17 will not do; give a multiple of 4096
            memory.base      | -1       | memory.base=-1 will not do; give a number such as 4096, 0x1000 or 64M
            queue.depth      | 100      | queue.depth=100 will not do; give a power of two, such as 64
            queue.depth      | 1        | queue.depth=1 will not do; give a number in 2..65536
            max.message.size | 47       | max.message.size=47 will not do; give a number in 48..65535
            max.message.size | 70000    | max.message.size=70000 will not do; give a number in 0..65535
            profile          | v2       | profile=v2 will not do; give one of rfc3, v1
            signalling       | polled   | signalling=polled will not do; give one of in-band, out-of-band
            poll.us          | 2000000  | poll.us=2000000 will not do; give a number in 0..1000000
            max.devices      | 0        | max.devices=0 will not do; give a number in 1..65536
            """)
    void shouldNameKeyValueAndRemedyWhenAValueIsWrong(String key, String value, String message) {
        Map<String, Object> properties = new HashMap<>(Map.of("bus.name", "lab"));
        properties.put(key, value);
        assertEquals(message,
                assertThrows(IllegalArgumentException.class, () -> LocalSettings.of(properties)).getMessage());
    }

    @Test
    void shouldAskForANameWhenThereIsNone() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> LocalSettings.of(Map.of()));
        assertEquals("bus.name is missing; give the bus a name, such as bus.name=main", e.getMessage());
    }

    @Test
    void shouldRefuseQueuesThatTakeTooMuchMemory() {
        Map<String, Object> properties = Map.of("bus.name", "lab", "queue.depth", 65536, "max.message.size", 65535);
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> LocalSettings.of(properties));
        assertEquals("queue.depth=65536 will not do; with max.message.size=65535 it may be 1024 at most", e.getMessage());
    }

    @Test
    void shouldNeedMoreRoomForMessagesOfTheLaterProfile() {
        Map<String, Object> properties = Map.of("bus.name", "lab", "profile", "V1", "max.message.size", 48);
        assertThrows(IllegalArgumentException.class, () -> LocalSettings.of(properties));
    }

    @Test
    void shouldTakeNumbersAndTextAndFillInTheRest() {
        LocalSettings usual = LocalSettings.named("lab");
        assertEquals(new LocalSettings("lab", 16 << 20, 0x40000000L, 256, 264, WireProfile.RFC3, Signalling.IN_BAND, 0,
                256), usual);
        assertEquals(usual, LocalSettings.of(Map.of("bus.name", " lab ", "memory.size", 16777216L, "memory.base",
                "1073741824", "queue.depth", "256", "max.message.size", 264, "profile", "RFC3", "signalling", "",
                "poll.us", 0, "max.devices", "0x100")));
        assertEquals(new LocalSettings("b", 1 << 30, 0, 2, 65535, WireProfile.V1, Signalling.OUT_OF_BAND, 50_000, 65536),
                LocalSettings.of(Map.of("bus.name", "b", "memory.size", "1g", "memory.base", "0", "queue.depth", 2,
                        "max.message.size", 65535, "profile", "v1", "signalling", "out-of-band", "poll.us", 50,
                        "max.devices", "64K")));
    }
}
