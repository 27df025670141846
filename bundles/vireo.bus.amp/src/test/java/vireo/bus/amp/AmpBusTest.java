// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.bus.BusAttachment;
import vireo.bus.BusException;
import vireo.bus.BusException.Reason;
import vireo.bus.BusInfo;
import vireo.bus.SendResult;
import vireo.observe.CounterSet;

/** Both halves in one process: what they carry, and how they come and go. */
@Timeout(60)
class AmpBusTest {

    @TempDir
    Path dir;

    private static byte[] padded(MemorySegment message) {
        return Arrays.copyOf(message.toArray(ValueLayout.JAVA_BYTE), SlotRing.SLOT_BYTES);
    }

    @ParameterizedTest
    @CsvSource({"files, socket", "files, eventfd", "page-pair, socket", "window, eventfd"})
    void shouldCarryMessagesBothWays(String layout, String wake) throws Exception {
        Object[] more = {"layout", layout, "wake", wake};
        CounterSet counted;
        Recorder atDevice = new Recorder();
        Recorder atDriver = new Recorder();
        try (AmpBus device = Bench.open(dir, "device", more); AmpBus driver = Bench.open(dir, "driver", more)) {
            device.attach(atDevice);
            driver.attach(atDriver);
            atDevice.awaitConnected();
            atDriver.awaitConnected();
            for (int length = 8; length <= 64; length++) {
                assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(length, length)));
                assertArrayEquals(padded(Bench.message(length, length)), atDevice.message());
                assertEquals(SendResult.SENT, Bench.send(device, Bench.message(-length, length)));
                assertArrayEquals(padded(Bench.message(-length, length)), atDriver.message());
            }
            counted = device.counters();
        }
        assertEquals(57, counted.get(AmpCounters.SENT));
        assertEquals(57, counted.get(AmpCounters.RECEIVED));
    }

    /** Without polling every message finds its reader asleep or falling asleep, so one lost wake-up stops the test. */
    @ParameterizedTest
    @ValueSource(strings = {"socket", "eventfd"})
    void shouldLoseNoWakeUpWhenTheReaderSleepsBetweenMessages(String wake) throws Exception {
        Object[] more = {"wake", wake, "poll.us", 0, "ping", false};
        try (AmpBus device = Bench.open(dir, "device", more); AmpBus driver = Bench.open(dir, "driver", more)) {
            device.attach(new Recorder() {
                @Override
                public void onMessage(MemorySegment base, long offset, long length) {
                    device.trySend(base, offset, length);
                }
            });
            Recorder atDriver = new Recorder();
            driver.attach(atDriver);
            atDriver.awaitConnected();
            for (int i = 0; i < 3000; i++) {
                assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(i, 48)));
                assertArrayEquals(padded(Bench.message(i, 48)), atDriver.message());
            }
        }
    }

    @Test
    void shouldReportAFullRingAndLoseNothingWhenTheReaderIsStuck() throws Exception {
        Object[] more = {"layout", "page-pair"};
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch stuck = new CountDownLatch(1);
        Recorder atDevice = new Recorder() {
            @Override
            public void onMessage(MemorySegment base, long offset, long length) {
                super.onMessage(base, offset, length);
                entered.countDown();
                awaitQuietly(stuck);
            }
        };
        Recorder atDriver = new Recorder();
        try (AmpBus device = Bench.open(dir, "device", more); AmpBus driver = Bench.open(dir, "driver", more)) {
            device.attach(atDevice);
            driver.attach(atDriver);
            atDriver.awaitConnected();
            assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(0, 48)));
            entered.await();
            int sent = 1;
            while (driver.counters().get(AmpCounters.FULL) == 0) {
                sent += driver.trySend(Bench.message(sent, 48), 0, 48) == SendResult.SENT ? 1 : 0;
            }
            assertEquals(62, sent, "61 in the ring and one that was taken");
            assertEquals(SendResult.FULL, driver.trySend(Bench.message(sent, 48), 0, 48));
            stuck.countDown();
            for (int i = 0; i < sent; i++) {
                assertArrayEquals(padded(Bench.message(i, 48)), atDevice.message());
            }
            assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(99, 48)));
            assertArrayEquals(padded(Bench.message(99, 48)), atDevice.message());
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void shouldMeetWhenTheDeviceComesLate() throws Exception {
        Recorder atDriver = new Recorder();
        try (AmpBus driver = Bench.open(dir, "driver")) {
            driver.attach(atDriver);
            assertEquals(SendResult.CLOSED, driver.trySend(Bench.message(1, 48), 0, 48));
            assertEquals(0, driver.memory().generation(), "the memory is the device's to make");
            try (AmpBus device = Bench.open(dir, "device")) {
                device.attach(new Recorder());
                atDriver.awaitConnected();
                assertEquals(1, driver.memory().generation());
                assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(1, 48)));
            }
            assertEquals(Reason.PEER_LOST, atDriver.awaitDisconnected().reason());
        }
    }

    @Test
    void shouldMeetWhenTheDriverListensAndCreates() throws Exception {
        Object[] more = {"create", false, "wake.listen", false};
        Recorder atDevice = new Recorder();
        try (AmpBus device = Bench.open(dir, "device", more)) {
            device.attach(atDevice);
            try (AmpBus driver = Bench.open(dir, "driver", "create", true, "wake.listen", true)) {
                Recorder atDriver = new Recorder();
                driver.attach(atDriver);
                atDriver.awaitConnected();
                atDevice.awaitConnected();
                assertEquals(SendResult.SENT, Bench.send(device, Bench.message(3, 12)));
                assertArrayEquals(padded(Bench.message(3, 12)), atDriver.message());
            }
        }
    }

    @Test
    void shouldNoticeAndSurviveWhenEitherSideRestarts() throws Exception {
        Recorder atDevice = new Recorder();
        Recorder atDriver = new Recorder();
        try (AmpBus device = Bench.open(dir, "device")) {
            device.attach(atDevice);
            long epoch = 0;
            for (int i = 0; i < 5; i++) {
                try (AmpBus driver = Bench.open(dir, "driver")) {
                    driver.attach(atDriver);
                    atDriver.awaitConnected();
                    long next = atDevice.awaitConnected();
                    assertNotEquals(epoch, next);
                    epoch = next;
                    assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(i, 48)));
                    assertArrayEquals(padded(Bench.message(i, 48)), atDevice.message());
                }
                assertEquals(Reason.CLOSED, atDriver.awaitDisconnected().reason());
                assertEquals(Reason.PEER_LOST, atDevice.awaitDisconnected().reason());
                assertEquals(SendResult.CLOSED, device.trySend(Bench.message(1, 8), 0, 8));
            }
        }
        try (AmpBus driver = Bench.open(dir, "driver")) {
            driver.attach(atDriver);
            for (int i = 0; i < 5; i++) {
                try (AmpBus device = Bench.open(dir, "device")) {
                    Recorder restarted = new Recorder();
                    device.attach(restarted);
                    atDriver.awaitConnected();
                    restarted.awaitConnected();
                    assertEquals(SendResult.SENT, Bench.send(device, Bench.message(i, 48)));
                    assertArrayEquals(padded(Bench.message(i, 48)), atDriver.message());
                }
                assertEquals(Reason.PEER_LOST, atDriver.awaitDisconnected().reason());
            }
        }
    }

    @Test
    void shouldKeepQueuedRequestsAtTheDeviceAndDropQueuedAnswersAtTheDriver() throws Exception {
        Object[] more = {"layout", "window", "slots", 8};
        try (AmpBus device = Bench.open(dir, "device", more)) {
            assertEquals(1, device.memory().generation());
            SlotProducer late = device.rings().producer();
            assertEquals(SlotRing.DONE, late.put(Bench.message(66, 48), 0, 48), "an answer nobody waits for any more");
        }
        try (AmpBus driver = Bench.open(dir, "driver", more)) {
            SlotProducer early = driver.rings().producer();
            assertEquals(SlotRing.DONE, early.put(Bench.message(77, 48), 0, 48), "asked before the device was there");
        }
        Recorder atDevice = new Recorder();
        Recorder atDriver = new Recorder();
        try (AmpBus device = Bench.open(dir, "device", more); AmpBus driver = Bench.open(dir, "driver", more)) {
            device.attach(atDevice);
            driver.attach(atDriver);
            assertArrayEquals(padded(Bench.message(77, 48)), atDevice.message());
            atDriver.awaitConnected();
            atDevice.awaitConnected();
            assertEquals(SendResult.SENT, Bench.send(device, Bench.message(88, 48)));
            assertArrayEquals(padded(Bench.message(88, 48)), atDriver.message(), "66 was dropped");
            assertEquals(1, driver.counters().get(AmpCounters.DISCARDED));
            assertEquals(0, device.counters().get(AmpCounters.DISCARDED));
        }
    }

    @Test
    void shouldCostOnlyTheMessageWhenACallbackFails() throws Exception {
        Recorder atDevice = new Recorder() {
            @Override
            public void onMessage(MemorySegment base, long offset, long length) {
                super.onMessage(base, offset, length);
                if (base.get(ValueLayout.JAVA_BYTE, offset + 8) == 1) {
                    throw new IllegalStateException("on purpose");
                }
            }

            @Override
            public void connected(long peerEpoch, boolean resumed) {
                super.connected(peerEpoch, resumed);
                throw new AssertionError("on purpose");
            }
        };
        Recorder atDriver = new Recorder();
        try (AmpBus device = Bench.open(dir, "device"); AmpBus driver = Bench.open(dir, "driver")) {
            device.attach(atDevice);
            driver.attach(atDriver);
            atDriver.awaitConnected();
            for (int i = 1; i <= 3; i++) {
                assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(i, 48)));
                assertArrayEquals(padded(Bench.message(i, 48)), atDevice.message());
            }
            assertEquals(2, device.counters().get(AmpCounters.CALLBACK_FAILURES));
        }
    }

    @Test
    void shouldDeliverNothingAfterItsListenerClosedFromACallback() throws Exception {
        AtomicReference<BusAttachment> attachment = new AtomicReference<>();
        CountDownLatch attached = new CountDownLatch(1);
        Recorder atDevice = new Recorder() {
            @Override
            public void onMessage(MemorySegment base, long offset, long length) {
                super.onMessage(base, offset, length);
                awaitQuietly(attached);
                attachment.get().close();
                attachment.get().close();
            }
        };
        Recorder atDriver = new Recorder();
        Recorder next = new Recorder();
        try (AmpBus device = Bench.open(dir, "device"); AmpBus driver = Bench.open(dir, "driver")) {
            driver.attach(atDriver);
            attachment.set(device.attach(atDevice));
            atDriver.awaitConnected();
            for (int i = 0; i < 3; i++) {
                assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(i, 48)));
            }
            attached.countDown();
            assertEquals(Reason.PEER_LOST, atDriver.awaitDisconnected().reason());
            assertEquals(1, atDevice.messages.size());
            device.attach(next);
            atDriver.awaitConnected();
            assertArrayEquals(padded(Bench.message(1, 48)), next.message(), "what the first listener left");
            assertEquals(1, atDevice.messages.size());
        }
    }

    @Test
    void shouldCloseTheWholeBusFromACallback() throws Exception {
        AtomicReference<AmpBus> bus = new AtomicReference<>();
        Recorder atDevice = new Recorder() {
            @Override
            public void onMessage(MemorySegment base, long offset, long length) {
                super.onMessage(base, offset, length);
                bus.get().close();
            }
        };
        Recorder atDriver = new Recorder();
        try (AmpBus device = Bench.open(dir, "device"); AmpBus driver = Bench.open(dir, "driver")) {
            bus.set(device);
            device.attach(atDevice);
            driver.attach(atDriver);
            atDriver.awaitConnected();
            atDevice.awaitConnected();
            assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(1, 48)));
            assertEquals(Reason.CLOSED, atDevice.awaitDisconnected().reason());
            assertEquals(Reason.PEER_LOST, atDriver.awaitDisconnected().reason());
            assertEquals(-1, device.memory().generation());
        }
    }

    @Test
    void shouldRefuseASecondListenerAndAnyAfterClose() throws Exception {
        AmpBus bus = Bench.open(dir, "device");
        try (bus) {
            bus.attach(new Recorder());
            String text = assertThrows(IllegalStateException.class, () -> bus.attach(new Recorder())).getMessage();
            assertTrue(text.contains("amp0/device has a listener already"), text);
        }
        bus.close();
        assertThrows(IllegalStateException.class, () -> bus.attach(new Recorder()));
        assertEquals(SendResult.CLOSED, bus.trySend(Bench.message(1, 8), 0, 8));
    }

    @Test
    void shouldDescribeItself() throws Exception {
        try (AmpBus bus = Bench.open(dir, "driver", "profile", "v1", "max.devices", 7)) {
            BusInfo info = bus.info();
            assertSame(info, bus.info());
            assertEquals(64, info.maxMessageSize());
            assertEquals(BusInfo.Role.DRIVER, info.role());
            assertEquals(7, info.maxDevices());
            assertEquals(BusInfo.Signalling.IN_BAND, info.kicks());
            assertSame(bus.memory(), bus.memory());
        }
    }

    @Test
    void shouldRefuseASecondPeerWhileTheFirstIsThere() throws Exception {
        Recorder atDevice = new Recorder();
        Recorder atDriver = new Recorder();
        try (AmpBus device = Bench.open(dir, "device"); AmpBus driver = Bench.open(dir, "driver")) {
            device.attach(atDevice);
            driver.attach(atDriver);
            atDriver.awaitConnected();
            atDevice.awaitConnected();
            try (RawPeer stranger = new RawPeer(dir.resolve("wake-amp0"))) {
                stranger.awaitEnd();
            }
            assertEquals(1, device.counters().get(AmpCounters.REFUSED));
            assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(5, 48)));
            assertArrayEquals(padded(Bench.message(5, 48)), atDevice.message());
            assertTrue(atDevice.events.isEmpty(), "the first peer noticed nothing");
        }
    }

    @Test
    void shouldReplaceTheSocketFileOfADeadProcessAndRemoveItsOwn() throws Exception {
        Path socket = dir.resolve("wake-amp0");
        RawPeer.leaveFile(socket);
        assertTrue(Files.exists(socket));
        Recorder atDriver = new Recorder();
        try (AmpBus device = Bench.open(dir, "device"); AmpBus driver = Bench.open(dir, "driver")) {
            device.attach(new Recorder());
            driver.attach(atDriver);
            atDriver.awaitConnected();
        }
        assertTrue(Files.notExists(socket));
    }

    @Test
    void shouldMeetAgainWhenTheFilesWereReplacedWhileThePeerWasAway() throws Exception {
        Recorder atDriver = new Recorder();
        try (AmpBus driver = Bench.open(dir, "driver")) {
            driver.attach(atDriver);
            for (int round = 1; round <= 3; round++) {
                Recorder atDevice = new Recorder();
                try (AmpBus device = Bench.open(dir, "device")) {
                    device.attach(atDevice);
                    atDriver.awaitConnected();
                    assertEquals(round, driver.memory().generation(), "new memory, new generation");
                    assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(round, 48)));
                    assertArrayEquals(padded(Bench.message(round, 48)), atDevice.message());
                    for (String file : new String[] {"queue-amp0-driver", "queue-amp0-device", "memory-amp0"}) {
                        Files.delete(dir.resolve(file));
                    }
                }
                atDriver.awaitDisconnected();
            }
        }
    }

    @Test
    void shouldLeaveNothingBehindAfterManyRounds() throws Exception {
        rounds(3);
        int descriptors = Bench.descriptors();
        rounds(40);
        assertEquals(0, Bench.mappings(dir));
        assertEquals(descriptors, Bench.descriptors());
        List<String> threads = Bench.threads();
        assertTrue(threads.stream().noneMatch(name -> name.startsWith("vireo-amp")), threads.toString());
    }

    private void rounds(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            Object[] more = {"wake", i % 2 == 0 ? "socket" : "eventfd", "layout", i % 3 == 0 ? "files" : "window"};
            Recorder atDriver = new Recorder();
            try (AmpBus driver = Bench.open(dir, "driver", more); AmpBus device = Bench.open(dir, "device", more)) {
                driver.attach(atDriver);
                device.attach(new Recorder());
                if (i % 4 != 0) {
                    atDriver.awaitConnected();
                    assertEquals(SendResult.SENT, Bench.send(driver, Bench.message(i, 48)));
                }
            }
            awaitUnmapped();
        }
    }

    /** Memory is unmapped on a thread of its own, a moment after its last holder let go. */
    private void awaitUnmapped() throws Exception {
        while (Bench.mappings(dir) > 0) {
            Thread.yield();
        }
    }

    @Test
    void shouldTellTheListenerWhenTheBusIsClosedUnderIt() throws Exception {
        Recorder atDevice = new Recorder();
        Recorder atDriver = new Recorder();
        AmpBus device = Bench.open(dir, "device");
        try (AmpBus driver = Bench.open(dir, "driver")) {
            device.attach(atDevice);
            driver.attach(atDriver);
            atDevice.awaitConnected();
            device.close();
            BusException cause = atDevice.awaitDisconnected();
            assertEquals(Reason.CLOSED, cause.reason());
            device.close();
            assertTrue(atDevice.events.isEmpty(), "told once");
        }
    }
}
