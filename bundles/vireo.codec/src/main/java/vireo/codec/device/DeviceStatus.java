// SPDX-License-Identifier: Apache-2.0
package vireo.codec.device;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * A device status: the response to GET_DEVICE_STATUS, and SET_DEVICE_STATUS both ways (transport.md sections 14.6 and
 * 14.7). The request GET_DEVICE_STATUS has no payload.
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +---------------------------------------------------------------+
 *  8 | status                                                        |
 *    +---------------------------------------------------------------+
 * </pre>
 */
public final class DeviceStatus extends MessageView {

    /** Makes a view that is not laid over anything yet. */
    public DeviceStatus() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public DeviceStatus wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Makes a GET_DEVICE_STATUS response.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the request
     * @param token token of the request
     * @param status the status now
     * @return this view
     */
    public DeviceStatus createGetResponse(MemorySegment segment, long start, int deviceNumber, int token, int status) {
        begin(segment, start, Header.RESPONSE, MessageIds.GET_DEVICE_STATUS, deviceNumber, token, SIZE);
        return status(status);
    }

    /**
     * Makes a SET_DEVICE_STATUS request.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number
     * @param token token, 1 to 65535, or 0 where the bus owns tokens
     * @param status the status to set, 0 to reset
     * @return this view
     */
    public DeviceStatus createSetRequest(MemorySegment segment, long start, int deviceNumber, int token, int status) {
        begin(segment, start, 0, MessageIds.SET_DEVICE_STATUS, deviceNumber, token, SIZE);
        return status(status);
    }

    /**
     * Makes a SET_DEVICE_STATUS response.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param deviceNumber device number of the request
     * @param token token of the request
     * @param status the status now, which may differ from the one asked for
     * @return this view
     */
    public DeviceStatus createSetResponse(MemorySegment segment, long start, int deviceNumber, int token, int status) {
        begin(segment, start, Header.RESPONSE, MessageIds.SET_DEVICE_STATUS, deviceNumber, token, SIZE);
        return status(status);
    }

    /** Where the status is. */
    public static final int STATUS_OFFSET = Header.BYTES;

    /**
     * Reads the status.
     *
     * @return status bits; bits 8 to 31 mean nothing
     */
    public int status() {
        return base.get(LE32, offset + STATUS_OFFSET);
    }

    /**
     * Writes the status.
     *
     * @param status status bits
     * @return this view
     */
    public DeviceStatus status(int status) {
        base.set(LE32, offset + STATUS_OFFSET, status);
        return this;
    }

    /** Length of the message in bytes. */
    public static final int SIZE = STATUS_OFFSET + 4;
}
