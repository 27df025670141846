// SPDX-License-Identifier: Apache-2.0
package vireo.slot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import vireo.device.FeatureSet;

class SlotStateTest {

    private final SlotState state = new SlotState(2, 15, FeatureSet.of(9, 28, 32, 40), FeatureSet.of(9, 32), 0xdeadbeef,
            new byte[] {1, 2, 3}, List.of(new SlotState.Queue(8, 1L << 40, 2, 3, 65535, 65530, List.of(7, 0, 3)),
                    SlotState.Queue.UNSET));

    @Test
    void shouldComeBackWholeFromItsEncodedForm() {
        SlotState back = SlotState.decode(state.encode());
        assertEquals(state.queues(), back.queues());
        assertEquals(state.offered(), back.offered());
        assertEquals(state.selected(), back.selected());
        assertEquals(state.generation(), back.generation());
        assertArrayEquals(state.config(), back.config());
        assertArrayEquals(state.encode(), back.encode());
    }

    @Test
    void shouldRefuseEveryTruncation() {
        byte[] bytes = state.encode();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(IllegalArgumentException.class, () -> SlotState.decode(cut), "length=" + length);
        }
        assertThrows(IllegalArgumentException.class, () -> SlotState.decode(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    @Test
    void shouldRefuseAnotherVersion() {
        byte[] bytes = state.encode();
        ByteBuffer.wrap(bytes).putInt(4, SlotState.VERSION + 1);
        assertThrows(IllegalArgumentException.class, () -> SlotState.decode(bytes));
    }

    @Test
    void shouldGiveAStateOrRefuseWhateverTheBytes() {
        Random random = new Random(1);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = state.encode();
            for (int j = random.nextInt(1, 4); j > 0; j--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            try {
                SlotState.decode(bytes);
                accepted++;
            } catch (IllegalArgumentException refused) {
                continue;
            }
        }
        assertEquals(true, accepted > 0 && accepted < 20_000, "accepted=" + accepted);
    }

    @Test
    void shouldRefuseHeadsAndPositionsThatAreOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> new SlotState.Queue(8, 0, 0, 0, 65536, 0, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new SlotState.Queue(8, 0, 0, 0, 0, -1, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new SlotState.Queue(8, 0, 0, 0, 0, 0, List.of(8)));
        assertThrows(IllegalArgumentException.class, () -> new SlotState.Queue(1, 0, 0, 0, 0, 0, List.of(0, 0)));
        assertThrows(IllegalArgumentException.class, () -> new SlotState.Queue(65536, 0, 0, 0, 0, 0, List.of()));
    }
}
