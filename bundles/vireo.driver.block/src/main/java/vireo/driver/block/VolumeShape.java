// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static vireo.wire.block.BlockLayout.CONFIG_BLK_SIZE;
import static vireo.wire.block.BlockLayout.CONFIG_CAPACITY;
import static vireo.wire.block.BlockLayout.CONFIG_MAX_DISCARD_SECTORS;
import static vireo.wire.block.BlockLayout.CONFIG_MAX_WRITE_ZEROES_SECTORS;
import static vireo.wire.block.BlockLayout.CONFIG_NUM_QUEUES;
import static vireo.wire.block.BlockLayout.CONFIG_SEG_MAX;
import static vireo.wire.block.BlockLayout.CONFIG_SIZE;
import static vireo.wire.block.BlockLayout.CONFIG_SIZE_MAX;
import static vireo.wire.block.BlockLayout.CONFIG_WRITE_ZEROES_MAY_UNMAP;
import static vireo.wire.block.BlockLayout.SECTOR_SIZE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import vireo.device.FeatureSet;
import vireo.driver.RemoteDevice;
import vireo.driver.RequestException;
import vireo.wire.block.BlockFeature;

/**
 * What a device says of itself in its configuration, made safe to use: nothing here is out of range, whatever it said.
 *
 * @param features what was agreed on
 * @param capacity bytes
 * @param blockSize bytes, a power of two
 * @param sizeMax largest element in bytes
 * @param segMax most elements of one request
 * @param queues number of queues, at least 1
 * @param discardSectors most sectors of one discard
 * @param zeroSectors most sectors of one write zeroes
 * @param mayUnmap true if write zeroes may be asked to give space back
 */
record VolumeShape(FeatureSet features, long capacity, int blockSize, long sizeMax, int segMax, int queues,
        int discardSectors, int zeroSectors, boolean mayUnmap) {

    /** What this driver can use. CONFIG_WCE is left out: with FLUSH alone the caller decides what is durable. */
    static final FeatureSet WANTED = FeatureSet.of(BlockFeature.SIZE_MAX, BlockFeature.SEG_MAX, BlockFeature.RO,
            BlockFeature.BLK_SIZE, BlockFeature.FLUSH, BlockFeature.MQ, BlockFeature.DISCARD,
            BlockFeature.WRITE_ZEROES);

    private static final int LARGEST_BLOCK = 1 << 26;
    private static final int MOST_SECTORS = 1 << 22;

    static VolumeShape read(RemoteDevice device, FeatureSet features) throws IOException {
        int size = Math.min(device.info().configSize(), CONFIG_SIZE);
        if (size < Long.BYTES) {
            throw malformed("configuration has " + size + " bytes, too few for a capacity");
        }
        Reader reader = new Reader(features, ByteBuffer.wrap(device.readConfig(0, size).data()));
        return new VolumeShape(features, capacity(reader.bytes.getLong(CONFIG_CAPACITY)),
                blockSize(reader.word(BlockFeature.BLK_SIZE, CONFIG_BLK_SIZE, Integer.BYTES, SECTOR_SIZE)),
                orElse(reader.word(BlockFeature.SIZE_MAX, CONFIG_SIZE_MAX, Integer.BYTES, 0), 1L << 32),
                // A device without the field takes what the ring takes; one that says 0 takes one element all the same.
                Math.clamp(reader.word(BlockFeature.SEG_MAX, CONFIG_SEG_MAX, Integer.BYTES, 1 << 15), 1, 1 << 15),
                (int) Math.max(1, reader.word(BlockFeature.MQ, CONFIG_NUM_QUEUES, Short.BYTES, 1)),
                sectors(reader.word(BlockFeature.DISCARD, CONFIG_MAX_DISCARD_SECTORS, Integer.BYTES, 0)),
                sectors(reader.word(BlockFeature.WRITE_ZEROES, CONFIG_MAX_WRITE_ZEROES_SECTORS, Integer.BYTES, 0)),
                reader.word(BlockFeature.WRITE_ZEROES, CONFIG_WRITE_ZEROES_MAY_UNMAP, Byte.BYTES, 0) == 1);
    }

    /** Reads the capacity again, after a change of the configuration. */
    static long readCapacity(RemoteDevice device) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(device.readConfig(CONFIG_CAPACITY, Long.BYTES).data());
        return capacity(bytes.order(ByteOrder.LITTLE_ENDIAN).getLong(0));
    }

    boolean has(int feature) {
        return features.has(feature);
    }

    private static long capacity(long sectors) throws RequestException {
        if (sectors < 0 || sectors > Long.MAX_VALUE / SECTOR_SIZE) {
            throw malformed("capacity of " + Long.toUnsignedString(sectors) + " sectors is out of range");
        }
        return sectors * SECTOR_SIZE;
    }

    private static int blockSize(long said) {
        boolean sane = said >= SECTOR_SIZE && said <= LARGEST_BLOCK && Long.bitCount(said) == 1;
        return sane ? (int) said : SECTOR_SIZE;
    }

    /** A limit of 0 says nothing; a huge one is brought down to what one request should take the device. */
    private static int sectors(long said) {
        return (int) Math.min(orElse(said, MOST_SECTORS), MOST_SECTORS);
    }

    private static long orElse(long said, long otherwise) {
        return said == 0 ? otherwise : said;
    }

    private static RequestException malformed(String what) {
        return new RequestException(RequestException.Kind.MALFORMED_ANSWER, what, null);
    }

    /** Fields that exist if their feature was agreed on. */
    private record Reader(FeatureSet features, ByteBuffer bytes) {

        Reader {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
        }

        long word(int feature, int offset, int size, long otherwise) throws RequestException {
            if (!features.has(feature)) {
                return otherwise;
            }
            if (offset + size > bytes.limit()) {
                throw malformed("feature " + BlockFeature.name(feature) + " needs " + (offset + size)
                        + " bytes of configuration, there are " + bytes.limit());
            }
            return switch (size) {
                case Byte.BYTES -> Byte.toUnsignedLong(bytes.get(offset));
                case Short.BYTES -> Short.toUnsignedLong(bytes.getShort(offset));
                default -> Integer.toUnsignedLong(bytes.getInt(offset));
            };
        }
    }
}
