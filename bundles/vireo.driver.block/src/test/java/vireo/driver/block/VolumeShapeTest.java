// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import vireo.device.FeatureSet;
import vireo.wire.block.BlockFeature;
import vireo.wire.block.BlockLayout;

/** Configurations that no sane device has. */
class VolumeShapeTest {

    private static final FeatureSet ALL = VolumeShape.WANTED.plus(FeatureSet.of(BlockFeature.RO));

    @AutoClose
    private final Rig rig = new Rig(1 << 20);

    @Test
    void shouldRefuseWhenTheConfigurationIsTooShortForACapacity() {
        rig.device.configSize = 7;
        IOException failure = assertThrows(IOException.class, () -> VolumeShape.read(rig.device, FeatureSet.NONE));
        assertEquals("configuration has 7 bytes, too few for a capacity", failure.getMessage());
    }

    @Test
    void shouldRefuseWhenAnAgreedFeaturesFieldIsNotThere() {
        rig.device.configSize = 24;
        IOException failure = assertThrows(IOException.class, () -> VolumeShape.read(rig.device, ALL));
        assertEquals("feature MQ needs 36 bytes of configuration, there are 24", failure.getMessage());
    }

    @Test
    void shouldReadAShortConfigurationWhenNoFeatureNeedsMore() throws IOException {
        rig.device.configSize = 8;
        VolumeShape shape = VolumeShape.read(rig.device, FeatureSet.of(BlockFeature.FLUSH));
        assertEquals(1 << 20, shape.capacity());
        assertEquals(512, shape.blockSize());
        assertEquals(1, shape.queues());
        assertFalse(shape.mayUnmap());
    }

    @Test
    void shouldRefuseWhenTheCapacityIsNoNumberOfBytes() {
        for (long sectors : new long[] {-1, Long.MIN_VALUE, Long.MAX_VALUE / 512 + 1}) {
            rig.device.config.putLong(BlockLayout.CONFIG_CAPACITY, sectors);
            assertThrows(IOException.class, () -> VolumeShape.read(rig.device, FeatureSet.NONE));
        }
    }

    @Test
    void shouldStayUsableWhenEveryFieldIsZeroOrHuge() throws IOException {
        for (int value : new int[] {0, -1, Integer.MIN_VALUE}) {
            for (int offset = BlockLayout.CONFIG_SIZE_MAX; offset <= BlockLayout.CONFIG_UNUSED1; offset += 4) {
                rig.device.config.putInt(offset, value);
            }
            VolumeShape shape = VolumeShape.read(rig.device, ALL);
            assertEquals(512, shape.blockSize());
            assertTrue(shape.sizeMax() > 0, "sizeMax");
            assertTrue(shape.segMax() > 0 && shape.segMax() <= 1 << 15, "segMax");
            assertTrue(shape.queues() > 0, "queues");
            assertTrue(shape.discardSectors() > 0 && shape.discardSectors() <= 1 << 22, "discardSectors");
            assertTrue(shape.zeroSectors() > 0 && shape.zeroSectors() <= 1 << 22, "zeroSectors");
        }
    }

    @Test
    void shouldRefuseToOpenWhenNoSectorFitsARequest() {
        rig.device.offered = ALL.plus(FeatureSet.of(BlockFeature.SIZE_MAX));
        rig.device.config.putInt(BlockLayout.CONFIG_SIZE_MAX, 1);
        rig.device.config.putInt(BlockLayout.CONFIG_SEG_MAX, 100);
        IOException failure = assertThrows(IOException.class, () -> rig.open(Rig.USUAL));
        assertEquals("volume fake/7: no request of one sector fits, with size_max=1, seg_max=100 and a queue of 256",
                failure.getMessage());
        assertEquals(0, rig.device.openBuffers.get());
    }
}
