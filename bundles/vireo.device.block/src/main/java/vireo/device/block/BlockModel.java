// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static vireo.wire.block.BlockLayout.SECTOR_SIZE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collections;
import vireo.device.DeviceModel;
import vireo.device.FeatureSet;
import vireo.wire.block.BlockFeature;
import vireo.wire.block.BlockLayout;

/** Features and configuration space of a block device (devices.md sections 2.1 and 2.2). */
final class BlockModel {

    /** Most segments of a discard or write zeroes. */
    static final int MAX_SEGMENTS = 16;
    /** Most sectors of one segment of a discard. */
    static final int MAX_DISCARD_SECTORS = 1 << 22;
    /** Most sectors of one segment of a write zeroes, which may have to be done by writing them. */
    static final int MAX_ZERO_SECTORS = 1 << 17;

    private static final int SIZE_MAX = 1 << 20;
    private static final int MAX_CHAIN = 1024;
    private static final int PAGE = 4096;
    private static final int BEST_TRANSFER = 1 << 20;
    private static final int HEADS = 16;
    private static final int SECTORS = 63;
    private static final int MOST_CYLINDERS = 16383;

    private BlockModel() {
    }

    static DeviceModel of(BlockOptions options, long capacity) {
        FeatureSet features = features(options);
        ByteBuffer config = ByteBuffer.allocate(BlockLayout.CONFIG_BASIC_SIZE).order(ByteOrder.LITTLE_ENDIAN);
        config.putLong(BlockLayout.CONFIG_CAPACITY, capacity / SECTOR_SIZE);
        putLimits(config, features, options);
        putShape(config, features, features.has(BlockFeature.BLK_SIZE) ? options.blockSize() : SECTOR_SIZE, capacity);
        if (features.has(BlockFeature.CONFIG_WCE)) {
            config.put(BlockLayout.CONFIG_WRITEBACK, (byte) (options.writeback() ? 1 : 0));
        }
        return new DeviceModel(BlockLayout.DEVICE_ID, DeviceModel.VENDOR_VIREO, features, config.array(),
                Collections.nCopies(options.queues(), options.queueSize()), false);
    }

    private static FeatureSet features(BlockOptions options) {
        FeatureSet all = FeatureSet.of(BlockFeature.SIZE_MAX, BlockFeature.SEG_MAX, BlockFeature.GEOMETRY,
                BlockFeature.BLK_SIZE, BlockFeature.FLUSH, BlockFeature.TOPOLOGY, BlockFeature.CONFIG_WCE,
                BlockFeature.MQ);
        FeatureSet offered = all.plus(options.readOnly() ? FeatureSet.of(BlockFeature.RO)
                : FeatureSet.of(BlockFeature.DISCARD, BlockFeature.WRITE_ZEROES)).minus(options.without());
        // Rule DT-BLK-05: who lets the driver choose the cache mode has to offer the flush that goes with it.
        return offered.has(BlockFeature.FLUSH) ? offered : offered.minus(FeatureSet.of(BlockFeature.CONFIG_WCE));
    }

    private static void putLimits(ByteBuffer config, FeatureSet features, BlockOptions options) {
        if (features.has(BlockFeature.SIZE_MAX)) {
            config.putInt(BlockLayout.CONFIG_SIZE_MAX, SIZE_MAX);
        }
        if (features.has(BlockFeature.SEG_MAX)) {
            // Header and status take two descriptors of a chain.
            config.putInt(BlockLayout.CONFIG_SEG_MAX, Math.min(options.queueSize(), MAX_CHAIN) - 2);
        }
        if (features.has(BlockFeature.MQ)) {
            config.putShort(BlockLayout.CONFIG_NUM_QUEUES, (short) options.queues());
        }
        if (features.has(BlockFeature.DISCARD)) {
            config.putInt(BlockLayout.CONFIG_MAX_DISCARD_SECTORS, MAX_DISCARD_SECTORS);
            config.putInt(BlockLayout.CONFIG_MAX_DISCARD_SEG, MAX_SEGMENTS);
            config.putInt(BlockLayout.CONFIG_DISCARD_ALIGNMENT, PAGE / SECTOR_SIZE);
        }
        if (features.has(BlockFeature.WRITE_ZEROES)) {
            config.putInt(BlockLayout.CONFIG_MAX_WRITE_ZEROES_SECTORS, MAX_ZERO_SECTORS);
            config.putInt(BlockLayout.CONFIG_MAX_WRITE_ZEROES_SEG, MAX_SEGMENTS);
            config.put(BlockLayout.CONFIG_WRITE_ZEROES_MAY_UNMAP, (byte) 1);
        }
    }

    private static void putShape(ByteBuffer config, FeatureSet features, int blockSize, long capacity) {
        if (features.has(BlockFeature.GEOMETRY)) {
            long cylinders = capacity / SECTOR_SIZE / (HEADS * SECTORS);
            config.putShort(BlockLayout.CONFIG_CYLINDERS, (short) Math.clamp(cylinders, 1, MOST_CYLINDERS));
            config.put(BlockLayout.CONFIG_HEADS, (byte) HEADS);
            config.put(BlockLayout.CONFIG_SECTORS, (byte) SECTORS);
        }
        if (features.has(BlockFeature.BLK_SIZE)) {
            config.putInt(BlockLayout.CONFIG_BLK_SIZE, blockSize);
        }
        if (features.has(BlockFeature.TOPOLOGY)) {
            // What the page cache works in.
            config.put(BlockLayout.CONFIG_PHYSICAL_BLOCK_EXP, (byte) Integer.numberOfTrailingZeros(PAGE / blockSize));
            config.putShort(BlockLayout.CONFIG_MIN_IO_SIZE, (short) (PAGE / blockSize));
            config.putInt(BlockLayout.CONFIG_OPT_IO_SIZE, BEST_TRANSFER / blockSize);
        }
    }
}
