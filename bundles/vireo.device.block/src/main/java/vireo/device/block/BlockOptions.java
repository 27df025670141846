// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import vireo.device.DeviceModel;
import vireo.device.FeatureSet;
import vireo.wire.block.BlockLayout;

/**
 * How a block device is made.
 *
 * @param name name of the device, for display
 * @param path the image file
 * @param readOnly true to refuse writes and share the image with other readers
 * @param createSize size in bytes of the sparse image that is made if there is none, or 0 to make none
 * @param id identity string, at most 20 bytes of ASCII
 * @param queues number of queues, 1 to 64
 * @param queueSize largest size of each queue, a power of two, 4 to 32768
 * @param blockSize block size that drivers are told, a power of two, 512 to 4096
 * @param writeback true to make writes durable when flushed, false to make each one durable by itself
 * @param without features not to offer
 */
public record BlockOptions(String name, Path path, boolean readOnly, long createSize, String id, int queues,
        int queueSize, int blockSize, boolean writeback, FeatureSet without) {

    private static final int LEAST_QUEUE_SIZE = 4;
    private static final int LARGEST_BLOCK = 4096;

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public BlockOptions {
        Objects.requireNonNull(path, "path");
        Objects.requireNonNull(without, "without");
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("device.name is missing; give the device a name of its own");
        }
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(id) || id.length() > BlockLayout.ID_SIZE) {
            throw new IllegalArgumentException("id=" + id + " is not ASCII of at most " + BlockLayout.ID_SIZE
                    + " characters");
        }
        check("queues", queues, 1, DeviceModel.MAX_QUEUES);
        checkPower("queue.size", queueSize, LEAST_QUEUE_SIZE, DeviceModel.MAX_QUEUE_SIZE);
        checkPower("blk.size", blockSize, BlockLayout.SECTOR_SIZE, LARGEST_BLOCK);
        check("create.size", createSize, 0, Long.MAX_VALUE);
        if (createSize % blockSize != 0) {
            throw new IllegalArgumentException("create.size=" + createSize + " is not a multiple of blk.size="
                    + blockSize);
        }
    }

    /**
     * Makes the usual options: one queue of 256, blocks of 512, write-back, an identity made of the name.
     *
     * @param name name of the device
     * @param path the image file
     * @return the options
     */
    public static BlockOptions of(String name, Path path) {
        return new BlockOptions(name, path, false, 0, identity(name), 1, 256, BlockLayout.SECTOR_SIZE, true,
                FeatureSet.NONE);
    }

    /** Makes an identity of a name: as much of it as fits. */
    static String identity(String name) {
        String ascii = name.replaceAll("[^\\x20-\\x7e]", "?");
        return ascii.substring(0, Math.min(ascii.length(), BlockLayout.ID_SIZE));
    }

    private static void check(String what, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + "=" + value + " is not in " + least + ".." + most);
        }
    }

    private static void checkPower(String what, int value, int least, int most) {
        if (value < least || value > most || Integer.bitCount(value) != 1) {
            throw new IllegalArgumentException(what + "=" + value + " is not a power of two in " + least + ".." + most);
        }
    }
}
