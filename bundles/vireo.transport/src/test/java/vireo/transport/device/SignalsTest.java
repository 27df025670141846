// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusInfo;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.QueueSignal;
import vireo.bus.WireProfile;
import vireo.codec.MessageIds;
import vireo.device.FeatureSet;
import vireo.memory.MemoryRegion;
import vireo.os.EventFd;
import vireo.os.Linux;
import vireo.transport.core.Await;
import vireo.virtqueue.mock.MockDriver;

/** Queue notifications that do not travel as messages, and memory that changes. */
@Timeout(30)
class SignalsTest {
    private DeviceRig rig;
    private FakeDevice device;

    @AfterEach
    void end() {
        if (rig != null) {
            rig.close();
        }
    }

    private void begin(Signalling kicks, Signalling calls) throws Exception {
        rig = new DeviceRig(new BusInfo("b", BusInfo.Role.DEVICE, WireProfile.RFC3, 1, 0, 264, 64,
                BusInfo.TokenOwner.TRANSPORT, kicks, calls, true, 256));
        device = rig.plug("disk", new FakeDevice());
        rig.awaitSlot(1);
    }

    @Test
    void shouldUseSignalsOfTheBusWhenOutOfBand() throws Exception {
        begin(Signalling.OUT_OF_BAND, Signalling.OUT_OF_BAND);
        assertTrue(rig.slot(1).offered().has(FeatureSet.ACCESS_PLATFORM));
        rig.start(1);
        rig.driver.writable(rig.driver.allocate(16), 16).submit();
        rig.wire.dispatch(() -> rig.wire.listener().onKick(1, 0));
        rig.wire.dispatch(() -> rig.wire.listener().onKick(1, 77));
        rig.wire.dispatch(() -> rig.wire.listener().onKick(9, 0));
        rig.wire.dispatch(() -> rig.wire.listener().onKick(1, -1));
        rig.awaitUsed();
        Await.until(() -> rig.wire.signals().contains("call 1 0"));
        rig.status(1, 0);
        assertEquals(List.of("close call 1 0", "close kick 1 0"), rig.wire.signals().stream()
                .filter(signal -> signal.startsWith("close")).sorted().toList());
        assertTrue(rig.events.isEmpty());
    }

    @Test
    void shouldLookAtRingsByItselfWhenDriverNeverNotifies() throws Exception {
        begin(Signalling.POLLED, Signalling.POLLED);
        rig.start(1);
        for (int i = 0; i < 3; i++) {
            rig.driver.writable(rig.driver.allocate(16), 16).submit();
            rig.awaitUsed();
        }
        rig.status(1, 0);
        rig.driver.startAt(0);
        rig.start(1);
        rig.driver.writable(rig.driver.allocate(16), 16).submit();
        rig.awaitUsed();
        assertTrue(rig.events.isEmpty());
    }

    @Test
    void shouldWaitForDescriptorWhenSignalHasOne() throws Exception {
        assumeTrue(Linux.supported());
        try (EventFd kick = EventFd.create()) {
            rig = new DeviceRig(new BusInfo("b", BusInfo.Role.DEVICE, WireProfile.RFC3, 1, 0, 264, 64,
                    BusInfo.TokenOwner.TRANSPORT, Signalling.OUT_OF_BAND, Signalling.IN_BAND, false, 256),
                    new DescriptorSignal(kick));
            device = rig.plug("disk", new FakeDevice());
            rig.awaitSlot(1);
            rig.start(1);
            for (int i = 0; i < 50; i++) {
                rig.driver.writable(rig.driver.allocate(16), 16).submit();
                kick.signal();
                rig.awaitUsed();
            }
            Await.until(() -> kick.drain() == 0);
            assertEquals(50, device.notes.stream().filter("chain"::equals).count());
            rig.close();
            rig = null;
        }
    }

    /** A signal over an eventfd; closing it leaves the descriptor to the test. */
    private record DescriptorSignal(EventFd event) implements QueueSignal {
        @Override
        public int fd() {
            return event.fd();
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
            // The test's.
        }
    }

    @Test
    void shouldMoveToNewMemoryWhenQueueIsIdle() throws Exception {
        begin(Signalling.IN_BAND, Signalling.IN_BAND);
        rig.start(1);
        rig.submit(1);
        rig.awaitUsed();
        AtomicBoolean unmapped = new AtomicBoolean();
        CompletionStage<Void> first = rig.driver.guest().publish(regions(rig.driver.memory()),
                () -> unmapped.set(true));
        first.toCompletableFuture().get(10, TimeUnit.SECONDS);
        CompletionStage<Void> second = rig.driver.guest().publish(regions(rig.driver.memory()), () -> { });
        second.toCompletableFuture().get(10, TimeUnit.SECONDS);
        Await.until(unmapped::get);
        rig.submit(1);
        rig.awaitUsed();
    }

    private static List<MemoryRegion> regions(MemorySegment memory) {
        return List.of(new MemoryRegion(MockDriver.BASE, memory));
    }

    @Test
    void shouldAskForResetWhenRingIsNotInNewMemory() throws Exception {
        begin(Signalling.IN_BAND, Signalling.IN_BAND);
        rig.start(1);
        rig.submit(1);
        rig.awaitUsed();
        try (Arena arena = Arena.ofShared()) {
            rig.driver.guest().publish(List.of(new MemoryRegion(0x1000, arena.allocate(4096))), () -> { })
                    .toCompletableFuture().get(10, TimeUnit.SECONDS);
            rig.event(MessageIds.EVENT_CONFIG);
            assertEquals(0x4f, rig.status(1));
        }
    }

    @Test
    void shouldEndEverythingItBeganWhenClosed() throws Exception {
        Map<Thread, StackTraceElement[]> before = Thread.getAllStackTraces();
        begin(Signalling.IN_BAND, Signalling.IN_BAND);
        var generation = rig.driver.guest().acquire();
        for (int i = 0; i < 10; i++) {
            rig.driver.startAt(0);
            rig.start(1);
            rig.submit(1);
            rig.awaitUsed();
            rig.unplug(device, i % 2 == 0);
            device = rig.plug("disk", new FakeDevice());
            if (i % 2 == 0) {
                rig.submit(1);
                rig.awaitUsed();
                rig.status(1, 0);
            } else {
                rig.awaitSlot(1);
            }
        }
        device.keeps = true;
        rig.driver.startAt(0);
        rig.start(1);
        rig.submit(1);
        Await.until(() -> device.kept.size() == 1);
        rig.close();
        // The driver's own hold went with it, and nobody else's is left but this one.
        assertEquals(1, generation.holders());
        assertEquals(List.of(), rig.counters);
        Await.until(() -> Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> !before.containsKey(thread)
                && thread.getName().startsWith("vireo-")));
        generation.release();
        rig = null;
    }
}
