// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusException;
import vireo.codec.MessageIds;
import vireo.device.VirtioDevice;
import vireo.transport.core.Await;
import vireo.transport.core.Messages;

/** Drivers and buses that go and come back. */
@Timeout(30)
class BusLossTest {
    private static final BusException LOST = new BusException(BusException.Reason.PEER_LOST, "end of stream");

    private DeviceRig rig;
    private FakeDevice device;

    @BeforeEach
    void begin() throws Exception {
        rig = new DeviceRig();
        device = rig.plug("disk", new FakeDevice());
        rig.awaitSlot(1);
        rig.start(1);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private int starts() {
        return (int) device.notes.stream().filter(note -> note.startsWith("activate")).count();
    }

    private void disconnect() throws Exception {
        rig.wire.disconnect(LOST);
        Await.until(() -> device.notes.contains("close"));
    }

    @Test
    void shouldResetBeforeFirstMessageWhenAnotherDriverConnects() throws Exception {
        disconnect();
        rig.wire.connect(2, false);
        assertEquals(0, rig.status(1));
        assertEquals(0, rig.queueSize(1, 0));
        rig.driver.startAt(0);
        rig.start(1);
        rig.submit(1);
        rig.awaitUsed();
    }

    @Test
    void shouldResetWhenAnotherDriverTakesThePlaceWithoutAWord() throws Exception {
        rig.wire.connect(2, false);
        assertEquals(0, rig.status(1));
        assertTrue(device.notes.contains("close"));
    }

    @Test
    void shouldGoOnWhereItStoodWhenSameDriverIsBack() throws Exception {
        device.keeps = true;
        rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        disconnect();
        device.keeps = false;
        int head = rig.driver.writable(rig.driver.allocate(16), 16).submit();
        rig.wire.connect(1, true);
        rig.awaitUsed();
        assertEquals(16, rig.driver.usedLength());
        rig.awaitUsed();
        assertEquals(head, rig.driver.usedId());
        device.kept.poll().complete(1);
        assertEquals(15, rig.status(1));
        assertFalse(rig.driver.poll());
        assertEquals(2, starts());
        assertTrue(device.notes.contains("chain again"));
    }

    @Test
    void shouldGoOnWhereItStoodWhenBusServiceIsReplaced() throws Exception {
        rig.wire.disconnect(LOST);
        rig.withdrawBus();
        assertEquals(15, rig.side.slots().getFirst().status());
        assertEquals(0, rig.side.buses().size());
        rig.driver.writable(rig.driver.allocate(16), 16).submit();
        rig.offerBus();
        rig.wire.connect(1, true);
        rig.awaitUsed();
        assertEquals(15, rig.status(1));
        assertEquals(2, starts());
        assertTrue(rig.slot(1).vacantSince() == null);
    }

    @Test
    void shouldResetWhenDriverStaysAwayTooLong() throws Exception {
        FakeDevice hasty = rig.plug("hasty", new FakeDevice(), VirtioDevice.GRACE, 50);
        rig.awaitSlot(2);
        rig.negotiate(2);
        rig.status(2, DeviceRig.DRIVER_OK);
        rig.wire.disconnect(LOST);
        Await.until(() -> rig.slot(2).status() == 0);
        assertEquals(15, rig.slot(1).status());
        rig.wire.connect(1, true);
        assertEquals(0, rig.status(2));
        assertEquals(15, rig.status(1));
        assertEquals(1, hasty.notes.stream().filter(note -> note.startsWith("activate")).count());
    }

    @Test
    void shouldDropOldAnswersAndNotificationsWhenAnotherDriverConnects() throws Exception {
        rig.wire.full(message -> true);
        int old = rig.send(0, MessageIds.GET_DEVICE_STATUS, 1);
        rig.submit(1);
        rig.awaitUsed();
        device.context.updateConfig(0, new byte[] {9});
        rig.awaitCount(1, "calls_held", 1);
        disconnect();
        rig.wire.full(message -> false);
        rig.events.clear();
        rig.wire.connect(2, false);
        assertEquals(0, rig.status(1));
        assertFalse(rig.answered(old));
        assertEquals(List.of(), List.copyOf(rig.events));
    }

    @Test
    void shouldTellOfDevicesThatCameMeanwhileWhenSameDriverIsBack() throws Exception {
        assertEquals(List.of(1, 1), rig.deviceEvent());
        disconnect();
        FakeDevice late = rig.plug("late", new FakeDevice());
        rig.awaitSlot(2);
        rig.wire.connect(1, true);
        assertEquals(List.of(2, 1), rig.deviceEvent());
        rig.unplug(late, false);
        assertEquals(List.of(2, 2), rig.deviceEvent());
    }

    @Test
    void shouldNotifyOnResumptionWhatWasUsedWhileTheDriverWasAway() throws Exception {
        device.keeps = true;
        rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        disconnect();
        device.keeps = false;
        rig.wire.connect(1, true);
        assertEquals(0, Messages.word(rig.event(MessageIds.EVENT_USED), 8));
        rig.awaitUsed();
    }
}
