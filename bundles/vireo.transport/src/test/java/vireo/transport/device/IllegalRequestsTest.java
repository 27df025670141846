// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.codec.MessageIds;
import vireo.transport.core.Messages;
import vireo.virtqueue.mock.MockDriver;

/** A driver that asks what it must not. */
@Timeout(30)
class IllegalRequestsTest {
    private DeviceRig rig;
    private FakeDevice device;

    @BeforeEach
    void begin() throws Exception {
        rig = new DeviceRig();
        device = rig.plug("disk", new FakeDevice());
        rig.awaitSlot(1);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    @Test
    void shouldKeepStatusWhenIllegalOneIsWritten() throws Exception {
        rig.status(1, DeviceRig.DRIVER);
        for (int written : new int[] {1, 2, 4, 7, 8, 16, 0x13, 0x20, 0x23, 0x43, 0x47, 0x80}) {
            assertEquals(3, rig.status(1, written), "wrote " + written);
        }
        assertEquals(12, rig.count(1, "status_illegal"));
        assertEquals(3, rig.status(1, 0xffffff03));
        assertEquals(12, rig.count(1, "status_illegal"));
    }

    @Test
    void shouldStayFailedUntilResetWhenDriverGaveUp() throws Exception {
        rig.start(1);
        assertEquals(0x8f, rig.status(1, 0x8f));
        assertTrue(device.notes.contains("quiesce"));
        assertEquals(0x8f, rig.status(1, 15));
        assertEquals(0, rig.status(1, 0));
    }

    @Test
    void shouldRefuseFeaturesOkWhenFeatureWasNotOffered() throws Exception {
        rig.status(1, DeviceRig.DRIVER);
        rig.features(1, 1 << 7, DeviceRig.VERSION_1);
        assertEquals(3, rig.status(1, DeviceRig.FEATURES_OK));
        rig.features(1, 1 << 5, DeviceRig.VERSION_1);
        assertEquals(11, rig.status(1, DeviceRig.FEATURES_OK));
        assertEquals(1, rig.count(1, "features_refused"));
    }

    @Test
    void shouldRefuseFeaturesOkWhenVersion1IsMissing() throws Exception {
        rig.status(1, DeviceRig.DRIVER);
        rig.features(1, 1 << 5, 0);
        assertEquals(3, rig.status(1, DeviceRig.DRIVER_OK));
        assertEquals(List.of(), device.notes);
    }

    @Test
    void shouldRefuseFeaturesOkWhenFeatureIsFarOut() throws Exception {
        rig.status(1, DeviceRig.DRIVER);
        rig.features(1, 0, DeviceRig.VERSION_1);
        rig.ask(MessageIds.SET_DRIVER_FEATURES, 1, 0xffffffff, 1, 1);
        assertEquals(3, rig.status(1, DeviceRig.FEATURES_OK));
        assertEquals(0, rig.status(1, 0));
        rig.status(1, DeviceRig.DRIVER);
        rig.features(1, 0, DeviceRig.VERSION_1);
        rig.ask(MessageIds.SET_DRIVER_FEATURES, 1, 0xffffffff, 1, 0);
        assertEquals(11, rig.status(1, DeviceRig.FEATURES_OK));
    }

    @Test
    void shouldRefuseFeaturesOkWhenDeviceDoesNotAcceptThem() throws Exception {
        device.accepts = features -> features.has(5);
        rig.status(1, DeviceRig.DRIVER);
        rig.features(1, 0, DeviceRig.VERSION_1);
        assertEquals(3, rig.status(1, DeviceRig.FEATURES_OK));
        device.accepts = features -> {
            throw new IllegalStateException("broken device");
        };
        assertEquals(3, rig.status(1, DeviceRig.FEATURES_OK));
        assertEquals(1, rig.count(1, "device_failures"));
    }

    @Test
    void shouldKeepFeaturesWhenWrittenAfterFeaturesOk() throws Exception {
        rig.negotiate(1);
        rig.features(1, 1 << 5, 0);
        assertTrue(rig.slot(1).selected().has(32));
        assertFalse(rig.slot(1).selected().has(5));
    }

    @Test
    void shouldAnswerFeatureBlocksThatFitWhenMoreAreWanted() throws Exception {
        byte[] all = rig.ask(MessageIds.GET_DEVICE_FEATURES, 1, 0, 0xffffffff);
        assertEquals(264, all.length);
        assertEquals(62, Messages.word(all, 12));
        assertEquals(1 << 5 | 1 << 9 | 1 << 28 | 1 << 29, Messages.word(all, 16));
        assertEquals(1 | 1 << 8, Messages.word(all, 20));
        assertEquals(0, Messages.word(all, 24));
        byte[] beyond = rig.ask(MessageIds.GET_DEVICE_FEATURES, 1, 0xfffffffe, 2);
        assertEquals(0xfffffffe, Messages.word(beyond, 8));
        assertEquals(0, Messages.word(beyond, 16));
        assertEquals(0, Messages.word(beyond, 20));
        assertEquals(16, rig.ask(MessageIds.GET_DEVICE_FEATURES, 1, 0, 0).length);
    }

    @Test
    void shouldLeaveQueueUnsetWhenValuesAreBad() throws Exception {
        rig.negotiate(1);
        long base = MockDriver.BASE;
        long end = base + (1 << 20);
        long[][] bad = {
            {0, base, base + 0x1000, base + 0x2000},
            {3, base, base + 0x1000, base + 0x2000},
            {128, base, base + 0x1000, base + 0x2000},
            {0x10010, base, base + 0x1000, base + 0x2000},
            {16, base + 8, base + 0x1000, base + 0x2000},
            {16, base, base + 0x1001, base + 0x2000},
            {16, base, base + 0x1000, base + 0x2002},
            {16, end, base + 0x1000, base + 0x2000},
            {16, end - 16, base + 0x1000, base + 0x2000},
            {16, base, end - 2, base + 0x2000},
            {16, base, base + 0x1000, -16},
            {16, -16, base + 0x1000, base + 0x2000},
        };
        for (long[] one : bad) {
            assertEquals(8, rig.setQueue(1, 0, (int) one[0], one[1], one[2], one[3]).length);
            assertEquals(0, rig.queueSize(1, 0), "size " + one[0] + " at " + Long.toHexString(one[1]));
        }
        assertEquals(bad.length, rig.count(1, "queues_refused"));
        rig.setQueue(1);
        rig.setQueue(1, 0, 0, base, base + 0x1000, base + 0x2000);
        assertEquals(16, rig.queueSize(1, 0));
    }

    @Test
    void shouldShowNothingOfQueueWhenItDoesNotExist() throws Exception {
        rig.negotiate(1);
        rig.setQueue(1, 2, 16, MockDriver.BASE, MockDriver.BASE + 0x1000, MockDriver.BASE + 0x2000);
        rig.setQueue(1, -1, 16, MockDriver.BASE, MockDriver.BASE + 0x1000, MockDriver.BASE + 0x2000);
        rig.ask(MessageIds.RESET_VQUEUE, 1, 77);
        byte[] queue = rig.ask(MessageIds.GET_VQUEUE, 1, 0xfffffff0);
        assertArrayEquals(Messages.message(1, MessageIds.GET_VQUEUE, 1, Messages.token(queue), 0xfffffff0, 0, 0, 0, 0,
                0, 0, 0, 0, 0), queue);
        assertEquals(2, rig.count(1, "queues_refused"));
    }

    @Test
    void shouldKeepQueueWhenSetUpAgainWhileLive() throws Exception {
        rig.start(1);
        rig.setQueue(1, 0, 8, MockDriver.BASE, MockDriver.BASE + 0x1000, MockDriver.BASE + 0x2000);
        assertEquals(16, rig.queueSize(1, 0));
        rig.submit(1);
        rig.awaitUsed();
    }

    @Test
    void shouldTakeNewValuesWhenSetUpAgainBeforeDriverOk() throws Exception {
        rig.negotiate(1);
        rig.setQueue(1, 0, 8, MockDriver.BASE, MockDriver.BASE + 0x1000, MockDriver.BASE + 0x2000);
        assertEquals(8, rig.queueSize(1, 0));
        rig.setQueue(1);
        assertEquals(16, rig.queueSize(1, 0));
    }

    @Test
    void shouldChangeNothingWhenQueueIsResetWithoutTheFeature() throws Exception {
        rig.status(1, DeviceRig.DRIVER);
        rig.features(1, 0, DeviceRig.VERSION_1);
        rig.status(1, DeviceRig.FEATURES_OK);
        rig.setQueue(1);
        assertEquals(8, rig.ask(MessageIds.RESET_VQUEUE, 1, 0).length);
        assertEquals(16, rig.queueSize(1, 0));
    }

    @Test
    void shouldIgnoreNotificationsWhenQueueIsNotSetUpOrUnknown() throws Exception {
        rig.negotiate(1);
        rig.kick(1);
        rig.wire.deliver(Messages.message(0, MessageIds.EVENT_AVAIL, 1, 0, 0xffffffff, 0));
        rig.wire.deliver(Messages.message(0, MessageIds.EVENT_AVAIL, 1, 0, 63, 0));
        rig.wire.deliver(Messages.message(0, MessageIds.EVENT_AVAIL, 9, 0, 0, 0));
        rig.awaitCount(1, "kicks_ignored", 3);
        assertEquals(11, rig.status(1));
    }

    @Test
    void shouldDropRequestsWhenInboxIsFull() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        CountDownLatch judged = new CountDownLatch(1);
        device.accepts = features -> {
            judged.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return true;
        };
        rig.status(1, DeviceRig.DRIVER);
        rig.features(1, 0, DeviceRig.VERSION_1);
        int blocked = rig.send(0, MessageIds.SET_DEVICE_STATUS, 1, DeviceRig.FEATURES_OK);
        judged.await();
        List<Integer> tokens = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            tokens.add(rig.send(0, MessageIds.GET_DEVICE_STATUS, 1));
        }
        rig.settle();
        rig.awaitCount(1, "requests_dropped", 6);
        gate.countDown();
        assertEquals(11, Messages.word(rig.answer(blocked), 8));
        for (int i = 0; i < 64; i++) {
            assertEquals(11, Messages.word(rig.answer(tokens.get(i)), 8));
        }
        assertEquals(6, rig.count(1, "requests_dropped"));
        assertEquals(11, rig.status(1));
        assertFalse(rig.answered(tokens.get(64)));
    }

    @Test
    void shouldDropNoRequestWhenDriverKeepsSixtyFourInFlight() throws Exception {
        ArrayDeque<Integer> inFlight = new ArrayDeque<>();
        for (int i = 0; i < 5_000; i++) {
            if (inFlight.size() == 64) {
                rig.answer(inFlight.poll());
            }
            inFlight.add(rig.send(0, MessageIds.GET_DEVICE_STATUS, 1));
        }
        while (!inFlight.isEmpty()) {
            rig.answer(inFlight.poll());
        }
        assertEquals(0, rig.count(1, "requests_dropped"));
    }

    @Test
    void shouldAnswerNothingWhenMessageIsNotForADevice() throws Exception {
        int event = rig.send(0, MessageIds.EVENT_CONFIG, 1, 0, 0, 0, 0);
        rig.wire.deliver(Messages.message(0, MessageIds.EVENT_CONFIG, 1, 0, 0, 0, 0, 0));
        rig.wire.deliver(Messages.message(2, MessageIds.BUS_EVENT_DEVICE, 0, 0, 0));
        int unknown = rig.send(0, MessageIds.GET_DEVICE_STATUS, 7);
        rig.status(1);
        assertFalse(rig.answered(event));
        assertFalse(rig.answered(unknown));
        assertEquals(1, rig.counters.stream().filter(set -> set.part().equals("devices")).findFirst().orElseThrow()
                .get(0));
    }
}
