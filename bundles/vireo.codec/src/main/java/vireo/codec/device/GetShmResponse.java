// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.MemorySegment;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The response to GET_SHM (transport.md section 14.11, deltas.md section 1). The two profiles have a layout each, of
 * which {@link #of} picks one; both begin with the region's index.
 */
public abstract sealed class GetShmResponse extends MessageView permits ShmRfc3, ShmV1 {

    GetShmResponse() {
    }

    /**
     * Makes a view.
     *
     * @param profile wire layout of the bus
     * @return a view that is not laid over anything yet
     */
    public static GetShmResponse of(WireProfile profile) {
        return profile == WireProfile.V1 ? new ShmV1() : new ShmRfc3();
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public final GetShmResponse wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Begins a new message, with zero in every field; as it stands it says that region 0 does not exist.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the request
     * @param token token of the request
     * @return this view
     */
    public final GetShmResponse create(MemorySegment segment, long start, int deviceNumber, int token) {
        begin(segment, start, Header.RESPONSE, MessageIds.GET_SHM, deviceNumber, token, size());
        zero(Header.BYTES, size() - Header.BYTES);
        return this;
    }

    /**
     * Returns the length of the message in this profile.
     *
     * @return bytes, header included
     */
    public abstract int size();

    /** Where the index of the region is. */
    public static final int SHM_ID_OFFSET = Header.BYTES;

    /**
     * Reads which shared memory region is meant.
     *
     * @return index of the region, 0 to 2^32 − 1
     */
    public final long shmId() {
        return le32(SHM_ID_OFFSET);
    }

    /**
     * Writes which shared memory region is meant.
     *
     * @param shmId index of the region
     * @return this view
     */
    public final GetShmResponse shmId(long shmId) {
        base.set(LE32, offset + SHM_ID_OFFSET, (int) shmId);
        return this;
    }

    /**
     * Reads the length of the region.
     *
     * @return bytes, unsigned; 0 if there is no such region (rule VMSG-MSG-55); less than 2^32 in RFC3
     */
    public abstract long length();

    /**
     * Writes the length of the region.
     *
     * @param bytes length; in RFC3 a region that does not fit 32 bits is the caller's to leave out (row D-61)
     * @return this view
     */
    public abstract GetShmResponse length(long bytes);

    /**
     * Reads the address of the region.
     *
     * @return address, unsigned; less than 2^32 in RFC3
     */
    public abstract long address();

    /**
     * Writes the address of the region.
     *
     * @param address address; must fit 32 bits in RFC3
     * @return this view
     */
    public abstract GetShmResponse address(long address);
}
