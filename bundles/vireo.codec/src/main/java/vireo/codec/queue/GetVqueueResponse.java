// SPDX-License-Identifier: Apache-2.0
package vireo.codec.queue;

import java.lang.foreign.MemorySegment;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The response to GET_VQUEUE (transport.md section 14.8, deltas.md section 1).
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | index                                                         |
 *    +---------------------------------------------------------------+
 * 12 | max_size                                                      |
 *    +---------------------------------------------------------------+
 * 16 | cur_size                                                      |
 *    +---------------------------------------------------------------+
 * 20 | RFC3: reserved, 0                           V1: flags       |E|
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
 *     E enabled, bit 0
 * </pre>
 */
public final class GetVqueueResponse extends MessageView {

    /** The bits of the flags field that the profile has. */
    private final int flagBits;

    private GetVqueueResponse(int flagBits) {
        this.flagBits = flagBits;
    }

    /**
     * Makes a view.
     *
     * @param profile wire layout of the bus
     * @return a view that is not laid over anything yet
     */
    public static GetVqueueResponse of(WireProfile profile) {
        return new GetVqueueResponse(profile == WireProfile.V1 ? -1 : 0);
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public GetVqueueResponse wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Begins a new message, with zero in every field; as it stands it says that queue 0 does not exist.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the request
     * @param token token of the request
     * @return this view
     */
    public GetVqueueResponse create(MemorySegment segment, long start, int deviceNumber, int token) {
        begin(segment, start, Header.RESPONSE, MessageIds.GET_VQUEUE, deviceNumber, token, SIZE);
        zero(Header.BYTES, SIZE - Header.BYTES);
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

    /**
     * Writes the queue index.
     *
     * @param index queue index
     * @return this view
     */
    public GetVqueueResponse index(long index) {
        base.set(LE32, offset + INDEX_OFFSET, (int) index);
        return this;
    }

    /** Where the largest size is. */
    public static final int MAX_SIZE_OFFSET = INDEX_OFFSET + 4;

    /**
     * Reads the largest size of the queue.
     *
     * @return descriptors, 0 to 2^32 − 1; 0 if there is no such queue (rule VMSG-MSG-44)
     */
    public long maxSize() {
        return le32(MAX_SIZE_OFFSET);
    }

    /**
     * Writes the largest size of the queue.
     *
     * @param descriptors number of descriptors, 0 if there is no such queue
     * @return this view
     */
    public GetVqueueResponse maxSize(long descriptors) {
        base.set(LE32, offset + MAX_SIZE_OFFSET, (int) descriptors);
        return this;
    }

    /** Where the size now is. */
    public static final int SIZE_OFFSET = MAX_SIZE_OFFSET + 4;

    /**
     * Reads the size of the queue now.
     *
     * @return descriptors, 0 to 2^32 − 1; 0 if the queue is not set up (row D-54)
     */
    public long size() {
        return le32(SIZE_OFFSET);
    }

    /**
     * Writes the size of the queue now.
     *
     * @param descriptors number of descriptors, 0 if the queue is not set up
     * @return this view
     */
    public GetVqueueResponse size(long descriptors) {
        base.set(LE32, offset + SIZE_OFFSET, (int) descriptors);
        return this;
    }

    /** Where the flags of V1 are. */
    public static final int FLAGS_OFFSET = SIZE_OFFSET + 4;

    /** Flag of V1: the queue is enabled. */
    public static final int ENABLED = 1;

    /**
     * Reads the flags.
     *
     * @return flag bits; 0 in RFC3, whatever the reserved field holds
     */
    public int flags() {
        return base.get(LE32, offset + FLAGS_OFFSET) & flagBits;
    }

    /**
     * Writes the flags; in RFC3 writes 0 (rule VMSG-MSG-43).
     *
     * @param flags flag bits, 0 or {@link #ENABLED}
     * @return this view
     */
    public GetVqueueResponse flags(int flags) {
        base.set(LE32, offset + FLAGS_OFFSET, flags & flagBits);
        return this;
    }

    /** Where the address of the descriptor area is. */
    public static final int DESCRIPTORS_OFFSET = FLAGS_OFFSET + 4;

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

    /**
     * Writes the three addresses.
     *
     * @param descriptors address of the descriptor area
     * @param driver address of the driver area
     * @param device address of the device area
     * @return this view
     */
    public GetVqueueResponse addresses(long descriptors, long driver, long device) {
        base.set(LE64, offset + DESCRIPTORS_OFFSET, descriptors);
        base.set(LE64, offset + DRIVER_OFFSET, driver);
        base.set(LE64, offset + DEVICE_OFFSET, device);
        return this;
    }

    /** Length of the message in bytes. */
    public static final int SIZE = DEVICE_OFFSET + 8;
}
