// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusInfo;
import vireo.bus.WireProfile;
import vireo.codec.MessageIds;
import vireo.device.VirtioDevice;
import vireo.transport.core.Messages;

/** What a bus answers by itself, and how it sends when there is no room. */
@Timeout(30)
class BusAnswersTest {
    private DeviceRig rig;

    @AfterEach
    void end() {
        if (rig != null) {
            rig.close();
        }
    }

    private void begin(WireProfile profile, int maxMessageSize, int... numbers) throws Exception {
        rig = new DeviceRig(new BusInfo("b", BusInfo.Role.DEVICE, profile, 1, 0, maxMessageSize, 64,
                BusInfo.TokenOwner.TRANSPORT, BusInfo.Signalling.IN_BAND, BusInfo.Signalling.IN_BAND, false, 4096));
        for (int number : numbers) {
            rig.plug("disk" + number, new FakeDevice(), VirtioDevice.NUMBER, number);
            rig.awaitSlot(number);
        }
    }

    private byte[] devices(int offset, int count) throws Exception {
        return rig.answer(rig.send(2, MessageIds.BUS_GET_DEVICES, 0, offset | count << 16));
    }

    private static int half(byte[] message, int at) {
        return Messages.word(message, at - 2) >>> 16;
    }

    @Test
    void shouldSkipEmptyStretchesWhenEnumerated() throws Exception {
        begin(WireProfile.RFC3, 264, 0, 2, 5, 1000);
        byte[] first = devices(0, 16);
        assertArrayEquals(new byte[] {3, 2, 0, 0}, Arrays.copyOf(first, 4));
        assertEquals(16, first.length);
        assertEquals(0, half(first, 8));
        assertEquals(16, half(first, 10));
        assertEquals(1000, half(first, 12));
        assertEquals(0x25, first[14]);
        assertEquals(0, first[15]);
        byte[] second = devices(1000, 8);
        assertEquals(0, half(second, 12));
        assertEquals(1, second[14]);
    }

    @Test
    void shouldAnswerWhatFitsWhenMoreIsAsked() throws Exception {
        begin(WireProfile.RFC3, 48, 1, 300);
        byte[] answer = devices(0, 65528);
        assertEquals(48, answer.length);
        assertEquals(34 * 8, half(answer, 10));
        assertEquals(296, half(answer, 12));
        assertEquals(0, half(devices(4096, 8), 12));
        byte[] end = devices(65528, 65528);
        assertEquals(8, half(end, 10));
        assertEquals(15, end.length);
        assertEquals(14, devices(0, 0).length);
    }

    @Test
    void shouldSwapFieldsWhenProfileIsV1() throws Exception {
        begin(WireProfile.V1, 264, 5, 100);
        byte[] answer = devices(0, 16);
        assertEquals(96, half(answer, 10));
        assertEquals(16, half(answer, 12));
        byte[] info = rig.ask(MessageIds.GET_DEVICE_INFO, 5);
        assertEquals(52, info.length);
        assertEquals(2, Messages.word(info, 32));
        assertEquals(32, rig.ask(MessageIds.GET_SHM, 5, 0).length);
    }

    @Test
    void shouldDropRequestWhenNotAligned() throws Exception {
        begin(WireProfile.RFC3, 264, 1);
        int crooked = rig.send(2, MessageIds.BUS_GET_DEVICES, 0, 4 | 8 << 16);
        devices(0, 8);
        assertFalse(rig.answered(crooked));
    }

    @Test
    void shouldAnswerZeroesWhenNumberHasNoDevice() throws Exception {
        begin(WireProfile.RFC3, 264, 1);
        byte[] info = rig.ask(MessageIds.GET_DEVICE_INFO, 4095);
        assertArrayEquals(Messages.message(1, MessageIds.GET_DEVICE_INFO, 4095, Messages.token(info), 0, 0, 0, 0, 0, 0),
                info);
        int outside = rig.send(0, MessageIds.GET_DEVICE_INFO, 4096);
        rig.status(1);
        assertFalse(rig.answered(outside));
    }

    @Test
    void shouldEnableQueueByFlagWhenProfileIsV1() throws Exception {
        begin(WireProfile.V1, 264, 1);
        rig.status(1, DeviceRig.DRIVER);
        rig.features(1, 0, DeviceRig.VERSION_1);
        rig.status(1, DeviceRig.FEATURES_OK);
        rig.setQueue(1);
        byte[] queue = rig.ask(MessageIds.GET_VQUEUE, 1, 0);
        assertEquals(16, Messages.word(queue, 16));
        assertEquals(0, Messages.word(queue, 20));
        rig.status(1, DeviceRig.DRIVER_OK);
        rig.ask(MessageIds.SET_VQUEUE, 1, 0, 1, 16, 0, (int) rig.driver.descriptorsAddress(), 0,
                (int) rig.driver.driverAddress(), 0, (int) rig.driver.deviceAddress(), 0);
        assertEquals(1, Messages.word(rig.ask(MessageIds.GET_VQUEUE, 1, 0), 20));
        rig.submit(1);
        rig.awaitUsed();
    }

    @Test
    void shouldSendEverythingInOrderWhenThereIsRoomAgain() throws Exception {
        begin(WireProfile.RFC3, 264, 1, 2);
        rig.start(1);
        AtomicBoolean full = new AtomicBoolean(true);
        rig.wire.full(message -> full.get());
        int before = rig.wire.sent().size();
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            tokens.add(rig.send(0, MessageIds.GET_DEVICE_STATUS, 1));
        }
        tokens.add(rig.send(2, MessageIds.BUS_GET_DEVICES, 0, 8 << 16));
        rig.submit(1);
        rig.awaitUsed();
        rig.awaitCount(1, "calls_held", 1);
        rig.plug("late", new FakeDevice());
        rig.awaitSlot(3);
        full.set(false);
        for (int token : tokens) {
            rig.answer(token);
        }
        assertEquals(0, Messages.word(rig.event(MessageIds.EVENT_USED), 8));
        List<Integer> statuses = rig.wire.sent().subList(before, rig.wire.sent().size()).stream()
                .filter(message -> Messages.id(message) == MessageIds.GET_DEVICE_STATUS).map(Messages::token).toList();
        assertEquals(tokens.subList(0, 20), statuses);
    }
}
