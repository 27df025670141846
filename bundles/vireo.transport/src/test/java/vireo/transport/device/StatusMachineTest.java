// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;

import org.junit.jupiter.api.Test;

class StatusMachineTest {
    /** What may be written in each state of the sequence besides a reset, spelled out and not derived. */
    private static Set<Integer> legal(int current) {
        return switch (current) {
            case 0 -> Set.of(1, 3, 11, 15);
            case 1 -> Set.of(1, 3, 11, 15, 0x81, 0x83, 0x8b, 0x8f);
            case 3 -> Set.of(3, 11, 15, 0x83, 0x8b, 0x8f);
            case 11 -> Set.of(11, 15, 0x8b, 0x8f);
            case 15 -> Set.of(15, 0x8f);
            default -> throw new AssertionError(current);
        };
    }

    @Test
    void shouldRefuseEveryByteThatIsNoStateOfTheSequenceWhenWritten() {
        for (int current : new int[] {0, 1, 3, 11, 15}) {
            for (int written = 1; written <= 0xff; written++) {
                assertEquals(legal(current).contains(written), StatusMachine.legal(current, written),
                        current + " to " + written);
            }
        }
    }

    @Test
    void shouldTakeNoStepForwardWhenFailedOrInNeedOfReset() {
        assertEquals(0x83, StatusMachine.step(0x83, 0x8f));
        assertEquals(0x4b, StatusMachine.step(0x4b, 0x4f));
        assertFalse(StatusMachine.legal(0x4b, 0x4f));
        assertFalse(StatusMachine.legal(0x83, 0x8b));
        assertTrue(StatusMachine.legal(0x4f, 0xcf));
        assertEquals(0xcf, StatusMachine.step(0x4f, 0xcf));
    }

    @Test
    void shouldAcceptDriverWithoutNeedsResetBitWhenDeviceSetIt() {
        assertTrue(StatusMachine.legal(0x4f, 0x0f));
        assertTrue(StatusMachine.legal(0x4f, 0x8f));
    }

    @Test
    void shouldGoOneStepAtATimeWhenSeveralAreWritten() {
        assertEquals(1, StatusMachine.step(0, 15));
        assertEquals(3, StatusMachine.step(1, 15));
        assertEquals(11, StatusMachine.step(3, 15));
        assertEquals(15, StatusMachine.step(11, 15));
        assertEquals(15, StatusMachine.step(15, 15));
    }

    @Test
    void shouldSetFailedFirstWhenWrittenWithAStep() {
        assertEquals(0x81, StatusMachine.step(1, 0x83));
        assertEquals(0x81, StatusMachine.step(0x81, 0x83));
    }

    @Test
    void shouldIgnoreUpperBitsWhenResetIsWritten() {
        assertTrue(StatusMachine.isReset(0));
        assertTrue(StatusMachine.isReset(0xffffff00));
        assertFalse(StatusMachine.isReset(0x40));
    }

    @Test
    void shouldServeQueuesWhenDriverOkAndNothingElse() {
        assertTrue(StatusMachine.live(15));
        assertFalse(StatusMachine.live(11));
        assertFalse(StatusMachine.live(0x4f));
        assertFalse(StatusMachine.live(0x8f));
    }
}
