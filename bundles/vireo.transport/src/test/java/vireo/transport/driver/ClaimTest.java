// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusException;
import vireo.codec.MessageIds;
import vireo.device.FeatureSet;
import vireo.driver.DmaBuffer;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;
import vireo.transport.core.Await;
import vireo.transport.core.Messages;

@Timeout(30)
class ClaimTest {
    @Test
    void shouldNameTheDriverWhenDeviceIsClaimedTwice() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = fixture.device(1);
            RemoteDevice.Claim first = device.claim("vireo.driver.block", new DriverFixture.Notes());
            IllegalStateException failure = assertThrows(IllegalStateException.class,
                    () -> device.claim("other", new DriverFixture.Notes()));
            assertTrue(failure.getMessage().contains("vireo.driver.block"), failure.getMessage());
            assertEquals("vireo.driver.block", fixture.driver.remotes().getFirst().driver());
            first.close();
            first.close();
            assertNull(fixture.driver.remotes().getFirst().driver());
            device.claim("other", new DriverFixture.Notes()).close();
        }
    }

    @Test
    void shouldResetDeviceAndFreeItsRingsWhenClaimEnds() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = fixture.device(1);
            long before = firstFree(device);
            RemoteDevice.Claim claim = device.claim("test", new DriverFixture.Notes());
            device.negotiate(FeatureSet.NONE);
            device.openQueue(0, 8, null);
            device.ready();
            assertNotEquals(before, firstFree(device));
            claim.close();
            assertEquals(0, fixture.fake(1).status);
            assertEquals(before, firstFree(device));
        }
    }

    @Test
    void shouldResetDeviceWhenClaimEndsOnInterruptedThread() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice.Claim claim = fixture.device(1).claim("test", new DriverFixture.Notes());
            fixture.device(1).negotiate(FeatureSet.NONE);
            Thread.currentThread().interrupt();
            claim.close();
            assertTrue(Thread.interrupted());
            assertEquals(0, fixture.fake(1).status);
        }
    }

    @Test
    void shouldKeepMemoryBackWhenDeviceDoesNotAnswerTheLastReset() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(DriverFixture.INFO, 500, 1)) {
            RemoteDevice device = fixture.device(1);
            long before = firstFree(device);
            RemoteDevice.Claim claim = device.claim("test", new DriverFixture.Notes());
            device.negotiate(FeatureSet.NONE);
            device.openQueue(0, 8, null);
            fixture.peer.on(false, MessageIds.SET_DEVICE_STATUS, (request, answer) -> { });
            claim.close();
            assertNotEquals(before, firstFree(device));
            fixture.peer.behave();
            device.negotiate(FeatureSet.NONE);
            assertEquals(before, firstFree(device));
        }
    }

    private static long firstFree(RemoteDevice device) throws RequestException {
        try (DmaBuffer probe = device.allocate(16, 16)) {
            return probe.address();
        }
    }

    @Test
    void shouldRefuseMemoryThatBusDoesNotHave() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = fixture.device(1);
            RequestException failure = assertThrows(RequestException.class, () -> device.allocate(1L << 30, 4096));
            assertTrue(failure.getMessage().contains("give the bus more memory"), failure.getMessage());
            assertThrows(IllegalArgumentException.class, () -> device.allocate(0, 1));
            assertThrows(IllegalArgumentException.class, () -> device.allocate(1, 3));
        }
    }

    @Test
    void shouldLetDriversResetTheirDevicesWhenBusIsTakenAway() throws Exception {
        DriverFixture fixture = DriverFixture.withDevices(1);
        RemoteDevice device = fixture.device(1);
        List<String> order = new CopyOnWriteArrayList<>();
        DriverFixture.Notes notes = new DriverFixture.Notes();
        RemoteDevice.Claim claim = device.claim("test", notes);
        device.negotiate(FeatureSet.NONE);
        fixture.onUnregister = number -> {
            claim.close();
            order.add("let go of " + number);
        };
        fixture.close();
        assertEquals(List.of("let go of 1"), order);
        assertEquals(0, Messages.word(fixture.bus.sent().getLast(), 8));
        assertEquals(0, fixture.fake(1).status);
        assertTrue(notes.notes.isEmpty(), "whoever let go is told nothing: " + notes.notes);
    }

    @Test
    void shouldTellWhoeverDidNotLetGoWhenBusIsTakenAway() throws Exception {
        DriverFixture fixture = DriverFixture.withDevices(1);
        DriverFixture.Notes notes = new DriverFixture.Notes();
        fixture.device(1).claim("test", notes);
        fixture.close();
        assertEquals(List.of("lost"), notes.notes);
    }

    @Test
    void shouldKeepOneNoticeWaitingHoweverOftenDeviceNeedsReset() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            CountDownLatch first = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            AtomicInteger told = new AtomicInteger();
            fixture.device(1).claim("test", new RemoteDeviceListener() {
                @Override
                public void needsReset() {
                    told.incrementAndGet();
                    first.countDown();
                    try {
                        goOn.await();
                    } catch (InterruptedException stop) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
            for (int i = 0; i < 1000; i++) {
                fixture.bus.deliver(Messages.message(0, MessageIds.EVENT_CONFIG, 1, 0, 0x4f, 0, 0, 0));
                fixture.bus.deliver(Messages.message(0, MessageIds.EVENT_CONFIG, 1, 0, 0x0f, 0, 0, 0));
            }
            first.await();
            fixture.device(1).status();
            goOn.countDown();
            fixture.peer.event(1, 2);
            Await.until(() -> fixture.services.isEmpty());
            assertTrue(told.get() <= 2, "told " + told.get() + " times");
        }
    }

    @Test
    void shouldTellWhyBeforeTheServiceGoesWhenDeviceIsLost() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            List<String> order = new CopyOnWriteArrayList<>();
            fixture.onUnregister = number -> order.add("gone");
            fixture.device(1).claim("test", new RemoteDeviceListener() {
                @Override
                public void lost(RequestException cause) {
                    // Long enough for a service that does not wait to be gone first.
                    LockSupport.parkNanos(50_000_000);
                    order.add("told");
                }
            });
            fixture.peer.event(1, 2);
            Await.until(() -> order.size() == 2);
            assertEquals(List.of("told", "gone"), order);
        }
    }

    @Test
    void shouldTakeTheServiceAwayWhenBusGoesWhileADriverIsStillBeingToldThatItsPeerIsLost() throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.device(1).claim("test", new RemoteDeviceListener() {
                @Override
                public void lost(RequestException cause) {
                    told.countDown();
                    awaitQuietly(goOn);
                }
            });
            fixture.bus.disconnect(new BusException(BusException.Reason.PEER_LOST, "peer lost"));
            told.await();
            fixture.driver.close();
            assertTrue(fixture.services.isEmpty());
            goOn.countDown();
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
    void shouldGoOnWhenListenerThrowsAndLetItCloseItsClaim() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = fixture.device(1);
            List<String> told = new CopyOnWriteArrayList<>();
            RemoteDevice.Claim[] claim = new RemoteDevice.Claim[1];
            claim[0] = device.claim("test", new RemoteDeviceListener() {
                @Override
                public void needsReset() {
                    told.add("needs reset");
                    throw new IllegalStateException("on purpose");
                }

                @Override
                public void lost(RequestException cause) {
                    claim[0].close();
                    told.add("lost");
                }
            });
            fixture.bus.deliver(Messages.message(0, MessageIds.EVENT_CONFIG, 1, 0, 64, 0, 0, 0));
            Await.until(() -> told.size() == 1);
            fixture.peer.event(1, 2);
            Await.until(() -> told.size() == 2);
        }
    }

    @Test
    void shouldAnswerManyThreadsAtOnceWhenAnswersAreShuffled() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1, 2, 3);
                var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<byte[]> held = new ArrayList<>();
            Random random = new Random(5);
            fixture.peer.manners = (request, answer) -> {
                held.add(answer);
                if (held.size() > 3 || random.nextInt(4) == 0) {
                    Collections.shuffle(held, random);
                    held.forEach(fixture.peer::deliver);
                    held.forEach(fixture.peer::deliver);
                    held.clear();
                }
            };
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                int number = 1 + i % 3;
                int offset = i;
                calls.add(() -> fixture.device(number).readConfig(offset, 2).data()[0] - (byte) (offset * 7));
            }
            // The last few answers would be held for ever: somebody asks until all have theirs.
            var pump = callers.submit(() -> {
                while (!Thread.currentThread().isInterrupted()) {
                    try {
                        fixture.driver.link().ping(Duration.ofMillis(20));
                    } catch (RequestException kept) {
                        continue;
                    }
                }
                return null;
            });
            for (var answer : callers.invokeAll(calls)) {
                assertEquals(0, answer.get());
            }
            pump.cancel(true);
        }
    }
}
