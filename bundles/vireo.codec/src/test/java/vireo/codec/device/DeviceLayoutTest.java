// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vireo.bus.WireProfile;
import vireo.codec.MessageView;

/** Offsets and bytes of the layouts, from transport.md sections 14 and 18 and deltas.md section 1. */
class DeviceLayoutTest {

    private final MemorySegment base = MemorySegment.ofArray(new byte[512]);

    @BeforeEach
    void dirty() {
        base.fill((byte) 0xee);
    }

    private String hex(MessageView view) {
        return HexFormat.of().formatHex(
                base.asSlice(view.offset(), view.messageSize()).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void shouldPinDeviceInfo() {
        assertEquals(8, GetDeviceInfoResponse.DEVICE_ID_OFFSET);
        assertEquals(12, GetDeviceInfoResponse.VENDOR_ID_OFFSET);
        assertEquals(16, DeviceInfoRfc3.NUM_FEATURE_BITS_OFFSET);
        assertEquals(20, DeviceInfoRfc3.CONFIG_SIZE_OFFSET);
        assertEquals(24, DeviceInfoRfc3.MAX_VIRTQUEUES_OFFSET);
        assertEquals(28, DeviceInfoRfc3.ADMIN_VQ_START_OFFSET);
        assertEquals(30, DeviceInfoRfc3.ADMIN_VQ_COUNT_OFFSET);
        assertEquals(32, GetDeviceInfoResponse.of(WireProfile.RFC3).size());
        assertEquals(16, DeviceInfoV1.UUID_OFFSET);
        assertEquals(32, DeviceInfoV1.NUM_FEATURE_BLOCKS_OFFSET);
        assertEquals(36, DeviceInfoV1.CONFIG_SIZE_OFFSET);
        assertEquals(40, DeviceInfoV1.MAX_VIRTQUEUES_OFFSET);
        assertEquals(44, DeviceInfoV1.ADMIN_VQ_START_OFFSET);
        assertEquals(48, DeviceInfoV1.ADMIN_VQ_COUNT_OFFSET);
        assertEquals(52, GetDeviceInfoResponse.of(WireProfile.V1).size());
    }

    @Test
    void shouldWriteDeviceInfoOfRfc3() {
        GetDeviceInfoResponse view = GetDeviceInfoResponse.of(WireProfile.RFC3).create(base, 3, 5, 0x1234)
                .deviceId(2).vendorId(0x11223344).uuid(1, 2).featureBlocks(2).configSize(96).maxQueues(1);
        assertEquals("0102050034122000020000004433221140000000600000000100000000000000", hex(view));
        view.adminQueues(0xfffe, 0x1_0003);
        assertEquals("feff0300", hex(view).substring(56));
        assertEquals(64, view.featureCount());
        assertEquals(2, view.featureBlocks());
        assertEquals(0xfffe, view.adminQueueStart());
        assertEquals(3, view.adminQueues());
        assertEquals(0, view.uuidHigh() | view.uuidLow());
        assertEquals((byte) 0xee, base.get(ValueLayout.JAVA_BYTE, 3 + 32));
    }

    @Test
    void shouldWriteDeviceInfoOfV1() {
        GetDeviceInfoResponse view = GetDeviceInfoResponse.of(WireProfile.V1).create(base, 1, 1, 0x201)
                .deviceId(2).vendorId(0x554d4551).uuid(0x0011223344556677L, 0x8899aabbccddeeffL).featureBlocks(2)
                .configSize(60).maxQueues(4).adminQueues(0x10004, 1);
        assertEquals("01020100010234000200000051454d5500112233445566778899aabbccddeeff02000000"
                + "3c000000040000000400010001000000", hex(view));
        assertEquals(0x0011223344556677L, view.uuidHigh());
        assertEquals(0x8899aabbccddeeffL, view.uuidLow());
        assertEquals(2, view.featureCount());
        assertEquals(0x10004, view.adminQueueStart());
    }

    @Test
    void shouldPinFeatures() {
        assertEquals(8, GetDeviceFeaturesRequest.BLOCK_INDEX_OFFSET);
        assertEquals(12, GetDeviceFeaturesRequest.NUM_BLOCKS_OFFSET);
        assertEquals(16, GetDeviceFeaturesRequest.SIZE);
        assertEquals(8, FeatureBlocks.BLOCK_INDEX_OFFSET);
        assertEquals(12, FeatureBlocks.NUM_BLOCKS_OFFSET);
        assertEquals(16, FeatureBlocks.DATA_OFFSET);
        assertEquals("00030500020010000000000002000000",
                hex(new GetDeviceFeaturesRequest().create(base, 0, 5, 2).numBlocks(2)));
        assertEquals("010305000200180000000000020000000002000001000000",
                hex(new FeatureBlocks().createResponse(base, 0, 5, 2, 0, 2).block(0, 1 << 9).block(1, 1)));
        assertEquals("000405000300180000000000020000000002000001000000",
                hex(new FeatureBlocks().createRequest(base, 0, 5, 3, 0, 2).block(0, 1 << 9).block(1, 1)));
        assertEquals("00040500030014000700000001000000" + "00000000",
                hex(new FeatureBlocks().createRequest(base, 0, 5, 3, 7, 1)));
    }

    @Test
    void shouldPinConfig() {
        assertEquals(8, GetConfigRequest.CONFIG_OFFSET_OFFSET);
        assertEquals(12, GetConfigRequest.LENGTH_OFFSET);
        assertEquals(16, GetConfigRequest.SIZE);
        assertEquals(8, ConfigData.GENERATION_OFFSET);
        assertEquals(12, ConfigData.CONFIG_OFFSET_OFFSET);
        assertEquals(16, ConfigData.LENGTH_OFFSET);
        assertEquals(20, ConfigData.DATA_OFFSET);
        assertEquals("00050500040010000000000008000000", hex(new GetConfigRequest().create(base, 0, 5, 4).length(8)));
        assertEquals("0105050004001c000700000000000000080000000008000000000000",
                hex(new ConfigData().createGetResponse(base, 0, 5, 4, 8).generation(7)
                        .putData(new byte[] {0, 8}, 0, 2)));
        assertEquals("000605000500150007000000200000000100000001",
                hex(new ConfigData().createSetRequest(base, 0, 5, 5, 1).generation(7).configOffset(32)
                        .putData(new byte[] {9, 1}, 1, 1)));
        assertEquals("0106050005001400080000002000000000000000",
                hex(new ConfigData().createSetResponse(base, 0, 5, 5, 0).generation(8).configOffset(32)));
    }

    @Test
    void shouldPinStatus() {
        assertEquals(8, DeviceStatus.STATUS_OFFSET);
        assertEquals(12, DeviceStatus.SIZE);
        assertEquals("0107050006000c000f000000", hex(new DeviceStatus().createGetResponse(base, 0, 5, 6, 15)));
        assertEquals("0008050006000c000b000000", hex(new DeviceStatus().createSetRequest(base, 0, 5, 6, 11)));
        assertEquals("0108050006000c000b000000", hex(new DeviceStatus().createSetResponse(base, 0, 5, 6, 11)));
    }

    @Test
    void shouldPinSharedMemory() {
        assertEquals(8, GetShmRequest.SHM_ID_OFFSET);
        assertEquals(8, GetShmResponse.SHM_ID_OFFSET);
        assertEquals(12, ShmRfc3.LENGTH_OFFSET);
        assertEquals(16, ShmRfc3.ADDRESS_OFFSET);
        assertEquals(12, ShmV1.RESERVED_OFFSET);
        assertEquals(16, ShmV1.LENGTH_OFFSET);
        assertEquals(24, ShmV1.ADDRESS_OFFSET);
        assertEquals("000c03002b000c0007000000", hex(new GetShmRequest().create(base, 0, 3, 43, 7)));
        assertEquals("010c03002b0014000000000000000100" + "00000040", hex(GetShmResponse.of(WireProfile.RFC3)
                .create(base, 0, 3, 43).length(65536).address(0x4000_0000)));
        assertEquals("010c03002b002000010000000000000000000000010000000000000040000000",
                hex(GetShmResponse.of(WireProfile.V1).create(base, 0, 3, 43).shmId(1).length(1L << 32)
                        .address(0x40_0000_0000L)));
    }

    @Test
    void shouldPinEventConfig() {
        assertEquals(8, EventConfig.STATUS_OFFSET);
        assertEquals(12, EventConfig.GENERATION_OFFSET);
        assertEquals(16, EventConfig.CONFIG_OFFSET_OFFSET);
        assertEquals(20, EventConfig.LENGTH_OFFSET);
        assertEquals(24, EventConfig.DATA_OFFSET);
        assertEquals("00400500000018000f000000090000000000000000000000",
                hex(new EventConfig().create(base, 0, 5, 0).status(15).generation(9)));
        EventConfig view = new EventConfig().create(base, 0, 3, 2).status(15).generation(9).configOffset(6)
                .putData(new byte[] {1, 2}, 0, 2);
        assertEquals("0040030000001a000f0000000900000006000000020000000102", hex(view));
        byte[] data = new byte[2];
        view.getData(data, 0, view.dataLength());
        assertArrayEquals(new byte[] {1, 2}, data);
    }

    @Test
    void shouldNotReachBeyondTheMessageWhenCountsLie() {
        ConfigData config = new ConfigData().createSetResponse(base, 0, 1, 1, 4).length(0xffff_ffffL);
        assertEquals(4, config.dataLength());
        assertEquals(0xffff_ffffL, config.length());
        assertEquals(3, new EventConfig().create(base, 0, 1, 3).length(0x8000_0000L).dataLength());
        FeatureBlocks features = new FeatureBlocks().createRequest(base, 0, 1, 1, 0, 1);
        base.set(ValueLayout.JAVA_INT_UNALIGNED, FeatureBlocks.NUM_BLOCKS_OFFSET, -1);
        assertEquals(1, features.numBlocks());
    }

    @Test
    void shouldComputeWhatFits() {
        assertEquals(62, FeatureBlocks.capacity(264));
        assertEquals(244, ConfigData.capacity(264));
        assertEquals(240, EventConfig.capacity(264));
        assertEquals(0, FeatureBlocks.capacity(8) + ConfigData.capacity(8) + EventConfig.capacity(8));
    }

    @Test
    void shouldRefuseToMakeWhatNoMessageCarries() {
        assertThrows(IllegalArgumentException.class, () -> new ConfigData().createSetRequest(base, 0, 1, 1, -1));
        assertThrows(IllegalArgumentException.class, () -> new EventConfig().create(base, 0, 1, 65512));
        assertThrows(IllegalArgumentException.class,
                () -> new FeatureBlocks().createRequest(base, 0, 1, 1, 0, 0x4000_0001));
        assertThrows(IndexOutOfBoundsException.class, () -> new ConfigData().createSetRequest(base, 0, 1, 1, 600));
    }
}
