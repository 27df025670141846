// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.codec.MessageIds;
import vireo.transport.core.Await;
import vireo.transport.core.Messages;

/** Resets and everything that goes wrong while a device is live. */
@Timeout(30)
class SlotLifeTest {
    private DeviceRig rig;
    private FakeDevice device;
    private int holders;

    @BeforeEach
    void begin() throws Exception {
        rig = new DeviceRig();
        device = rig.plug("disk", new FakeDevice());
        rig.awaitSlot(1);
        holders = holders();
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private int holders() {
        var generation = rig.driver.guest().acquire();
        try {
            return generation.holders() - 1;
        } finally {
            generation.release();
        }
    }

    @Test
    void shouldDropChainsInFlightWhenReset() throws Exception {
        device.keeps = true;
        rig.start(1);
        rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        assertEquals(0, rig.status(1, 0));
        assertEquals(holders, holders());
        device.kept.poll().complete(16);
        rig.awaitCount(1, "completions_dropped", 1);
        assertEquals(0, rig.driver.ring().usedIndex());
        assertEquals(holders, holders());
    }

    @Test
    void shouldAskForResetWhenDeviceDoesNotComeToRest() throws Exception {
        device.keeps = true;
        device.restless = true;
        rig.start(1);
        rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        assertEquals(0x4f, rig.status(1, 0));
        assertEquals(0x4f, Messages.word(rig.event(MessageIds.EVENT_CONFIG), 8));
        assertFalse(device.notes.contains("close"));
        assertTrue(holders() > holders, "memory of a chain in flight must stay");
        assertEquals(1, rig.count(1, "unrested"));
        device.restless = false;
        assertEquals(0, rig.status(1, 0));
        assertEquals(holders, holders());
        assertTrue(device.notes.contains("close"));
        device.keeps = false;
        rig.driver.startAt(0);
        rig.start(1);
    }

    @Test
    void shouldLetOthersWorkWhenOneDeviceHangs() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        device.quiesceGate = gate;
        FakeDevice other = rig.plug("other", new FakeDevice());
        rig.awaitSlot(2);
        rig.negotiate(1);
        rig.status(1, DeviceRig.DRIVER_OK);
        int hanging = rig.send(0, MessageIds.SET_DEVICE_STATUS, 1, 0);
        Await.until(() -> device.notes.contains("quiesce"));
        rig.start(2);
        rig.submit(2);
        rig.awaitUsed();
        assertTrue(other.notes.contains("chain"));
        assertFalse(rig.answered(hanging));
        rig.plug("third", new FakeDevice());
        rig.awaitSlot(3);
        assertEquals(0x4f, Messages.word(rig.answer(hanging), 8));
        gate.countDown();
        assertEquals(0, rig.status(1, 0));
    }

    @Test
    void shouldAskForResetWhenRingIsMalformed() throws Exception {
        rig.start(1);
        rig.driver.ring().availIndex(999);
        rig.kick(1);
        byte[] event = rig.event(MessageIds.EVENT_CONFIG);
        assertEquals(0x4f, Messages.word(event, 8));
        assertEquals(0, Messages.word(event, 20));
        assertEquals(0x4f, rig.status(1));
        assertEquals(1, rig.count(1, "queues_broken"));
        Await.until(() -> device.notes.contains("close"));
        assertEquals(0x4f, rig.status(1, DeviceRig.DRIVER_OK));
        rig.driver.ring().availIndex(0);
        rig.start(1);
        rig.submit(1);
        rig.awaitUsed();
    }

    @Test
    void shouldAskForResetWhenDeviceSaysSo() throws Exception {
        rig.start(1);
        device.context.needsReset("image lost");
        assertEquals(0x4f, Messages.word(rig.event(MessageIds.EVENT_CONFIG), 8));
        Await.until(() -> device.notes.contains("close"));
        assertEquals(0, rig.status(1, 0));
    }

    @Test
    void shouldAskForResetWhenDeviceCannotServe() throws Exception {
        device.refusesActivation = context -> new IllegalStateException("no image");
        rig.negotiate(1);
        rig.setQueue(1);
        assertEquals(0x4f, rig.status(1, DeviceRig.DRIVER_OK));
        assertEquals(0x4f, Messages.word(rig.event(MessageIds.EVENT_CONFIG), 8));
        assertEquals(1, rig.count(1, "device_failures"));
        device.refusesActivation = context -> null;
        rig.start(1);
    }

    @Test
    void shouldGiveUpTheSlotOnlyWhenMemoryGoesAwayUnderIt() throws Exception {
        FakeDevice other = rig.plug("other", new FakeDevice());
        rig.awaitSlot(2);
        device.onChain = () -> {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        };
        rig.start(1);
        rig.submit(1);
        assertEquals(0x4f, Messages.word(rig.event(MessageIds.EVENT_CONFIG), 8));
        assertEquals(1, rig.count(1, "memory_faults"));
        rig.driver.startAt(1);
        rig.negotiate(2);
        assertEquals(11, rig.status(2));
        assertTrue(other.notes.isEmpty());
    }

    @Test
    void shouldCompleteChainAndGoOnWhenHandlerThrows() throws Exception {
        device.onChain = () -> {
            throw new IllegalStateException("broken handler");
        };
        rig.start(1);
        rig.submit(1);
        rig.awaitUsed();
        assertEquals(0, rig.driver.usedLength());
        rig.awaitCount(1, "handler_failures", 1);
        device.onChain = () -> { };
        rig.submit(1);
        rig.awaitUsed();
        assertEquals(16, rig.driver.usedLength());
    }

    @Test
    void shouldAnswerQueueResetOnlyWhenChainsAreBack() throws Exception {
        device.keeps = true;
        rig.start(1);
        rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        int reset = rig.send(0, MessageIds.RESET_VQUEUE, 1, 0);
        Await.until(() -> device.notes.contains("stopping 0"));
        assertFalse(rig.answered(reset));
        device.kept.poll().complete(7);
        assertEquals(8, rig.answer(reset).length);
        rig.awaitUsed();
        assertEquals(7, rig.driver.usedLength());
        assertEquals(0, rig.queueSize(1, 0));
        assertEquals(15, rig.status(1));
        device.keeps = false;
        rig.driver.startAt(0);
        rig.setQueue(1);
        rig.submit(1);
        rig.awaitUsed();
        assertEquals(List.of("activate b 1"), device.notes.stream().filter(note -> note.startsWith("act")).toList());
    }

    @Test
    void shouldNotifyNobodyWhenQueueWasReset() throws Exception {
        rig.start(1);
        rig.submit(1);
        rig.awaitUsed();
        rig.event(MessageIds.EVENT_USED);
        rig.ask(MessageIds.RESET_VQUEUE, 1, 0);
        rig.driver.writable(rig.driver.allocate(16), 16).submit();
        rig.kick(1);
        rig.awaitCount(1, "kicks_ignored", 1);
        rig.status(1);
        assertTrue(rig.events.isEmpty());
    }
}
