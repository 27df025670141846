// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BusInfoTest {

    private static BusInfo bus(String name, WireProfile profile, int max) {
        return BusInfo.inBand(name, BusInfo.Role.DEVICE, profile, max);
    }

    @Test
    void shouldRefuseABusThatCannotCarryEveryMandatoryMessage() {
        assertEquals("maxMessageSize=47 is not in 48..65535",
                assertThrows(IllegalArgumentException.class, () -> bus("a", WireProfile.RFC3, 47)).getMessage());
        assertEquals("maxMessageSize=51 is not in 52..65535",
                assertThrows(IllegalArgumentException.class, () -> bus("a", WireProfile.V1, 51)).getMessage());
    }

    @Test
    void shouldRefuseABusWithoutAName() {
        assertThrows(IllegalArgumentException.class, () -> bus(" ", WireProfile.RFC3, 64));
    }

    @Test
    void shouldTakeTheSmallestMaximumOfEachProfile() {
        assertEquals(48, bus("a", WireProfile.RFC3, 48).maxMessageSize());
        assertEquals(52, bus("a", WireProfile.V1, 52).maxMessageSize());
    }
}
