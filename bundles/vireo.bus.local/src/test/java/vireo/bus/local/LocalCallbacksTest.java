// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusAttachment;
import vireo.bus.BusException;
import vireo.bus.SendResult;

/** What listeners may do to the bus while it calls them. */
@Timeout(60)
class LocalCallbacksTest {

    private final LocalBus bus = LocalBus.open(LocalSettings.named("lab"));
    private final Recorder driver = new Recorder();

    @AfterEach
    void end() {
        bus.close();
        Recorder.await(() -> Recorder.threads() == 0);
    }

    @Test
    void shouldCallNoMoreOnceClosedFromACallback() {
        AtomicReference<BusAttachment> mine = new AtomicReference<>();
        Recorder device = new Recorder() {
            @Override
            void message(long number) {
                super.message(number);
                mine.get().close();
                mine.get().close();
            }
        };
        mine.set(bus.device().attach(device));
        bus.driver().attach(driver);
        driver.awaitConnected();
        for (int i = 0; i < 50; i++) {
            driver.send(bus.driver(), i);
        }
        driver.await("disconnected PEER_LOST");
        mine.get().close();
        assertEquals(List.of("connected 2", "message 0"), device.events);
        assertFalse(device.thread.isAlive());
    }

    @Test
    void shouldLetAnotherListenerAttachFromTheCallbackThatClosed() {
        AtomicReference<BusAttachment> mine = new AtomicReference<>();
        Recorder next = new Recorder();
        mine.set(bus.device().attach(new Recorder() {
            @Override
            void message(long number) {
                mine.get().close();
                bus.device().attach(next);
            }
        }));
        bus.driver().attach(driver);
        driver.awaitConnected();
        driver.send(bus.driver(), 1);
        next.awaitConnected();
        Recorder.await(() -> driver.events.size() == 3);
        assertEquals(List.of("connected 1", "disconnected PEER_LOST", "connected 3"), driver.events);
        assertEquals(SendResult.SENT, driver.send(bus.driver(), 7));
        next.await("message 7");
    }

    @Test
    void shouldBeClosableFromACallback() {
        AtomicBoolean closed = new AtomicBoolean();
        bus.device().attach(new Recorder() {
            @Override
            void message(long number) {
                bus.close();
                closed.set(true);
            }
        });
        bus.driver().attach(driver);
        driver.awaitConnected();
        driver.send(bus.driver(), 1);
        driver.await("disconnected CLOSED");
        Recorder.await(closed::get);
    }

    @Test
    void shouldWaitForACallbackThatHasDetachedAndStillRuns() throws Exception {
        AtomicReference<BusAttachment> mine = new AtomicReference<>();
        CountDownLatch detached = new CountDownLatch(1);
        CountDownLatch proceed = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        mine.set(bus.device().attach(new Recorder() {
            @Override
            void message(long number) {
                mine.get().close();
                detached.countDown();
                LocalBusTest.awaitUninterrupted(proceed);
                ended.set(true);
            }
        }));
        bus.driver().attach(driver);
        driver.awaitConnected();
        driver.send(bus.driver(), 1);
        detached.await();
        AtomicBoolean tooEarly = new AtomicBoolean();
        Thread closer = Thread.ofPlatform().start(() -> {
            bus.close();
            tooEarly.set(!ended.get());
        });
        Recorder.await(() -> closer.getState() == Thread.State.WAITING);
        proceed.countDown();
        closer.join();
        assertFalse(tooEarly.get());
    }

    @Test
    void shouldNotDeadlockWhenBothSidesCloseEachOtherFromCallbacks() {
        for (int round = 0; round < 200; round++) {
            try (LocalBus other = LocalBus.open(LocalSettings.named("other"))) {
                AtomicReference<BusAttachment> deviceTie = new AtomicReference<>();
                AtomicReference<BusAttachment> driverTie = new AtomicReference<>();
                CountDownLatch both = new CountDownLatch(2);
                deviceTie.set(other.device().attach(closer(both, driverTie, deviceTie)));
                driverTie.set(other.driver().attach(closer(both, deviceTie, driverTie)));
                LocalBusTest.awaitUninterrupted(both);
            }
        }
    }

    private static Recorder closer(CountDownLatch done, AtomicReference<BusAttachment> first,
            AtomicReference<BusAttachment> second) {
        return new Recorder() {
            @Override
            public void connected(long peerEpoch, boolean resumed) {
                close();
            }

            private void close() {
                await(() -> first.get() != null && second.get() != null);
                first.get().close();
                second.get().close();
                done.countDown();
                // The other side may never hear of the connection once this one is gone.
                done.countDown();
            }
        };
    }

    @Test
    void shouldLoseOneMessageAndNoMoreWhenAListenerThrows() {
        Recorder device = new Recorder() {
            @Override
            void message(long number) {
                if (number % 6 == 0) {
                    throw new AssertionError("on purpose");
                }
                if (number % 3 == 0) {
                    throw new IllegalStateException("on purpose");
                }
                super.message(number);
            }

            @Override
            public void connected(long peerEpoch, boolean resumed) {
                super.connected(peerEpoch, resumed);
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void disconnected(BusException cause) {
                super.disconnected(cause);
                throw new IllegalStateException("on purpose");
            }
        };
        bus.device().attach(device);
        BusAttachment tie = bus.driver().attach(driver);
        driver.awaitConnected();
        for (int i = 0; i < 90; i++) {
            assertEquals(SendResult.SENT, driver.send(bus.driver(), i));
        }
        tie.close();
        device.await("disconnected PEER_LOST");
        Recorder.await(() -> bus.counters().get(LocalCounters.CALLBACK_FAILURES) == 32);
        assertEquals(62, device.events.size());
        assertTrue(device.thread.isAlive());
    }

    @Test
    void shouldCallNobodyAfterCloseReturnedInTheMiddleOfTraffic() throws Exception {
        AtomicInteger late = new AtomicInteger();
        AtomicBoolean stop = new AtomicBoolean();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            senders.add(Thread.ofPlatform().start(() -> {
                Recorder sender = new Recorder();
                while (!stop.get()) {
                    sender.send(bus.driver(), 1);
                    sender.send(bus.device(), 1);
                }
            }));
        }
        bus.driver().attach(driver(late, new AtomicBoolean()));
        for (int round = 0; round < 300; round++) {
            AtomicBoolean closed = new AtomicBoolean();
            AtomicInteger heard = new AtomicInteger();
            BusAttachment tie = bus.device().attach(new Recorder() {
                @Override
                void message(long number) {
                    heard.incrementAndGet();
                    if (closed.get()) {
                        late.incrementAndGet();
                    }
                }
            });
            Recorder.await(() -> heard.get() > 3);
            tie.close();
            closed.set(true);
        }
        stop.set(true);
        for (Thread sender : senders) {
            sender.join();
        }
        assertEquals(0, late.get());
    }

    private static Recorder driver(AtomicInteger late, AtomicBoolean closed) {
        return new Recorder() {
            @Override
            void note(String event) {
                if (closed.get()) {
                    late.incrementAndGet();
                }
            }
        };
    }

    @Test
    void shouldLeaveNoThreadBehindAfterManyRounds() {
        long before = Thread.getAllStackTraces().size();
        for (int round = 0; round < 300; round++) {
            try (LocalBus other = LocalBus.open(LocalSettings.named("other"))) {
                Recorder listener = new Recorder();
                BusAttachment tie = other.device().attach(listener);
                other.driver().attach(new Recorder());
                listener.awaitConnected();
                if (round % 2 == 0) {
                    tie.close();
                }
            }
        }
        assertEquals(0, Recorder.threads());
        Recorder.await(() -> Thread.getAllStackTraces().size() <= before + 1);
    }
}
