// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusAttachment;
import vireo.bus.BusInfo;
import vireo.bus.SendResult;
import vireo.bus.WireProfile;

@Timeout(60)
class LocalBusTest {

    private final LocalBus bus = LocalBus.open(LocalSettings.named("lab"));
    private final Recorder device = new Recorder();
    private final Recorder driver = new Recorder();

    @AfterEach
    void end() {
        bus.close();
        assertEquals(0, Recorder.threads());
    }

    private void connect() {
        bus.device().attach(device);
        bus.driver().attach(driver);
        device.awaitConnected();
        driver.awaitConnected();
    }

    @Test
    void shouldSayWhatItIs() {
        BusInfo info = bus.device().info();
        assertSame(info, bus.device().info());
        assertEquals(BusInfo.inBand("lab", BusInfo.Role.DEVICE, WireProfile.RFC3, 264), info);
        assertEquals(BusInfo.Role.DRIVER, bus.driver().info().role());
    }

    @Test
    void shouldNotConnectOrSendUntilBothSidesAreThere() {
        assertEquals(SendResult.CLOSED, driver.send(bus.driver(), 1));
        bus.driver().attach(driver);
        assertEquals(SendResult.CLOSED, driver.send(bus.driver(), 2));
        assertEquals(SendResult.CLOSED, device.send(bus.device(), 3));
        bus.device().attach(device);
        device.awaitConnected();
        driver.awaitConnected();
        assertEquals(SendResult.SENT, driver.send(bus.driver(), 4));
        device.await("message 4");
        assertEquals(List.of("connected 1", "message 4"), device.events);
        assertEquals(List.of("connected 2"), driver.events);
    }

    @Test
    void shouldRefuseSecondListenerByNameAndRole() {
        connect();
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> bus.device().attach(new Recorder()));
        assertEquals("bus lab (device) has a listener already; close its attachment first", e.getMessage());
        assertThrows(IllegalStateException.class, () -> bus.driver().attach(new Recorder()));
        assertThrows(NullPointerException.class, () -> bus.driver().attach(null));
    }

    @Test
    void shouldCallListenersOnTheirOwnThreadsOnly() {
        Recorder echo = new Recorder() {
            @Override
            void message(long number) {
                super.message(number);
                // The answer of this answer would overflow the stack if sending called a listener.
                send(bus.device(), number + 1);
            }
        };
        bus.device().attach(echo);
        Recorder asker = new Recorder() {
            @Override
            void message(long number) {
                super.message(number);
                if (number < 20_000) {
                    send(bus.driver(), number + 1);
                }
            }
        };
        bus.driver().attach(asker);
        asker.awaitConnected();
        asker.send(bus.driver(), 1);
        Recorder.await(() -> echo.events.size() > 10_000);
        assertNotSame(asker.thread, echo.thread);
        assertNotSame(Thread.currentThread(), asker.thread);
        assertEquals("vireo-local-lab-driver", asker.thread.getName());
    }

    @Test
    void shouldTellTheOtherSideOfTheEndAfterWhatWasSentBefore() {
        CountDownLatch proceed = new CountDownLatch(1);
        Recorder slow = new Recorder() {
            @Override
            void message(long number) {
                awaitUninterrupted(proceed);
                super.message(number);
            }
        };
        bus.device().attach(slow);
        BusAttachment first = bus.driver().attach(driver);
        driver.awaitConnected();
        slow.awaitConnected();
        for (int i = 0; i < 100; i++) {
            assertEquals(SendResult.SENT, driver.send(bus.driver(), i));
        }
        first.close();
        assertEquals(SendResult.CLOSED, driver.send(bus.driver(), 100));
        bus.driver().attach(new Recorder());
        assertEquals(SendResult.SENT, driver.send(bus.driver(), 200));
        proceed.countDown();
        slow.await("message 200");
        assertEquals(104, slow.events.size());
        assertEquals(List.of("connected 2", "message 0"), slow.events.subList(0, 2));
        assertEquals(List.of("message 99", "disconnected PEER_LOST", "connected 3", "message 200"),
                slow.events.subList(100, 104));
        assertFalse(driver.events.toString().contains("disconnected"));
    }

    static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldBeAnotherPeerWhenASideAttachesAgain() {
        BusAttachment first = bus.device().attach(device);
        bus.driver().attach(driver);
        driver.awaitConnected();
        first.close();
        driver.await("disconnected PEER_LOST");
        Recorder second = new Recorder();
        bus.device().attach(second);
        second.awaitConnected();
        Recorder.await(() -> driver.events.size() == 3);
        assertEquals(List.of("connected 1", "disconnected PEER_LOST", "connected 3"), driver.events);
        assertEquals(List.of("connected 2"), second.events);
    }

    @Test
    void shouldDiscardWhatItsReceiverDidNotStayFor() {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        AtomicReference<BusAttachment> mine = new AtomicReference<>();
        mine.set(bus.device().attach(new Recorder() {
            @Override
            void message(long number) {
                entered.countDown();
                awaitUninterrupted(proceed);
                mine.get().close();
            }
        }));
        bus.driver().attach(driver);
        driver.awaitConnected();
        for (int i = 0; i < 10; i++) {
            assertEquals(SendResult.SENT, driver.send(bus.driver(), i));
        }
        awaitUninterrupted(entered);
        proceed.countDown();
        driver.await("disconnected PEER_LOST");
        Recorder.await(() -> bus.counters().get(LocalCounters.DISCARDED) == 9);
    }

    @Test
    void shouldTellListenersWhenTheBusIsClosedUnderThem() {
        connect();
        bus.close();
        bus.close();
        assertEquals(List.of("connected 2", "disconnected CLOSED"), device.events);
        assertEquals(List.of("connected 1", "disconnected CLOSED"), driver.events);
        assertEquals(SendResult.CLOSED, driver.send(bus.driver(), 1));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> bus.device().attach(new Recorder()));
        assertEquals("bus lab is closed", e.getMessage());
        assertThrows(IllegalStateException.class, () -> bus.driver().attach(new Recorder()));
    }

    @Test
    void shouldCountWhatHappened() {
        connect();
        driver.send(bus.driver(), 1);
        driver.send(bus.driver(), 2);
        device.send(bus.device(), 3);
        device.await("message 2");
        driver.await("message 3");
        assertEquals(2, bus.counters().get(LocalCounters.TO_DEVICE));
        assertEquals(1, bus.counters().get(LocalCounters.TO_DRIVER));
        assertEquals(1, bus.counters().get(LocalCounters.CONNECTED));
        assertTrue(bus.counters().values().containsKey("vireo_bus_messages_to_device_total"));
        assertNotEquals(null, bus.counters().labels().get("bus"));
    }
}
