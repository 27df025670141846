// SPDX-License-Identifier: Apache-2.0
package vireo.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FeatureSetTest {

    @Test
    void shouldRefuseBitsAndBlocksOutOfRange() {
        assertThrows(IllegalArgumentException.class, () -> FeatureSet.of(-1));
        assertThrows(IllegalArgumentException.class, () -> FeatureSet.of(FeatureSet.MAX_BLOCKS * 32));
        assertThrows(IllegalArgumentException.class, () -> FeatureSet.ofBlocks(new int[FeatureSet.MAX_BLOCKS + 1]));
    }

    @Test
    void shouldReadZeroBeyondWhatItHas() {
        FeatureSet set = FeatureSet.of(5);
        assertEquals(0, set.block(1));
        assertEquals(0, set.block(-1));
        assertEquals(0, set.block(Integer.MAX_VALUE));
        assertFalse(set.has(-5));
        assertFalse(set.has(Integer.MAX_VALUE));
    }

    @Test
    void shouldPutBitsIntoBlocksAsTheWireDoes() {
        FeatureSet set = FeatureSet.of(0, 31, 32, 64);
        assertEquals(0x80000001, set.block(0));
        assertEquals(1, set.block(1));
        assertEquals(1, set.block(2));
        assertEquals(3, set.blocks());
        assertArrayEquals(new int[] {0, 31, 32, 64}, set.bits());
    }

    @Test
    void shouldBeEqualWhateverZeroBlocksItWasMadeFrom() {
        assertEquals(FeatureSet.of(3), FeatureSet.ofBlocks(8, 0, 0));
        assertEquals(FeatureSet.of(3).hashCode(), FeatureSet.ofBlocks(8, 0, 0).hashCode());
        assertEquals(FeatureSet.NONE, FeatureSet.ofBlocks(0));
    }

    @Test
    void shouldDoTheArithmeticOfSets() {
        FeatureSet a = FeatureSet.of(1, 40);
        FeatureSet b = FeatureSet.of(1, 2);
        assertEquals(FeatureSet.of(1, 2, 40), a.plus(b));
        assertEquals(FeatureSet.of(40), a.minus(b));
        assertEquals(FeatureSet.of(1), a.and(b));
        assertTrue(a.plus(b).containsAll(a));
        assertFalse(b.containsAll(a));
    }
}
