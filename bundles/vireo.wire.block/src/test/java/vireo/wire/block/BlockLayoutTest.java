// SPDX-License-Identifier: Apache-2.0
package vireo.wire.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import vireo.wire.block.names.BlockNames;

class BlockLayoutTest {

    @Test
    void shouldHaveTheSpecificationsOffsetsWhenItIsTheConfiguration() {
        int[] expected = {0, 8, 12, 16, 18, 19, 20, 24, 25, 26, 28, 32, 33, 34, 36, 40, 44, 48, 52, 56, 57, 60, 64, 68,
            72, 76, 80, 84, 88, 92, 93, 96};
        int[] actual = {BlockLayout.CONFIG_CAPACITY, BlockLayout.CONFIG_SIZE_MAX, BlockLayout.CONFIG_SEG_MAX,
            BlockLayout.CONFIG_CYLINDERS, BlockLayout.CONFIG_HEADS, BlockLayout.CONFIG_SECTORS,
            BlockLayout.CONFIG_BLK_SIZE, BlockLayout.CONFIG_PHYSICAL_BLOCK_EXP, BlockLayout.CONFIG_ALIGNMENT_OFFSET,
            BlockLayout.CONFIG_MIN_IO_SIZE, BlockLayout.CONFIG_OPT_IO_SIZE, BlockLayout.CONFIG_WRITEBACK,
            BlockLayout.CONFIG_UNUSED0, BlockLayout.CONFIG_NUM_QUEUES, BlockLayout.CONFIG_MAX_DISCARD_SECTORS,
            BlockLayout.CONFIG_MAX_DISCARD_SEG, BlockLayout.CONFIG_DISCARD_ALIGNMENT,
            BlockLayout.CONFIG_MAX_WRITE_ZEROES_SECTORS, BlockLayout.CONFIG_MAX_WRITE_ZEROES_SEG,
            BlockLayout.CONFIG_WRITE_ZEROES_MAY_UNMAP, BlockLayout.CONFIG_UNUSED1, BlockLayout.CONFIG_BASIC_SIZE,
            BlockLayout.CONFIG_MAX_SECURE_ERASE_SEG, BlockLayout.CONFIG_SECURE_ERASE_ALIGNMENT,
            BlockLayout.CONFIG_ZONE_SECTORS, BlockLayout.CONFIG_MAX_OPEN_ZONES, BlockLayout.CONFIG_MAX_ACTIVE_ZONES,
            BlockLayout.CONFIG_MAX_APPEND_SECTORS, BlockLayout.CONFIG_WRITE_GRANULARITY,
            BlockLayout.CONFIG_ZONED_MODEL, BlockLayout.CONFIG_UNUSED2, BlockLayout.CONFIG_SIZE};
        assertArrayEquals(expected, actual);
    }

    @Test
    void shouldGiveTheGoldenBytesWhenARequestHeaderIsPutTogether() {
        ByteBuffer header = ByteBuffer.allocate(BlockLayout.REQUEST_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        header.putInt(BlockLayout.REQUEST_TYPE, BlockLayout.TYPE_WRITE_ZEROES);
        header.putInt(BlockLayout.REQUEST_RESERVED, 0);
        header.putLong(BlockLayout.REQUEST_SECTOR, 0x0123456789abcdefL);
        assertEquals("0d00000000000000efcdab8967452301", HexFormat.of().formatHex(header.array()));
    }

    @Test
    void shouldGiveTheGoldenBytesWhenASegmentIsPutTogether() {
        ByteBuffer segment = ByteBuffer.allocate(BlockLayout.SEGMENT_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        segment.putLong(BlockLayout.SEGMENT_SECTOR, 0x1122334455667788L);
        segment.putInt(BlockLayout.SEGMENT_SECTORS, 0xa1a2a3a4);
        segment.putInt(BlockLayout.SEGMENT_FLAGS, BlockLayout.SEGMENT_UNMAP);
        assertEquals("8877665544332211a4a3a2a101000000", HexFormat.of().formatHex(segment.array()));
    }

    @Test
    void shouldNumberRequestTypesAndStatusesAsTheSpecificationDoes() {
        String[] types = new String[27];
        types[0] = "IN";
        types[1] = "OUT";
        types[4] = "FLUSH";
        types[8] = "GET_ID";
        types[10] = "GET_LIFETIME";
        types[11] = "DISCARD";
        types[13] = "WRITE_ZEROES";
        types[14] = "SECURE_ERASE";
        types[15] = "ZONE_APPEND";
        types[16] = "ZONE_REPORT";
        types[18] = "ZONE_OPEN";
        types[20] = "ZONE_CLOSE";
        types[22] = "ZONE_FINISH";
        types[24] = "ZONE_RESET";
        types[26] = "ZONE_RESET_ALL";
        for (int i = -1; i < 40; i++) {
            assertEquals(i >= 0 && i < types.length ? types[i] : null, BlockLayout.typeName(i), "type " + i);
        }
        String[] statuses = {"OK", "IOERR", "UNSUPP", "ZONE_INVALID_CMD", "ZONE_UNALIGNED_WP", "ZONE_OPEN_RESOURCE",
            "ZONE_ACTIVE_RESOURCE"};
        for (int i = -1; i < 256; i++) {
            assertEquals(i >= 0 && i < statuses.length ? statuses[i] : null, BlockLayout.statusName(i), "status " + i);
        }
    }

    @Test
    void shouldNameEveryDefinedFeatureBitAndNoOther() {
        String[] names = {null, "SIZE_MAX", "SEG_MAX", null, "GEOMETRY", "RO", "BLK_SIZE", null, null, "FLUSH",
            "TOPOLOGY", "CONFIG_WCE", "MQ", "DISCARD", "WRITE_ZEROES", "LIFETIME", "SECURE_ERASE", "ZONED"};
        BlockNames service = new BlockNames();
        for (int bit = -1; bit < 64; bit++) {
            String expected = bit >= 0 && bit < names.length ? names[bit] : null;
            assertEquals(expected, BlockFeature.name(bit), "bit " + bit);
            assertEquals(expected, service.featureName(bit), "bit " + bit);
            if (expected != null) {
                assertEquals(bit, BlockFeature.bit(expected.toLowerCase(java.util.Locale.ROOT)));
            }
        }
        assertEquals(-1, BlockFeature.bit("BARRIER"));
        assertNull(BlockFeature.name(0));
    }

    @Test
    void shouldBeType2WhenAskedForItsNames() {
        assertEquals(2, new BlockNames().deviceId());
        assertEquals("block", new BlockNames().typeName());
    }
}
