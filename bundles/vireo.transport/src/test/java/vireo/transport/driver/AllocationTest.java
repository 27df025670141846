// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.codec.MessageIds;
import vireo.device.FeatureSet;
import vireo.driver.RemoteDevice;
import vireo.transport.core.Link;
import vireo.transport.core.Messages;

/** Notifications are the data path of the driver side: they must leave no garbage, in either direction. */
@Timeout(60)
class AllocationTest {
    private static final int TIMES = 200_000;
    /** What the measurement itself, and code that is compiled meanwhile, may leave in all. */
    private static final long NOISE = 100_000;

    /** The least of several runs: the first ones run code that is not compiled yet. */
    private static long allocated(Runnable work) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TIMES; i++) {
                work.run();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @Test
    void shouldLeaveNoGarbageWhenQueuesAreNotified() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1, 200); Arena arena = Arena.ofShared()) {
            RemoteDevice device = fixture.device(200);
            device.negotiate(FeatureSet.NONE);
            int[] woken = new int[1];
            device.openQueue(3, 8, () -> woken[0]++);
            device.ready();
            byte[] used = Messages.message(0, MessageIds.EVENT_USED, 200, 0, 3);
            MemorySegment message = arena.allocate(used.length);
            MemorySegment.copy(used, 0, message, JAVA_BYTE, 0, used.length);
            Link link = fixture.driver.link();
            long received = allocated(() -> link.onMessage(message, 0, used.length));
            assertTrue(woken[0] >= 5 * TIMES, "woken " + woken[0]);
            assertTrue(received < NOISE, received + " bytes for " + TIMES + " EVENT_USED");

            fixture.bus.swallow();
            DmaMemory memory = new DmaMemory(fixture.bus.memory());
            RemoteQueue queue = new RemoteQueue(link, 200, 0, 8, FeatureSet.NONE,
                    memory.allocate(new DmaUser(200), 4096, 16), null);
            queue.live();
            long sent = allocated(() -> queue.ring(0, 1));
            assertTrue(sent < NOISE, sent + " bytes for " + TIMES + " EVENT_AVAIL");
        }
    }
}
