// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.codec.MessageIds;
import vireo.device.Chain;
import vireo.device.DeviceModel;
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;
import vireo.transport.core.Await;
import vireo.transport.core.Messages;

/** Devices that leave and successors that come, or do not. */
@Timeout(30)
class TakeoverTest {
    private static final List<Integer> READY = List.of(1, 1);
    private static final List<Integer> REMOVED = List.of(1, 2);
    private static final byte[] CONFIG = {1, 2, 3, 4, 5, 6, 7, 8};

    private DeviceRig rig;
    private FakeDevice device;

    @BeforeEach
    void begin() throws Exception {
        rig = new DeviceRig();
        device = rig.plug("disk", new FakeDevice());
        assertEquals(READY, rig.deviceEvent());
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private byte[] config() throws Exception {
        byte[] answer = rig.ask(MessageIds.GET_CONFIG, 1, 0, 8);
        return Arrays.copyOfRange(answer, 20, answer.length);
    }

    @Test
    void shouldLoseNoChainAndServeNoneTwiceWhenSuccessorComes() throws Exception {
        rig.start(1);
        Set<Integer> heads = new HashSet<>();
        heads.add(rig.submit(1));
        rig.awaitUsed();
        heads.remove(rig.driver.usedId());
        device.keeps = true;
        for (int i = 0; i < 3; i++) {
            heads.add(rig.submit(1));
        }
        Await.until(() -> device.kept.size() == 3);
        var second = device.kept.toArray(Chain[]::new)[1];
        second.complete(3);
        rig.awaitUsed();
        heads.remove(rig.driver.usedId());
        rig.unplug(device, true);
        assertTrue(device.notes.contains("close"));
        assertNotNull(rig.slot(1).vacantSince());
        heads.add(rig.submit(1));
        assertEquals(15, rig.status(1));
        assertArrayEquals(CONFIG, config());

        FakeDevice successor = rig.plug("disk", new FakeDevice());
        Set<Integer> served = new HashSet<>();
        while (served.size() < 3) {
            rig.awaitUsed();
            assertTrue(served.add(rig.driver.usedId()));
            assertEquals(16, rig.driver.usedLength());
        }
        assertEquals(heads, served);
        assertEquals(List.of("activate b 1", "started 0", "chain again", "chain again", "chain"), successor.notes);
        device.kept.forEach(chain -> chain.complete(16));
        assertEquals(15, rig.status(1));
        rig.submit(1);
        rig.awaitUsed();
        assertFalse(rig.driver.poll());
        assertEquals(1, rig.count(1, "takeovers"));
        assertEquals(2, rig.count(1, "chains_redelivered"));
        assertTrue(rig.deviceEvents.isEmpty());
        assertTrue(rig.events.stream().noneMatch(event -> Messages.id(event) == MessageIds.EVENT_CONFIG));
    }

    @Test
    void shouldHandChainsOnTwiceWhenTwoSuccessorsKeepThem() throws Exception {
        device.keeps = true;
        rig.start(1);
        rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        rig.unplug(device, true);
        FakeDevice second = new FakeDevice();
        second.keeps = true;
        rig.plug("disk", second);
        Await.until(() -> second.kept.size() == 1);
        rig.unplug(second, true);
        FakeDevice third = rig.plug("disk", new FakeDevice());
        rig.awaitUsed();
        assertTrue(third.notes.contains("chain again"));
        second.kept.poll().complete(1);
        device.kept.poll().complete(1);
        assertEquals(15, rig.status(1));
        assertFalse(rig.driver.poll());
    }

    @Test
    void shouldHandOverWhenSuccessorWasThereBefore() throws Exception {
        rig.start(1);
        FakeDevice successor = rig.plug("disk", new FakeDevice());
        Await.until(() -> rig.side.unplugged().size() == 1);
        rig.unplug(device, true);
        Await.until(() -> successor.notes.contains("started 0"));
        rig.submit(1);
        rig.awaitUsed();
        assertEquals(1, rig.side.slots().size());
        assertTrue(rig.deviceEvents.isEmpty());
    }

    /** Each of the calls after the first would otherwise wait some seconds for an answer that nobody gives. */
    @Test
    @Timeout(7)
    void shouldReturnAtOnceWhenServicesGoAfterItWasClosed() throws Exception {
        rig.start(1);
        rig.side.close();
        rig.unplug(device, true);
        rig.withdrawBus();
        rig.side.close();
        assertEquals(List.of(), rig.side.slots());
    }

    @Test
    void shouldRemoveSlotAtOnceWhenDeviceIsGoneForGood() throws Exception {
        rig.start(1);
        rig.unplug(device, false);
        assertEquals(REMOVED, rig.deviceEvent());
        assertNull(rig.slot(1));
        byte[] info = rig.ask(MessageIds.GET_DEVICE_INFO, 1);
        assertEquals(0, Messages.word(info, 8));
        assertTrue(device.notes.contains("close"));
    }

    @Test
    void shouldRemoveSlotAtOnceWhenGraceIsZero() throws Exception {
        rig.unplug(device, true);
        assertEquals(REMOVED, rig.deviceEvent());
        FakeDevice hasty = rig.plug("disk", new FakeDevice(), VirtioDevice.GRACE, "0");
        assertEquals(READY, rig.deviceEvent());
        rig.start(1);
        rig.unplug(hasty, true);
        assertEquals(REMOVED, rig.deviceEvent());
    }

    @Test
    void shouldRemoveSlotAtOnceWhenDriverIsNotReady() throws Exception {
        rig.negotiate(1);
        rig.unplug(device, true);
        assertEquals(REMOVED, rig.deviceEvent());
    }

    @Test
    void shouldRemoveSlotWhenNoSuccessorComesInTime() throws Exception {
        rig.unplug(device, false);
        assertEquals(REMOVED, rig.deviceEvent());
        FakeDevice brief = rig.plug("disk", new FakeDevice(), VirtioDevice.GRACE, 100L);
        assertEquals(READY, rig.deviceEvent());
        rig.start(1);
        rig.unplug(brief, true);
        assertEquals(REMOVED, rig.deviceEvent());
        assertNull(rig.slot(1));
    }

    @Test
    void shouldEndGraceWhenDriverResetsVacantSlot() throws Exception {
        rig.start(1);
        rig.unplug(device, true);
        assertEquals(0, rig.status(1, 0));
        assertEquals(REMOVED, rig.deviceEvent());
    }

    @Test
    void shouldLetConfigWriteWaitWhenSlotIsVacant() throws Exception {
        rig.start(1);
        int generation = Messages.word(rig.ask(MessageIds.GET_CONFIG, 1, 0, 0), 8);
        rig.unplug(device, true);
        int write = rig.send(0, MessageIds.SET_CONFIG, 1, generation, 0, 4, 0x0a0a0a0a);
        int behind = rig.send(0, MessageIds.GET_CONFIG, 1, 0, 4);
        rig.settle();
        assertFalse(rig.answered(write));
        assertFalse(rig.answered(behind));
        FakeDevice successor = rig.plug("disk", new FakeDevice());
        assertEquals(4, Messages.word(rig.answer(write), 16));
        assertEquals(0x0a0a0a0a, Messages.word(rig.answer(behind), 20));
        assertTrue(successor.notes.contains("write 0 4"));
    }

    @Test
    void shouldTellOfConfigurationWhenSuccessorDiffers() throws Exception {
        rig.start(1);
        int generation = Messages.word(rig.ask(MessageIds.GET_CONFIG, 1, 0, 0), 8);
        rig.ask(MessageIds.SET_CONFIG, 1, generation, 0, 1, 0x63);
        rig.unplug(device, true);
        rig.plug("disk", new FakeDevice(FakeDevice.model(FakeDevice.TYPE, FeatureSet.of(5, 9),
                new byte[] {1, 2, 3, 4, 5, 6, 7, 80}, 64, 16)));
        byte[] event = rig.event(MessageIds.EVENT_CONFIG);
        assertEquals(15, Messages.word(event, 8));
        assertEquals(generation + 1, Messages.word(event, 12));
        assertEquals(0, Messages.word(event, 20));
        assertArrayEquals(new byte[] {0x63, 2, 3, 4, 5, 6, 7, 80}, config());
    }

    @Test
    void shouldBeginAnewWhenSuccessorIsIncompatible() throws Exception {
        List<DeviceModel> strangers = List.of(
                FakeDevice.model(3, FeatureSet.of(5, 9), CONFIG, 64, 16),
                FakeDevice.model(FakeDevice.TYPE, FeatureSet.of(9), CONFIG, 64, 16),
                FakeDevice.model(FakeDevice.TYPE, FeatureSet.of(5, 9), new byte[7], 64, 16),
                FakeDevice.model(FakeDevice.TYPE, FeatureSet.of(5, 9), CONFIG, 64),
                FakeDevice.model(FakeDevice.TYPE, FeatureSet.of(5, 9), CONFIG, 8, 16));
        FakeDevice now = device;
        for (DeviceModel model : strangers) {
            rig.status(1, 0);
            rig.status(1, DeviceRig.DRIVER);
            rig.features(1, 1 << 5, DeviceRig.VERSION_1);
            assertEquals(11, rig.status(1, DeviceRig.FEATURES_OK));
            rig.driver.startAt(0);
            rig.setQueue(1);
            rig.status(1, DeviceRig.DRIVER_OK);
            rig.unplug(now, true);
            FakeDevice stranger = rig.plug("disk", new FakeDevice(model));
            assertEquals(REMOVED, rig.deviceEvent(), model.toString());
            assertEquals(READY, rig.deviceEvent());
            assertEquals(0, rig.status(1));
            assertTrue(stranger.notes.isEmpty());
            rig.unplug(stranger, false);
            assertEquals(REMOVED, rig.deviceEvent());
            now = rig.plug("disk", new FakeDevice());
            assertEquals(READY, rig.deviceEvent());
        }
    }

    @Test
    void shouldNotHandOverWhenPredecessorIsNotAtRest() throws Exception {
        device.restless = true;
        device.keeps = true;
        rig.start(1);
        rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        rig.unplug(device, true);
        assertEquals(0x4f, Messages.word(rig.event(MessageIds.EVENT_CONFIG), 8));
        FakeDevice successor = rig.plug("disk", new FakeDevice());
        rig.awaitCount(1, "takeovers", 1);
        assertEquals(0x4f, rig.status(1));
        assertTrue(successor.notes.isEmpty());
        assertEquals(0x4f, rig.status(1, 0));
        device.restless = false;
        assertEquals(0, rig.status(1, 0));
        rig.driver.startAt(0);
        rig.start(1);
        rig.submit(1);
        rig.awaitUsed();
        assertTrue(successor.notes.contains("chain"));
    }

    @Test
    void shouldTellDriverOfRemovalWhenDeviceHangs() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        device.quiesceGate = gate;
        rig.start(1);
        rig.unplug(device, false);
        assertEquals(REMOVED, rig.deviceEvent());
        assertFalse(device.notes.contains("close"));
        gate.countDown();
    }

    @Test
    void shouldAskForResetWhenSuccessorCannotServe() throws Exception {
        rig.start(1);
        rig.unplug(device, true);
        FakeDevice successor = new FakeDevice();
        successor.refusesActivation = context -> new IllegalStateException("image is locked");
        rig.plug("disk", successor);
        assertEquals(0x4f, Messages.word(rig.event(MessageIds.EVENT_CONFIG), 8));
        assertEquals(0x4f, rig.status(1));
        assertTrue(rig.deviceEvents.isEmpty());
    }
}
