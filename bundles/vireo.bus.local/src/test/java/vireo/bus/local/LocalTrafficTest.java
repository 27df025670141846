// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.SendResult;

/** Messages on their way: order, bounds, contention, allocation. */
@Timeout(60)
class LocalTrafficTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final LocalBus bus = LocalBus.open(LocalSettings.of(Map.of("bus.name", "lab", "queue.depth", 8)));

    @AfterEach
    void end() {
        bus.close();
    }

    private void attach(Recorder device) {
        Recorder driver = new Recorder();
        bus.device().attach(device);
        bus.driver().attach(driver);
        driver.awaitConnected();
    }

    @Test
    void shouldSayFullWhenTheReceiverIsBehindAndLoseNothing() {
        CountDownLatch proceed = new CountDownLatch(1);
        Recorder device = new Recorder() {
            @Override
            void message(long number) {
                LocalBusTest.awaitUninterrupted(proceed);
                super.message(number);
            }
        };
        attach(device);
        Recorder sender = new Recorder();
        for (int i = 0; i < 8; i++) {
            assertEquals(SendResult.SENT, sender.send(bus.driver(), i));
        }
        for (int i = 0; i < 100; i++) {
            assertEquals(SendResult.FULL, sender.send(bus.driver(), 100));
        }
        assertEquals(100, bus.counters().get(LocalCounters.FULL_TO_DEVICE));
        assertEquals(SendResult.SENT, sender.send(bus.device(), 1));
        proceed.countDown();
        device.await("message 7");
        assertEquals(9, device.events.size());
        assertEquals(SendResult.SENT, sender.send(bus.driver(), 8));
        device.await("message 8");
    }

    @Test
    void shouldKeepEverySendersOrderAndLoseNothingUnderContention() throws Exception {
        int senders = 4;
        int each = 30_000;
        long[] last = new long[senders];
        AtomicInteger received = new AtomicInteger();
        AtomicLong disorder = new AtomicLong();
        attach(new Recorder() {
            @Override
            void message(long number) {
                int sender = (int) (number >> 32);
                if ((int) number != ++last[sender]) {
                    disorder.incrementAndGet();
                }
                received.incrementAndGet();
            }
        });
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < senders; i++) {
            long id = (long) i << 32;
            threads.add(Thread.ofPlatform().start(() -> {
                Recorder sender = new Recorder();
                for (int n = 1; n <= each; n++) {
                    while (sender.send(bus.driver(), id | n) != SendResult.SENT) {
                        Thread.yield();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        Recorder.await(() -> received.get() == senders * each);
        assertEquals(0, disorder.get());
        assertTrue(bus.counters().get(LocalCounters.FULL_TO_DEVICE) > 0);
        assertEquals((long) senders * each, bus.counters().get(LocalCounters.TO_DEVICE));
    }

    @Test
    void shouldCarryEveryLengthUnchangedAndRefuseOthers() {
        int largest = bus.driver().info().maxMessageSize();
        AtomicLong received = new AtomicLong();
        AtomicBoolean wrong = new AtomicBoolean();
        attach(new Recorder() {
            @Override
            public void onMessage(MemorySegment base, long offset, long length) {
                boolean good = length == received.get();
                for (long i = 0; i < length; i++) {
                    good &= base.get(JAVA_BYTE, offset + i) == (byte) (length * 31 + i);
                }
                wrong.compareAndSet(false, !good);
                received.incrementAndGet();
            }
        });
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment message = arena.allocate(largest + 20);
            for (int length = 0; length <= largest; length++) {
                for (int i = 0; i < length; i++) {
                    message.set(JAVA_BYTE, 10 + i, (byte) (length * 31 + i));
                }
                while (bus.driver().trySend(message, 10, length) != SendResult.SENT) {
                    Thread.yield();
                }
                message.fill((byte) 0);
            }
            assertThrows(IllegalArgumentException.class, () -> bus.driver().trySend(message, 0, largest + 1));
            assertThrows(IllegalArgumentException.class, () -> bus.driver().trySend(message, 0, -1));
            assertThrows(IndexOutOfBoundsException.class, () -> bus.driver().trySend(message, 200, 100));
        }
        Recorder.await(() -> received.get() == largest + 1);
        assertEquals(false, wrong.get());
    }

    @Test
    void shouldGoOnWhenASendersMemoryCannotBeRead() {
        Recorder device = new Recorder();
        attach(device);
        Arena closed = Arena.ofShared();
        MemorySegment gone = closed.allocate(8);
        closed.close();
        Recorder sender = new Recorder();
        for (int i = 0; i < 20; i++) {
            int number = i;
            // The queue may be full of slots that their senders gave up.
            Recorder.await(() -> {
                try {
                    return bus.driver().trySend(gone, 0, 8) != SendResult.FULL;
                } catch (IllegalStateException e) {
                    return true;
                }
            });
            Recorder.await(() -> sender.send(bus.driver(), number) == SendResult.SENT);
            device.await("message " + number);
        }
        assertEquals(21, device.events.size());
    }

    @Test
    void shouldAllocateNothingWhenSendingAndReceiving() {
        AtomicLong received = new AtomicLong();
        Recorder device = new Recorder() {
            @Override
            public void onMessage(MemorySegment base, long offset, long length) {
                received.lazySet(base.get(JAVA_LONG_UNALIGNED, offset));
            }
        };
        attach(device);
        device.awaitConnected();
        Recorder sender = new Recorder();
        long receiver = device.thread.threadId();
        long number = sendAll(sender, received, 1, 50_000);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20 && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes() + THREADS.getThreadAllocatedBytes(receiver);
            number = sendAll(sender, received, number, 5_000);
            least = Math.min(least,
                    THREADS.getCurrentThreadAllocatedBytes() + THREADS.getThreadAllocatedBytes(receiver) - before);
        }
        assertEquals(0, least, "bytes allocated by 5000 messages");
    }

    private long sendAll(Recorder sender, AtomicLong received, long first, int count) {
        for (long number = first; number < first + count; number++) {
            while (sender.send(bus.driver(), number) != SendResult.SENT) {
                Thread.yield();
            }
            while (number % 64 == 0 && received.get() != number) {
                Thread.yield();
            }
        }
        while (received.get() != first + count - 1) {
            Thread.yield();
        }
        return first + count;
    }
}
