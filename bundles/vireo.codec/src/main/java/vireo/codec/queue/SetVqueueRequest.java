// SPDX-License-Identifier: Apache-2.0
package vireo.codec.queue;

import java.lang.foreign.MemorySegment;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The request SET_VQUEUE (transport.md section 14.9, deltas.md section 1).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | index                                                         |
 *    +---------------------------------------------------------------+
 * 12 | RFC3: reserved, 0                           V1: flags       |E|
 *    +---------------------------------------------------------------+
 * 16 | size                                                          |
 *    +---------------------------------------------------------------+
 * 20 | reserved, 0                                                   |
 *    +---------------------------------------------------------------+
 * 24 |                                                               |
 *    +                        descriptor_addr                        +
 * 28 |                                                               |
 *    +---------------------------------------------------------------+
 * 32 |                                                               |
 *    +                          driver_addr                          +
 * 36 |                                                               |
 *    +---------------------------------------------------------------+
 * 40 |                                                               |
 *    +                          device_addr                          +
 * 44 |                                                               |
 *    +---------------------------------------------------------------+
 *     E enable, bit 0
 * </pre>
 */
public final class SetVqueueRequest extends MessageView {

    /** The bits of the flags field that the profile has. */
    private final int flagBits;

    private SetVqueueRequest(int flagBits) {
        this.flagBits = flagBits;
    }

    /**
     * Makes a view.
     *
     * @param profile wire layout of the bus
     * @return a view that is not laid over anything yet
     */
    public static SetVqueueRequest of(WireProfile profile) {
        return new SetVqueueRequest(profile == WireProfile.V1 ? -1 : 0);
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public SetVqueueRequest wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Makes a new message that sets a queue up and, in V1, enables it; no field is left to set.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @param index queue index
     * @param size number of descriptors
     * @param descriptors address of the descriptor area
     * @param driver address of the driver area
     * @param device address of the device area
     * @return this view
     */
    public SetVqueueRequest create(MemorySegment segment, long start, int deviceNumber, int token, long index,
            long size, long descriptors, long driver, long device) {
        begin(segment, start, 0, MessageIds.SET_VQUEUE, deviceNumber, token, SIZE);
        // Two 32-bit fields a store: a flags or reserved field costs nothing.
        segment.set(LE64, start + INDEX_OFFSET, index & 0xffff_ffffL | (long) (ENABLE & flagBits) << 32);
        segment.set(LE64, start + SIZE_OFFSET, size & 0xffff_ffffL);
        segment.set(LE64, start + DESCRIPTORS_OFFSET, descriptors);
        segment.set(LE64, start + DRIVER_OFFSET, driver);
        segment.set(LE64, start + DEVICE_OFFSET, device);
        return this;
    }

    /** Where the queue index is. */
    public static final int INDEX_OFFSET = Header.BYTES;

    /**
     * Reads the queue index.
     *
     * @return 0 to 2^32 − 1
     */
    public long index() {
        return le32(INDEX_OFFSET);
    }

    /** Where the flags of V1 are. */
    public static final int FLAGS_OFFSET = INDEX_OFFSET + 4;

    /** Flag of V1: enable the queue. */
    public static final int ENABLE = 1;

    /**
     * Reads the flags.
     *
     * @return flag bits; 0 in RFC3, whatever the reserved field holds
     */
    public int flags() {
        return base.get(LE32, offset + FLAGS_OFFSET) & flagBits;
    }

    /**
     * Writes the flags; in RFC3 writes 0 (rule VMSG-MSG-47).
     *
     * @param flags flag bits, 0 or {@link #ENABLE}
     * @return this view
     */
    public SetVqueueRequest flags(int flags) {
        base.set(LE32, offset + FLAGS_OFFSET, flags & flagBits);
        return this;
    }

    /**
     * Tells whether the queue is to be enabled (row D-53).
     *
     * @return true always in RFC3, and if the flag is set in V1
     */
    public boolean enables() {
        return ((flags() | ~flagBits) & ENABLE) != 0;
    }

    /** Where the size is. */
    public static final int SIZE_OFFSET = FLAGS_OFFSET + 4;

    /**
     * Reads the size to use.
     *
     * @return descriptors, 0 to 2^32 − 1
     */
    public long size() {
        return le32(SIZE_OFFSET);
    }

    /** Where the second reserved field is. */
    public static final int RESERVED_OFFSET = SIZE_OFFSET + 4;

    /** Where the address of the descriptor area is. */
    public static final int DESCRIPTORS_OFFSET = RESERVED_OFFSET + 4;

    /**
     * Reads the address of the descriptor area.
     *
     * @return driver address, unsigned
     */
    public long descriptors() {
        return base.get(LE64, offset + DESCRIPTORS_OFFSET);
    }

    /** Where the address of the driver area is. */
    public static final int DRIVER_OFFSET = DESCRIPTORS_OFFSET + 8;

    /**
     * Reads the address of the driver area.
     *
     * @return driver address, unsigned
     */
    public long driver() {
        return base.get(LE64, offset + DRIVER_OFFSET);
    }

    /** Where the address of the device area is. */
    public static final int DEVICE_OFFSET = DRIVER_OFFSET + 8;

    /**
     * Reads the address of the device area.
     *
     * @return driver address, unsigned
     */
    public long device() {
        return base.get(LE64, offset + DEVICE_OFFSET);
    }

    /** Length of the message in bytes. */
    public static final int SIZE = DEVICE_OFFSET + 8;
}
