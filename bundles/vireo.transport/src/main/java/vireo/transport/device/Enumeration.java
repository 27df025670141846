// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import vireo.bus.BusInfo;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.bus.GetDevicesRequest;
import vireo.codec.bus.GetDevicesResponse;
import vireo.codec.device.GetDeviceInfoResponse;

/** What a bus answers by itself: which devices there are, and that there is none. On the bus's dispatcher. */
final class Enumeration {
    private static final int WINDOW = 8;
    private static final int NUMBERS = 65536;

    private final int room;
    private final GetDevicesRequest wanted = new GetDevicesRequest();
    private final GetDevicesResponse devices;
    private final GetDeviceInfoResponse info;

    Enumeration(BusInfo bus) {
        room = Message.room(bus.maxMessageSize());
        devices = GetDevicesResponse.of(bus.profile());
        info = GetDeviceInfoResponse.of(bus.profile());
    }

    /**
     * Answers GET_DEVICES with the window that fits, and says where the next devices are (rules VMSG-BMS-05 to 11, rows
     * D-71 to D-73).
     *
     * @param message the request
     * @param slots by number; null where there is no device
     * @return false if the request is not aligned and is dropped
     */
    boolean devices(Message message, DeviceSlot[] slots) {
        wanted.wrap(message.request(), 0);
        int first = wanted.first();
        if (first % WINDOW != 0 || wanted.count() % WINDOW != 0) {
            return false;
        }
        int count = Math.min(Math.min(wanted.count(), NUMBERS - first), GetDevicesResponse.capacity(room)
                / WINDOW * WINDOW);
        devices.create(message.response(), 0, message.token(), first, count).next(next(slots, first + count));
        for (int i = 0; i < count && first + i < slots.length; i++) {
            if (slots[first + i] != null) {
                devices.setAvailable(i);
            }
        }
        message.answered(devices.messageSize());
        return true;
    }

    private static int next(DeviceSlot[] slots, int from) {
        for (int i = from; i < slots.length; i++) {
            if (slots[i] != null) {
                return i / WINDOW * WINDOW;
            }
        }
        return 0;
    }

    /** Zeroes say that a number has no device (rule VMSG-MSG-21). */
    void noDevice(Message message) {
        info.create(message.response(), 0, message.deviceNumber(), message.token());
        message.answered(info.messageSize());
    }

    static boolean isInfoRequest(Message message) {
        return message.messageId() == MessageIds.GET_DEVICE_INFO && !Header.isBus(message.request(), 0);
    }
}
