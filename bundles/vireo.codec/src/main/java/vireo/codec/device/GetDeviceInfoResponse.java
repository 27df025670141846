// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.MemorySegment;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The response to GET_DEVICE_INFO (transport.md section 14.1, deltas.md section 1). The two profiles have a layout
 * each, of which {@link #of} picks one; both begin with device_id and vendor_id. Values that only one layout has read
 * as zero in the other, and setting them there does nothing.
 */
public abstract sealed class GetDeviceInfoResponse extends MessageView permits DeviceInfoRfc3, DeviceInfoV1 {

    private final int countsPerBlock;

    GetDeviceInfoResponse(int countsPerBlock) {
        this.countsPerBlock = countsPerBlock;
    }

    /**
     * Makes a view.
     *
     * @param profile wire layout of the bus
     * @return a view that is not laid over anything yet
     */
    public static GetDeviceInfoResponse of(WireProfile profile) {
        return profile == WireProfile.V1 ? new DeviceInfoV1() : new DeviceInfoRfc3();
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public final GetDeviceInfoResponse wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Begins a new message, with zero in every field; as it stands it describes an inactive device (rule VMSG-MSG-21).
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the request
     * @param token token of the request
     * @return this view
     */
    public final GetDeviceInfoResponse create(MemorySegment segment, long start, int deviceNumber, int token) {
        begin(segment, start, Header.RESPONSE, MessageIds.GET_DEVICE_INFO, deviceNumber, token, size());
        zero(Header.BYTES, size() - Header.BYTES);
        return this;
    }

    /**
     * Returns the length of the message in this profile.
     *
     * @return bytes, header included
     */
    public abstract int size();

    /** Where the device id is. */
    public static final int DEVICE_ID_OFFSET = Header.BYTES;

    /**
     * Reads the virtio device type.
     *
     * @return device id, 0 if there is no device at this number
     */
    public final int deviceId() {
        return base.get(LE32, offset + DEVICE_ID_OFFSET);
    }

    /**
     * Writes the virtio device type.
     *
     * @param deviceId device id, 0 for none
     * @return this view
     */
    public final GetDeviceInfoResponse deviceId(int deviceId) {
        base.set(LE32, offset + DEVICE_ID_OFFSET, deviceId);
        return this;
    }

    /** Where the vendor id is. */
    public static final int VENDOR_ID_OFFSET = DEVICE_ID_OFFSET + 4;

    /**
     * Reads the vendor.
     *
     * @return vendor id
     */
    public final int vendorId() {
        return base.get(LE32, offset + VENDOR_ID_OFFSET);
    }

    /**
     * Writes the vendor.
     *
     * @param vendorId vendor id
     * @return this view
     */
    public final GetDeviceInfoResponse vendorId(int vendorId) {
        base.set(LE32, offset + VENDOR_ID_OFFSET, vendorId);
        return this;
    }

    /**
     * Reads the first half of the device's identity.
     *
     * @return bytes 0 to 7, the first of them most significant, as in {@link java.util.UUID}; 0 in RFC3
     */
    public abstract long uuidHigh();

    /**
     * Reads the second half of the device's identity.
     *
     * @return bytes 8 to 15, the first of them most significant; 0 in RFC3
     */
    public abstract long uuidLow();

    /**
     * Writes the device's identity; does nothing in RFC3.
     *
     * @param high bytes 0 to 7, the first of them most significant
     * @param low bytes 8 to 15
     * @return this view
     */
    public abstract GetDeviceInfoResponse uuid(long high, long low);

    /**
     * Reads the number of 32-bit feature blocks (row D-39).
     *
     * @return blocks, 0 to 2^32 − 1
     */
    public final long featureBlocks() {
        return featureCount() / countsPerBlock;
    }

    /**
     * Writes the number of 32-bit feature blocks.
     *
     * @param blocks blocks; in RFC3 less than 2^27, as that layout counts bits
     * @return this view
     */
    public final GetDeviceInfoResponse featureBlocks(long blocks) {
        return featureCount(blocks * countsPerBlock);
    }

    /**
     * Reads the number of features as the layout counts them.
     *
     * @return feature bits in RFC3, feature blocks in V1
     */
    public abstract long featureCount();

    /**
     * Writes the number of features as the layout counts them.
     *
     * @param count feature bits in RFC3, feature blocks in V1
     * @return this view
     */
    public abstract GetDeviceInfoResponse featureCount(long count);

    /**
     * Reads the size of the configuration space.
     *
     * @return bytes, 0 to 2^32 − 1
     */
    public abstract long configSize();

    /**
     * Writes the size of the configuration space.
     *
     * @param bytes size in bytes
     * @return this view
     */
    public abstract GetDeviceInfoResponse configSize(long bytes);

    /**
     * Reads the number of virtqueues.
     *
     * @return queues, 0 to 2^32 − 1
     */
    public abstract long maxQueues();

    /**
     * Writes the number of virtqueues.
     *
     * @param queues number of queues
     * @return this view
     */
    public abstract GetDeviceInfoResponse maxQueues(long queues);

    /**
     * Reads the index of the first admin virtqueue.
     *
     * @return queue index, 0 to 65535 in RFC3, to 2^32 − 1 in V1
     */
    public abstract long adminQueueStart();

    /**
     * Reads the number of admin virtqueues.
     *
     * @return queues, 0 for none; to 65535 in RFC3, to 2^32 − 1 in V1
     */
    public abstract long adminQueues();

    /**
     * Writes which virtqueues are admin virtqueues.
     *
     * @param start index of the first; values that do not fit the profile's field are the caller's to avoid (row D-40)
     * @param count how many, 0 for none
     * @return this view
     */
    public abstract GetDeviceInfoResponse adminQueues(long start, long count);
}
