// SPDX-License-Identifier: Apache-2.0
package vireo.slot;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import vireo.device.DeviceModel;
import vireo.device.FeatureSet;

/**
 * Everything of a slot that its driver can see, as plain data: what a successor, a transport update, another process or
 * a snapshot goes on from. Whatever reads one treats it as untrusted; the constructors and {@link #decode} refuse what is
 * out of bounds.
 *
 * @param deviceId virtio device type
 * @param status device status bits (virtqueues.md section 1)
 * @param offered features that were offered to the driver, ring bits included
 * @param selected features the driver selected
 * @param generation configuration generation count
 * @param config configuration space, at most 4096 bytes; the array is copied
 * @param queues the queues, by index; at most 64
 */
public record SlotState(int deviceId, int status, FeatureSet offered, FeatureSet selected, int generation,
        byte[] config, List<Queue> queues) {

    /** Version of the encoded form. */
    public static final int VERSION = 1;

    private static final int MAGIC = 0x56534c54;

    /**
     * One queue of a slot.
     *
     * @param size size the driver chose, 0 if the queue is not set up
     * @param descriptors address of the descriptor area
     * @param driver address of the driver area
     * @param device address of the device area
     * @param next ring position of the next chain to take, 0 to 65535
     * @param used ring position of the next used entry, 0 to 65535
     * @param inFlight heads of chains taken and not completed, in the order taken; at most {@code size}
     */
    public record Queue(int size, long descriptors, long driver, long device, int next, int used,
            List<Integer> inFlight) {

        /** A queue that is not set up. */
        public static final Queue UNSET = new Queue(0, 0, 0, 0, 0, 0, List.of());

        /**
         * Checks and copies the values.
         *
         * @throws IllegalArgumentException naming the value that is out of range
         */
        public Queue {
            inFlight = List.copyOf(inFlight);
            check("queue size", size, 0, DeviceModel.MAX_QUEUE_SIZE);
            check("next", next, 0, 0xffff);
            check("used", used, 0, 0xffff);
            check("chains in flight", inFlight.size(), 0, size);
            for (int head : inFlight) {
                check("head in flight", head, 0, size - 1);
            }
        }
    }

    /**
     * Checks and copies the values.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public SlotState {
        config = config.clone();
        queues = List.copyOf(queues);
        check("config bytes", config.length, 0, DeviceModel.MAX_CONFIG_SIZE);
        check("queues", queues.size(), 0, DeviceModel.MAX_QUEUES);
        check("status", status, 0, 0xff);
    }

    private static void check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + "=" + value + " is not in " + least + ".." + most);
        }
    }

    /**
     * Returns the configuration space.
     *
     * @return a copy
     */
    @Override
    public byte[] config() {
        return config.clone();
    }

    /**
     * Returns the state as bytes that {@link #decode} reads.
     *
     * @return the encoded form, big-endian, with magic and version in front
     */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(MAGIC);
            out.writeInt(VERSION);
            out.writeInt(deviceId);
            out.writeInt(status);
            write(out, offered);
            write(out, selected);
            out.writeInt(generation);
            out.writeInt(config.length);
            out.write(config);
            out.writeInt(queues.size());
            for (Queue queue : queues) {
                out.writeInt(queue.size);
                out.writeLong(queue.descriptors);
                out.writeLong(queue.driver);
                out.writeLong(queue.device);
                out.writeInt(queue.next);
                out.writeInt(queue.used);
                out.writeInt(queue.inFlight.size());
                for (int head : queue.inFlight) {
                    out.writeInt(head);
                }
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, FeatureSet features) throws IOException {
        out.writeInt(features.blocks());
        for (int i = 0; i < features.blocks(); i++) {
            out.writeInt(features.block(i));
        }
    }

    /**
     * Reads an encoded state, believing nothing of it.
     *
     * @param bytes what {@link #encode} gave, or anything else
     * @return the state
     * @throws IllegalArgumentException if the bytes are not a valid state of this version
     */
    public static SlotState decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            check("magic", in.readInt(), MAGIC, MAGIC);
            check("version", in.readInt(), VERSION, VERSION);
            int deviceId = in.readInt();
            int status = in.readInt();
            FeatureSet offered = readFeatures(in);
            FeatureSet selected = readFeatures(in);
            int generation = in.readInt();
            byte[] config = new byte[count(in, "config bytes", DeviceModel.MAX_CONFIG_SIZE)];
            in.readFully(config);
            int queueCount = count(in, "queues", DeviceModel.MAX_QUEUES);
            List<Queue> queues = new ArrayList<>();
            for (int i = 0; i < queueCount; i++) {
                queues.add(readQueue(in));
            }
            check("bytes left over", in.available(), 0, 0);
            return new SlotState(deviceId, status, offered, selected, generation, config, queues);
        } catch (IOException cut) {
            throw new IllegalArgumentException("slot state of " + bytes.length + " bytes is cut short", cut);
        }
    }

    private static Queue readQueue(DataInputStream in) throws IOException {
        int size = count(in, "queue size", DeviceModel.MAX_QUEUE_SIZE);
        long descriptors = in.readLong();
        long driver = in.readLong();
        long device = in.readLong();
        int next = in.readInt();
        int used = in.readInt();
        int inFlight = count(in, "chains in flight", size);
        List<Integer> heads = new ArrayList<>();
        for (int i = 0; i < inFlight; i++) {
            heads.add(in.readInt());
        }
        return new Queue(size, descriptors, driver, device, next, used, Collections.unmodifiableList(heads));
    }

    private static FeatureSet readFeatures(DataInputStream in) throws IOException {
        int[] blocks = new int[count(in, "feature blocks", FeatureSet.MAX_BLOCKS)];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = in.readInt();
        }
        return FeatureSet.ofBlocks(blocks);
    }

    private static int count(DataInputStream in, String what, int most) throws IOException {
        int value = in.readInt();
        check(what, value, 0, most);
        return value;
    }
}
