// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vireo.bus.SendResult;

/** Sending from many threads, and what it costs. */
@Timeout(60)
class SendGateTest {

    private static final int THREADS = 4;
    private static final int EACH = 10_000;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    @TempDir
    Path dir;

    /** Keeps, per sender, the last number seen, which must grow by one: nothing lost, doubled or out of order. */
    private static final class Sequences extends Recorder {
        private final int[] last = new int[THREADS];
        private final CountDownLatch all = new CountDownLatch(THREADS * EACH);
        private final AtomicLong wrong = new AtomicLong();

        @Override
        public void onMessage(MemorySegment base, long offset, long length) {
            int sender = base.get(INT, offset + 8);
            int number = base.get(INT, offset + 12);
            boolean whole = base.get(INT, offset + 40) == ~number;
            if (!whole || number != ++last[sender]) {
                wrong.incrementAndGet();
            }
            all.countDown();
        }
    }

    @Test
    void shouldLoseAndMixNothingWhenManyThreadsSendThroughASmallRing() throws Exception {
        Sequences atDevice = new Sequences();
        Recorder atDriver = new Recorder();
        Object[] more = {"layout", "page-pair", "slots", 5, "ping", false};
        try (AmpBus device = Bench.open(dir, "device", more); AmpBus driver = Bench.open(dir, "driver", more);
                ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            device.attach(atDevice);
            driver.attach(atDriver);
            atDriver.awaitConnected();
            List<Future<Void>> senders = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                int sender = i;
                Callable<Void> task = () -> send(driver, sender);
                senders.add(threads.submit(task));
            }
            for (Future<Void> sender : senders) {
                sender.get(50, TimeUnit.SECONDS);
            }
            assertTrue(atDevice.all.await(20, TimeUnit.SECONDS), atDevice.all + " are missing");
            assertEquals(0, atDevice.wrong.get());
            assertEquals(THREADS * EACH, driver.counters().get(AmpCounters.SENT));
        }
    }

    private static Void send(AmpBus bus, int sender) {
        MemorySegment message = Bench.message(sender, 48);
        for (int number = 1; number <= EACH; number++) {
            message.set(INT, 8, sender);
            message.set(INT, 12, number);
            message.set(INT, 40, ~number);
            assertEquals(SendResult.SENT, Bench.send(bus, message));
        }
        return null;
    }

    /** A sender that comes while a connection goes must end up on one side or the other, never in freed memory. */
    @Test
    void shouldSurviveThatTheBusClosesUnderItsSenders() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 50; round++) {
                Recorder atDriver = new Recorder();
                AmpBus driver = Bench.open(dir, "driver", "create", true);
                try (AmpBus device = Bench.open(dir, "device")) {
                    device.attach(new Recorder());
                    driver.attach(atDriver);
                    atDriver.awaitConnected();
                    List<Future<SendResult>> senders = new ArrayList<>();
                    for (int i = 0; i < 2; i++) {
                        Callable<SendResult> untilClosed = () -> {
                            SendResult result = SendResult.SENT;
                            while (result != SendResult.CLOSED) {
                                result = driver.trySend(Bench.message(1, 48), 0, 48);
                            }
                            return result;
                        };
                        senders.add(threads.submit(untilClosed));
                    }
                    driver.close();
                    for (Future<SendResult> sender : senders) {
                        assertEquals(SendResult.CLOSED, sender.get(20, TimeUnit.SECONDS));
                    }
                }
            }
        }
    }

    @Test
    void shouldAllocateNothingPerMessageOnEitherSide() throws Exception {
        AtomicLong received = new AtomicLong();
        AtomicLong allocatedByReader = new AtomicLong();
        com.sun.management.ThreadMXBean meter = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Recorder atDevice = new Recorder() {
            @Override
            public void onMessage(MemorySegment base, long offset, long length) {
                if (received.incrementAndGet() % 10_000 == 0) {
                    allocatedByReader.set(meter.getCurrentThreadAllocatedBytes());
                }
            }
        };
        Recorder atDriver = new Recorder();
        try (AmpBus device = Bench.open(dir, "device", "ping", false);
                AmpBus driver = Bench.open(dir, "driver", "ping", false)) {
            device.attach(atDevice);
            driver.attach(atDriver);
            atDriver.awaitConnected();
            long bySender = sendTwentyThousand(driver, meter, received);
            long before = allocatedByReader.get();
            long byReader = Long.MAX_VALUE;
            // Compiled code comes when it comes. Less than a byte a message is none: what is left belongs to wake-ups,
            // of which there is one for many messages.
            for (int i = 0; i < 50 && (bySender >= 20_000 || byReader >= 20_000); i++) {
                bySender = sendTwentyThousand(driver, meter, received);
                byReader = allocatedByReader.get() - before;
                before += byReader;
            }
            assertTrue(bySender < 20_000, "the sender allocated " + bySender + " bytes in 20000 messages");
            assertTrue(byReader < 20_000, "the reader allocated " + byReader + " bytes in 20000 messages");
        }
    }

    private static long sendTwentyThousand(AmpBus bus, com.sun.management.ThreadMXBean meter, AtomicLong received) {
        MemorySegment message = Bench.message(1, 48);
        long target = received.get() + 20_000;
        long before = meter.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 20_000; i++) {
            SendResult result = bus.trySend(message, 0, 48);
            while (result == SendResult.FULL) {
                Thread.yield();
                result = bus.trySend(message, 0, 48);
            }
            assertEquals(SendResult.SENT, result);
        }
        long allocated = meter.getCurrentThreadAllocatedBytes() - before;
        while (received.get() < target) {
            Thread.yield();
        }
        return allocated;
    }
}
