// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceModelTest {

    private static DeviceModel model(int id, int config, List<Integer> queues) {
        return new DeviceModel(id, 1, FeatureSet.NONE, new byte[config], queues, false);
    }

    @Test
    void shouldNameTheValueThatIsOutOfRange() {
        assertEquals("deviceId=0 means no device",
                assertThrows(IllegalArgumentException.class, () -> model(0, 0, List.of())).getMessage());
        assertEquals("config.length=4097 exceeds 4096",
                assertThrows(IllegalArgumentException.class, () -> model(2, 4097, List.of())).getMessage());
        assertEquals("queue size=3 is no power of two in 1..32768",
                assertThrows(IllegalArgumentException.class, () -> model(2, 0, List.of(3))).getMessage());
        assertEquals("queues=65 exceeds 64",
                assertThrows(IllegalArgumentException.class, () -> model(2, 0, Collections.nCopies(65, 1))).getMessage());
    }

    @Test
    void shouldNotShareItsConfigurationWithAnybody() {
        byte[] config = {1};
        DeviceModel model = new DeviceModel(2, 1, FeatureSet.NONE, config, List.of(), false);
        config[0] = 2;
        model.config()[0] = 3;
        assertArrayEquals(new byte[] {1}, model.config());
    }
}
