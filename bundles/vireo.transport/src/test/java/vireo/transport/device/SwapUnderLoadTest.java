// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.codec.MessageIds;
import vireo.device.Chain;
import vireo.device.ChainHandler;
import vireo.device.DeviceContext;
import vireo.device.DeviceModel;
import vireo.device.DeviceQueue;
import vireo.device.DeviceSession;
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;
import vireo.transport.core.Await;
import vireo.transport.core.Messages;

/** Devices and requests while chains flow. */
@Timeout(60)
class SwapUnderLoadTest {
    private DeviceRig rig;

    @BeforeEach
    void begin() throws Exception {
        rig = new DeviceRig();
    }

    @AfterEach
    void end() {
        rig.close();
    }

    /** Completes chains on a thread of its own, some time after it got them. */
    private static class SlowDevice implements VirtioDevice, DeviceSession, ChainHandler {
        private final LinkedBlockingQueue<Chain> waiting = new LinkedBlockingQueue<>();
        private final AtomicBoolean stopped = new AtomicBoolean();
        private Thread thread;

        @Override
        public DeviceModel model() {
            return FakeDevice.model(FakeDevice.TYPE, FeatureSet.of(5), new byte[8], 16);
        }

        @Override
        public DeviceSession activate(DeviceContext context) {
            thread = Thread.ofPlatform().start(this::complete);
            return this;
        }

        private void complete() {
            while (!stopped.get()) {
                try {
                    Chain chain = waiting.poll(1, TimeUnit.MILLISECONDS);
                    if (chain != null && !stopped.get()) {
                        chain.complete(chain.writable());
                    }
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        @Override
        public void handle(Chain chain) {
            waiting.add(chain);
        }

        @Override
        public void queueStarted(DeviceQueue queue) {
            queue.handler(this);
        }

        @Override
        public void queueStopping(DeviceQueue queue) {
            // Its chains come back by themselves.
        }

        @Override
        public boolean quiesce(long deadlineNanos) {
            stopped.set(true);
            try {
                thread.join();
                return true;
            } catch (InterruptedException e) {
                return false;
            }
        }

        @Override
        public void close() {
            waiting.clear();
        }
    }

    private Map<String, Object> plug(VirtioDevice device, long id) {
        Map<String, Object> properties = new HashMap<>(Map.of("service.id", 1000 + id, VirtioDevice.NAME, "slow"));
        rig.side.deviceCame(properties, device);
        return properties;
    }

    @Test
    void shouldLoseNoChainAndUseNoneTwiceWhenDeviceIsSwappedAgainAndAgain() throws Exception {
        Map<String, Object> properties = plug(new SlowDevice(), 0);
        rig.awaitSlot(1);
        rig.start(1);
        AtomicBoolean stop = new AtomicBoolean();
        Set<Integer> inFlight = new HashSet<>();
        AtomicInteger submitted = new AtomicInteger();
        AtomicInteger used = new AtomicInteger();
        long buffer = rig.driver.allocate(16);
        Thread driver = Thread.ofPlatform().start(() -> {
            while (!stop.get() || !inFlight.isEmpty()) {
                if (!stop.get() && inFlight.size() < 12) {
                    assertTrue(inFlight.add(rig.driver.writable(buffer, 16).submit()));
                    submitted.incrementAndGet();
                    rig.kick(1);
                }
                while (rig.driver.poll()) {
                    if (inFlight.remove(rig.driver.usedId())) {
                        used.incrementAndGet();
                    }
                }
                Thread.onSpinWait();
            }
        });
        for (int i = 1; i <= 40; i++) {
            rig.side.deviceGone(properties, true);
            properties = plug(new SlowDevice(), i);
            rig.awaitCount(1, "takeovers", i);
            int enough = used.get() + 50;
            Await.until(() -> used.get() >= enough);
        }
        stop.set(true);
        driver.join();
        assertEquals(submitted.get(), used.get());
        assertEquals(15, rig.status(1));
        assertEquals(0, rig.count(1, "needs_reset"));
        assertTrue(rig.count(1, "chains_redelivered") > 0, "no swap met a chain in flight");
        assertEquals(1, rig.deviceEvents.size());
    }

    @Test
    void shouldShowConsistentConfigurationWhenDeviceKeepsChangingIt() throws Exception {
        FakeDevice device = rig.plug("disk", new FakeDevice());
        rig.awaitSlot(1);
        rig.start(1);
        AtomicBoolean stop = new AtomicBoolean();
        AtomicBoolean full = new AtomicBoolean();
        rig.wire.full(message -> full.get());
        DeviceContext context = device.context;
        context.updateConfig(0, new byte[8]);
        int first = rig.slot(1).generation();
        Thread changing = Thread.ofPlatform().start(() -> {
            for (int i = 1; !stop.get(); i++) {
                byte value = (byte) i;
                context.updateConfig(0, new byte[] {value, value, value, value, value, value, value, value});
                full.set(i % 3 == 0);
                Thread.yield();
            }
        });
        int told = first - 1;
        for (int i = 0; i < 1000; i++) {
            byte[] answer = rig.ask(MessageIds.GET_CONFIG, 1, 0, 8);
            int generation = Messages.word(answer, 8);
            for (int at = 20; at < 28; at++) {
                assertEquals((byte) (generation - first), answer[at]);
            }
        }
        stop.set(true);
        changing.join();
        full.set(false);
        int last = Messages.word(rig.ask(MessageIds.GET_CONFIG, 1, 0, 0), 8);
        rig.settle();
        // Replay what the driver saw: no answer may show a count that no event before it brought.
        for (byte[] message : rig.wire.sent()) {
            int kind = Messages.type(message) << 8 | Messages.id(message);
            if (kind == MessageIds.EVENT_CONFIG && Messages.word(message, 12) - told > 0) {
                told = Messages.word(message, 12);
            } else if (kind == (1 << 8 | MessageIds.GET_CONFIG)) {
                assertTrue(Messages.word(message, 8) - told <= 0, "an answer was ahead of the events");
            }
        }
        assertEquals(last, told);
    }

    @Test
    void shouldAllocateNothingOnWorkersWhenChainsFlow() throws Exception {
        FakeDevice quiet = new FakeDevice();
        VirtioDevice device = new VirtioDevice() {
            @Override
            public DeviceModel model() {
                return quiet.model;
            }

            @Override
            public DeviceSession activate(DeviceContext context) {
                return new SlowDevice() {
                    @Override
                    public void queueStarted(DeviceQueue queue) {
                        queue.handler(chain -> chain.complete(chain.writable()));
                    }

                    @Override
                    public boolean quiesce(long deadlineNanos) {
                        return true;
                    }
                };
            }
        };
        plug(device, 0);
        rig.awaitSlot(1);
        rig.start(1);
        rig.driver.disarm();
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        serve(2_000);
        long before = allocated(threads);
        serve(2_000);
        long bytes = allocated(threads) - before;
        // Asking for the thread list allocates elsewhere; a single object for each chain would be 32000 bytes and more.
        assertTrue(bytes < 16_000, bytes + " bytes for 2000 chains");
    }

    private void serve(int chains) throws Exception {
        for (int i = 0; i < chains; i++) {
            rig.submit(1, buffer());
            rig.awaitUsed();
        }
    }

    private long buffer = -1;

    private long buffer() {
        buffer = buffer < 0 ? rig.driver.allocate(16) : buffer;
        return buffer;
    }

    private static long allocated(com.sun.management.ThreadMXBean threads) {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith(
                "vireo-worker-")).mapToLong(thread -> threads.getThreadAllocatedBytes(thread.threadId())).sum();
    }
}
