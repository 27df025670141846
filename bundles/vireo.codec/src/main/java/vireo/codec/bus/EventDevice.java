// SPDX-License-Identifier: Apache-2.0
package vireo.codec.bus;

import java.lang.foreign.MemorySegment;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.MessageView;

/**
 * The bus event EVENT_DEVICE (transport.md section 15.3): a device came or went. The header's device number is 0; the
 * device is named in the payload.
 *
 * <pre>
 *     0               1               2               3
 *     0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7 0 1 2 3 4 5 6 7
 *    +-------------------------------+-------------------------------+
 *  8 | device_number                 | device_bus_state              |
 *    +-------------------------------+-------------------------------+
 * </pre>
 */
public final class EventDevice extends MessageView {

    /** State of a device that is present and ready; V1 calls it ADDED (row D-75). */
    public static final int READY = 0x0001;

    /** State of a device that is no longer present. */
    public static final int REMOVED = 0x0002;

    /** The first state that belongs to the bus implementation; what lies between is reserved. */
    public static final int FIRST_BUS_STATE = 0x8000;

    /** Makes a view that is not laid over anything yet. */
    public EventDevice() {
    }

    /**
     * Lays the view over a received message.
     *
     * @param segment segment that holds the message
     * @param start where the message starts
     * @return this view
     */
    public EventDevice wrap(MemorySegment segment, long start) {
        over(segment, start);
        return this;
    }

    /**
     * Makes a new message; no field is left to set.
     *
     * @param segment segment that receives the message
     * @param start where the message starts
     * @param device number of the device that came or went
     * @param state {@link #READY}, {@link #REMOVED} or a state of the bus implementation
     * @return this view
     */
    public EventDevice create(MemorySegment segment, long start, int device, int state) {
        begin(segment, start, Header.BUS, MessageIds.BUS_EVENT_DEVICE, 0, 0, SIZE);
        segment.set(LE16, start + DEVICE_OFFSET, (short) device);
        segment.set(LE16, start + STATE_OFFSET, (short) state);
        return this;
    }

    /** Where the number of the device is. */
    public static final int DEVICE_OFFSET = Header.BYTES;

    /**
     * Reads which device came or went.
     *
     * @return device number, 0 to 65535
     */
    public int device() {
        return le16(DEVICE_OFFSET);
    }

    /** Where the state is. */
    public static final int STATE_OFFSET = DEVICE_OFFSET + 2;

    /**
     * Reads the state.
     *
     * @return {@link #READY}, {@link #REMOVED} or any other value to 65535, to be ignored and counted if not known
     */
    public int state() {
        return le16(STATE_OFFSET);
    }

    /** Length of the message in bytes. */
    public static final int SIZE = STATE_OFFSET + 2;
}
