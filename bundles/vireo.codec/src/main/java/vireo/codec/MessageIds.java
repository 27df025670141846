// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

/**
 * The message ids of transport.md section 4. One number means different things in the two spaces: names with
 * {@code BUS_} are bus messages, all others are transport messages.
 */
public final class MessageIds {

    /** Request: what a device is. */
    public static final int GET_DEVICE_INFO = 0x02;
    /** Request: the feature bits that a device offers. */
    public static final int GET_DEVICE_FEATURES = 0x03;
    /** Request: the feature bits that the driver wants. */
    public static final int SET_DRIVER_FEATURES = 0x04;
    /** Request: read configuration bytes. */
    public static final int GET_CONFIG = 0x05;
    /** Request: write configuration bytes. */
    public static final int SET_CONFIG = 0x06;
    /** Request: read the device status. */
    public static final int GET_DEVICE_STATUS = 0x07;
    /** Request: write the device status. */
    public static final int SET_DEVICE_STATUS = 0x08;
    /** Request: what a virtqueue is. */
    public static final int GET_VQUEUE = 0x09;
    /** Request: set a virtqueue up. */
    public static final int SET_VQUEUE = 0x0a;
    /** Request: reset a virtqueue. */
    public static final int RESET_VQUEUE = 0x0b;
    /** Request: where a shared memory region is. */
    public static final int GET_SHM = 0x0c;
    /** Event: configuration or status of the device changed. */
    public static final int EVENT_CONFIG = 0x40;
    /** Event: the driver made buffers available. */
    public static final int EVENT_AVAIL = 0x41;
    /** Event: the device used buffers. */
    public static final int EVENT_USED = 0x42;

    /** Bus request: which device numbers are in use. */
    public static final int BUS_GET_DEVICES = 0x02;
    /** Bus request: is the other side there. */
    public static final int BUS_PING = 0x03;
    /** Bus event: a device came or went. */
    public static final int BUS_EVENT_DEVICE = 0x40;

    /** The first id of events; all smaller ones are requests (rules VMSG-MID-01 and 06). */
    public static final int FIRST_EVENT = 0x40;
    /** The first bus id that belongs to the bus implementation (rule VMSG-MID-09). */
    public static final int BUS_FIRST_SPECIFIC = 0x80;
    /** The first bus id of implementation events, if the bus follows the usual policy (rule VMSG-MID-11). */
    public static final int BUS_FIRST_SPECIFIC_EVENT = 0xc0;

    private static final String[] REQUESTS = {null, null, "GET_DEVICE_INFO", "GET_DEVICE_FEATURES",
        "SET_DRIVER_FEATURES", "GET_CONFIG", "SET_CONFIG", "GET_DEVICE_STATUS", "SET_DEVICE_STATUS", "GET_VQUEUE",
        "SET_VQUEUE", "RESET_VQUEUE", "GET_SHM"};

    private static final String[] EVENTS = {"EVENT_CONFIG", "EVENT_AVAIL", "EVENT_USED"};

    private MessageIds() {
    }

    /**
     * Returns the name of a message, for display; allocates nothing.
     *
     * @param bus true for the space of bus messages
     * @param messageId message id, any value
     * @return the draft's name without its prefix, {@code BUS_SPECIFIC} for ids of the bus implementation, or null if
     *         the id is not defined
     */
    public static String name(boolean bus, int messageId) {
        if (bus) {
            return busName(messageId);
        }
        if (messageId >= FIRST_EVENT) {
            return messageId - FIRST_EVENT < EVENTS.length ? EVENTS[messageId - FIRST_EVENT] : null;
        }
        return messageId >= 0 && messageId < REQUESTS.length ? REQUESTS[messageId] : null;
    }

    private static String busName(int messageId) {
        return switch (messageId) {
            case BUS_GET_DEVICES -> "GET_DEVICES";
            case BUS_PING -> "PING";
            case BUS_EVENT_DEVICE -> "EVENT_DEVICE";
            default -> messageId >= BUS_FIRST_SPECIFIC && messageId <= 0xff ? "BUS_SPECIFIC" : null;
        };
    }
}
