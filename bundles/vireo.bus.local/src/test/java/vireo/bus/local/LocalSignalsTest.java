// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusAttachment;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.QueueSignal;

/** Notifications beside the messages. */
@Timeout(60)
class LocalSignalsTest {

    private final LocalBus bus = LocalBus.open(LocalSettings.of(
            Map.of("bus.name", "lab", "signalling", "out-of-band", "max.devices", 130)));
    private final Recorder device = new Recorder();
    private final Recorder driver = new Recorder();

    @AfterEach
    void end() {
        bus.close();
    }

    private BusAttachment connect() {
        bus.device().attach(device);
        BusAttachment tie = bus.driver().attach(driver);
        device.awaitConnected();
        driver.awaitConnected();
        return tie;
    }

    @Test
    void shouldRefuseSignalsThatTravelInBand() {
        try (LocalBus inBand = LocalBus.open(LocalSettings.named("in-band"))) {
            assertThrows(UnsupportedOperationException.class, () -> inBand.driver().kick(0, 0));
            assertThrows(UnsupportedOperationException.class, () -> inBand.device().call(0, 0));
        }
    }

    @Test
    void shouldRefuseNumbersThatTheBusDoesNotHave() {
        assertThrows(IndexOutOfBoundsException.class, () -> bus.driver().kick(130, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> bus.driver().kick(-1, 0));
        assertThrows(IndexOutOfBoundsException.class, () -> bus.device().call(0, 64));
    }

    @Test
    void shouldDoNothingWithoutPeerOrOnceClosed() {
        QueueSignal kick = bus.driver().kick(3, 1);
        kick.signal();
        BusAttachment tie = connect();
        kick.close();
        kick.close();
        kick.signal();
        bus.device().kick(3, 1).signal();
        bus.driver().call(3, 1).signal();
        bus.driver().kick(4, 0).signal();
        device.await("kick 4 0");
        tie.close();
        bus.device().call(4, 0).signal();
        device.await("disconnected PEER_LOST");
        assertEquals(List.of("connected 2", "kick 4 0", "disconnected PEER_LOST"), device.events);
        assertEquals(List.of("connected 1"), driver.events);
    }

    @Test
    void shouldTellTheRightSideTheRightQueue() {
        connect();
        assertEquals(Signalling.OUT_OF_BAND, bus.driver().info().kicks());
        assertEquals(Signalling.OUT_OF_BAND, bus.device().info().calls());
        int[][] ends = {{0, 0}, {0, 63}, {63, 5}, {64, 5}, {129, 63}};
        for (int[] end : ends) {
            QueueSignal kick = bus.driver().kick(end[0], end[1]);
            assertEquals(-1, kick.fd());
            kick.signal();
            device.await("kick " + end[0] + " " + end[1]);
            bus.device().call(end[0], end[1]).signal();
            driver.await("call " + end[0] + " " + end[1]);
        }
        assertEquals(1 + ends.length, device.events.size());
        assertEquals(1 + ends.length, driver.events.size());
    }

    @Test
    void shouldMakeOneCallOfManySignalsWhileTheListenerIsBusy() {
        CountDownLatch proceed = new CountDownLatch(1);
        Recorder busy = new Recorder() {
            @Override
            void message(long number) {
                super.message(number);
                LocalBusTest.awaitUninterrupted(proceed);
            }
        };
        bus.device().attach(busy);
        bus.driver().attach(driver);
        driver.awaitConnected();
        driver.send(bus.driver(), 1);
        busy.await("message 1");
        QueueSignal kick = bus.driver().kick(7, 2);
        for (int i = 0; i < 1000; i++) {
            kick.signal();
        }
        proceed.countDown();
        busy.await("kick 7 2");
        driver.send(bus.driver(), 2);
        busy.await("message 2");
        assertEquals(List.of("connected 2", "message 1", "kick 7 2", "message 2"), busy.events);
    }

    @Test
    void shouldLoseNoSignalUnderContention() throws Exception {
        int queues = 8;
        AtomicIntegerArray produced = new AtomicIntegerArray(queues);
        AtomicIntegerArray seen = new AtomicIntegerArray(queues);
        bus.device().attach(new Recorder() {
            @Override
            public void onKick(int deviceNumber, int queue) {
                seen.set(queue, produced.get(queue));
            }
        });
        bus.driver().attach(driver);
        driver.awaitConnected();
        List<Thread> threads = new ArrayList<>();
        for (int half = 0; half < 2; half++) {
            int first = half;
            threads.add(Thread.ofPlatform().start(() -> {
                for (int i = 0; i < 40_000; i++) {
                    int queue = (i * 2 + first) % queues;
                    produced.incrementAndGet(queue);
                    bus.driver().kick(5, queue).signal();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (int queue = 0; queue < queues; queue++) {
            int index = queue;
            Recorder.await(() -> seen.get(index) == 40_000 * 2 / queues);
        }
    }

    @Test
    void shouldGoOnWhenAListenerThrows() {
        bus.device().attach(new Recorder() {
            @Override
            public void onKick(int deviceNumber, int queue) {
                if (queue == 0) {
                    throw new IllegalStateException("on purpose");
                }
                note("kick " + queue);
                device.note("kick " + queue);
            }
        });
        bus.driver().attach(driver);
        driver.awaitConnected();
        bus.driver().kick(1, 0).signal();
        bus.driver().kick(1, 1).signal();
        device.await("kick 1");
        assertEquals(1, bus.counters().get(LocalCounters.CALLBACK_FAILURES));
    }

    @Test
    void shouldAllocateNothingWhenSignalling() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        bus.device().attach(new Recorder() {
            @Override
            public void onKick(int deviceNumber, int queue) {
                // Nothing to do: what counts is the way here.
            }
        });
        bus.driver().attach(driver);
        driver.awaitConnected();
        QueueSignal kick = bus.driver().kick(1, 1);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 40 && least > 0; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 5_000; i++) {
                kick.signal();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertTrue(least == 0, () -> "bytes allocated by 5000 signals");
    }
}
