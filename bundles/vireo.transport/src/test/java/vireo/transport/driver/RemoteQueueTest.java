// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import vireo.bus.BusException;
import vireo.bus.BusException.Reason;
import vireo.bus.BusInfo;
import vireo.bus.BusInfo.Role;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.BusInfo.TokenOwner;
import vireo.bus.QueueSignal;
import vireo.bus.WireProfile;
import vireo.codec.MessageIds;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.driver.DmaBuffer;
import vireo.driver.DriverQueue;
import vireo.driver.RemoteDevice;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;
import vireo.os.EventFd;
import vireo.transport.core.Await;
import vireo.transport.core.Messages;

@Timeout(30)
class RemoteQueueTest {
    private static BusInfo bus(Signalling kicks, Signalling calls) {
        return new BusInfo("b", Role.DRIVER, WireProfile.RFC3, 1, 0, 264, 64, TokenOwner.TRANSPORT, kicks, calls, false,
                256);
    }

    private static RemoteDevice negotiated(DriverFixture fixture, int... features) throws Exception {
        RemoteDevice device = fixture.device(1);
        fixture.fake(1).offered = FeatureSet.of(features).plus(FeatureSet.of(FeatureSet.VERSION_1));
        device.negotiate(FeatureSet.NONE);
        return device;
    }

    private static RequestException openFailure(RemoteDevice device, int index) {
        return assertThrows(RequestException.class, () -> device.openQueue(index, 8, null));
    }

    private static List<byte[]> kicks(DriverFixture fixture) {
        return fixture.bus.sent().stream().filter(message -> Messages.id(message) == MessageIds.EVENT_AVAIL).toList();
    }

    private static void submitAndKick(DriverQueue queue, DmaBuffer buffer) {
        queue.readable(buffer.address(), 16);
        assertNotEquals(DriverQueue.FULL, queue.submit());
        queue.kick();
    }

    @Test
    void shouldRefuseQueuesThatAreNotThereOrNotToBeHad() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            assertEquals(Kind.REFUSED, openFailure(fixture.device(1), 0).kind());
            RemoteDevice device = negotiated(fixture);
            assertEquals(Kind.REFUSED, openFailure(device, -1).kind());
            assertEquals(Kind.REFUSED, openFailure(device, 4).kind());
            assertEquals(Kind.REFUSED, openFailure(device, 64).kind());
            assertThrows(IllegalArgumentException.class, () -> device.openQueue(0, 100, null));
            assertThrows(IllegalArgumentException.class, () -> device.openQueue(0, 65536, null));
            fixture.fake(1).maxQueueSize = 0;
            assertEquals(Kind.REFUSED, openFailure(device, 0).kind());
            fixture.fake(1).maxQueueSize = 32769;
            assertEquals(Kind.MALFORMED_ANSWER, openFailure(device, 0).kind());
            fixture.fake(1).maxQueueSize = 256;
            fixture.fake(1).queues[0][4] = 0x5000;
            assertEquals(Kind.REFUSED, openFailure(device, 0).kind());
            fixture.fake(1).queues[0][4] = 0;
            device.openQueue(0, 8, null);
            assertTrue(openFailure(device, 0).getMessage().contains("open already"));
        }
    }

    @Test
    void shouldKeepRingMemoryUntilResetWhenDeviceDidNotTakeTheQueue() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = negotiated(fixture);
            DmaBuffer before = device.allocate(16, 16);
            before.close();
            fixture.fake(1).takesQueues = false;
            assertEquals(Kind.REFUSED, openFailure(device, 0).kind());
            DmaBuffer after = device.allocate(16, 16);
            assertNotEquals(before.address(), after.address());
            device.setStatus(0);
            assertEquals(before.address(), device.allocate(16, 16).address());
        }
    }

    @Test
    void shouldReduceSizeToPowerOfTwoThatDeviceHas() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = negotiated(fixture);
            fixture.fake(1).maxQueueSize = 100;
            assertEquals(64, device.openQueue(2, 1024, null).size());
            assertEquals(64, device.queueInfo(2).size());
        }
    }

    @Test
    void shouldNotifyOnlyOnceDeviceIsLive() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = negotiated(fixture);
            DmaBuffer buffer = device.allocate(64, 16);
            DriverQueue queue = device.openQueue(1, 8, null);
            submitAndKick(queue, buffer);
            assertEquals(0, kicks(fixture).size());
            device.ready();
            Await.until(() -> kicks(fixture).size() == 1);
            assertEquals(1, Messages.word(kicks(fixture).getFirst(), 8));
            assertEquals(0, Messages.word(kicks(fixture).getFirst(), 12));
        }
    }

    @Test
    void shouldTellPositionWhenNotificationDataIsAgreedOn() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = negotiated(fixture, FeatureSet.NOTIFICATION_DATA);
            DmaBuffer buffer = device.allocate(64, 16);
            DriverQueue queue = device.openQueue(1, 8, null);
            device.ready();
            queue.readable(buffer.address(), 1);
            queue.submit();
            submitAndKick(queue, buffer);
            Await.until(() -> kicks(fixture).size() == 1);
            assertEquals(2, Messages.word(kicks(fixture).getFirst(), 12));
        }
    }

    @Test
    void shouldNeverLoseNotificationWhenBusIsFull() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = negotiated(fixture);
            DmaBuffer buffer = device.allocate(64, 16);
            DriverQueue first = device.openQueue(0, 8, null);
            DriverQueue second = device.openQueue(1, 8, null);
            device.ready();
            fixture.bus.full(message -> true);
            submitAndKick(first, buffer);
            submitAndKick(second, buffer);
            submitAndKick(second, buffer);
            assertEquals(0, kicks(fixture).size());
            fixture.bus.full(message -> false);
            Await.until(() -> kicks(fixture).size() == 2);
            assertEquals(List.of(0, 1), kicks(fixture).stream().map(kick -> Messages.word(kick, 8)).sorted().toList());
        }
    }

    @Test
    void shouldWakeDriverWhenDeviceUsedBuffersAndIgnoreOtherIndices() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = negotiated(fixture);
            AtomicInteger woken = new AtomicInteger();
            device.openQueue(1, 8, woken::incrementAndGet);
            device.openQueue(2, 8, null);
            for (int index : new int[] {0, 2, 3, 64, -1, Integer.MIN_VALUE, 1}) {
                fixture.bus.deliver(Messages.message(0, MessageIds.EVENT_USED, 1, 0, index));
            }
            Await.until(() -> woken.get() == 1);
            assertEquals(5, fixture.count("unknown_queue"));
        }
    }

    @Test
    void shouldSignalOutOfBandWhenBusSaysSo() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(
                bus(Signalling.OUT_OF_BAND, Signalling.OUT_OF_BAND), 20_000, 1)) {
            RemoteDevice device = negotiated(fixture);
            AtomicInteger woken = new AtomicInteger();
            DriverQueue queue = device.openQueue(1, 8, woken::incrementAndGet);
            device.ready();
            submitAndKick(queue, device.allocate(64, 16));
            assertEquals(List.of("kick 1 1"), fixture.bus.signals());
            assertEquals(0, kicks(fixture).size());
            fixture.bus.dispatch(() -> fixture.bus.listener().onCall(1, 1));
            Await.until(() -> woken.get() == 1);
            device.setStatus(0);
            assertEquals(List.of("kick 1 1", "close kick 1 1", "close call 1 1"), fixture.bus.signals());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void shouldWaitForDescriptorWhenCallsComeByOne() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(
                bus(Signalling.OUT_OF_BAND, Signalling.OUT_OF_BAND), 20_000, 1); EventFd calls = EventFd.create()) {
            fixture.bus.calls(new DescriptorSignal(calls));
            RemoteDevice device = negotiated(fixture);
            AtomicInteger woken = new AtomicInteger();
            device.openQueue(1, 8, () -> {
                if (woken.incrementAndGet() == 2) {
                    throw new IllegalStateException("on purpose");
                }
            });
            for (int i = 1; i <= 4; i++) {
                int times = i;
                calls.signal();
                Await.until(() -> woken.get() == times);
            }
            device.setStatus(0);
            calls.signal();
            assertEquals(4, woken.get());
            fixture.bus.calls(new DescriptorSignal(null));
            negotiated(fixture);
            assertEquals(Kind.REFUSED, openFailure(device, 1).kind());
        }
    }

    /** A signal by eventfd, or by a descriptor that does not exist. */
    private record DescriptorSignal(EventFd event) implements QueueSignal {
        @Override
        public int fd() {
            return event == null ? 1_000_000 : event.fd();
        }

        @Override
        public void drain() {
            event.drain();
        }

        @Override
        public void signal() {
            event.signal();
        }

        @Override
        public void close() {
            // The test's own.
        }
    }

    @Test
    void shouldWakeDriverFromTimeToTimeWhenCallsArePolled() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(bus(Signalling.POLLED, Signalling.POLLED), 20_000, 1)) {
            RemoteDevice device = negotiated(fixture);
            AtomicInteger woken = new AtomicInteger();
            DriverQueue queue = device.openQueue(1, 8, woken::incrementAndGet);
            device.ready();
            submitAndKick(queue, device.allocate(64, 16));
            Await.until(() -> woken.get() > 5);
            assertEquals(0, kicks(fixture).size());
        }
    }

    @Test
    void shouldEndQueuesWhenDeviceIsReset() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = negotiated(fixture);
            DriverQueue queue = device.openQueue(1, 8, null);
            long taken = device.allocate(16, 16).address();
            device.setStatus(0);
            assertThrows(QueueBrokenException.class, () -> queue.poll((id, written) -> { }, 1));
            assertTrue(device.allocate(16, 16).address() < taken, "the ring's memory is free again");
        }
    }

    @Test
    void shouldEndQueuesWhenBusIsLostAndKeepTheirMemoryFromOthersWhilePeerMayLive() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1, 2)) {
            RemoteDevice device = fixture.device(1);
            DriverFixture.Notes notes = new DriverFixture.Notes();
            RemoteDevice.Claim claim = device.claim("test", notes);
            negotiated(fixture);
            DriverQueue queue = device.openQueue(1, 8, null);
            DmaBuffer buffer = device.allocate(16, 16);
            device.ready();
            fixture.bus.disconnect(new BusException(Reason.PEER_LOST, "killed"));
            Await.until(() -> notes.lost != null);
            assertThrows(QueueBrokenException.class, () -> queue.poll((id, written) -> { }, 1));
            buffer.close();
            claim.close();
            fixture.peer.devices.remove(1);
            fixture.bus.connect(1, true);
            Await.until(() -> fixture.count("found") == 3);
            DmaBuffer elsewhere = fixture.device(2).allocate(16, 16);
            assertTrue(elsewhere.address() > buffer.address(), "device 1 may still write to what it was given");
            fixture.bus.disconnect(new BusException(Reason.PEER_LOST, "killed"));
            Await.until(() -> fixture.services.isEmpty());
            fixture.bus.connect(2, false);
            Await.until(() -> fixture.services.containsKey(2) && fixture.count("enumerations") == 3);
            assertTrue(fixture.device(2).allocate(16, 16).address() < elsewhere.address());
        }
    }

    @Test
    void shouldResetOneQueueOnlyWhenRingResetIsAgreedOn() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = negotiated(fixture);
            device.openQueue(1, 8, null);
            assertEquals(Kind.REFUSED, assertThrows(RequestException.class, () -> device.resetQueue(1)).kind());
            negotiated(fixture, FeatureSet.RING_RESET);
            DriverQueue queue = device.openQueue(1, 8, null);
            device.openQueue(2, 8, null);
            device.resetQueue(1);
            assertThrows(QueueBrokenException.class, () -> queue.poll((id, written) -> { }, 1));
            assertEquals(16, device.openQueue(1, 16, null).size());
            assertEquals(List.of(1, 2), fixture.driver.remotes().getFirst().queues().stream()
                    .map(view -> view.index()).toList());
        }
    }
}
