// SPDX-License-Identifier: Apache-2.0
package vireo.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class GuestMemoryTest {

    private final GuestMemory memory = GuestMemory.mapped();

    private static MemoryRegion region(long address, int size) {
        return new MemoryRegion(address, MemorySegment.ofArray(new byte[size]));
    }

    @Test
    void shouldRefuseOverlappingRegionsAndKeepWhatItHas() {
        memory.publish(List.of(region(0x1000, 16)), () -> { });
        assertThrows(IllegalArgumentException.class,
                () -> memory.publish(List.of(region(0x1000, 16), region(0x100f, 16)), () -> { }));
        assertEquals(1, memory.generation());
    }

    @Test
    void shouldRefuseARegionPastTheEndOfTheAddressSpace() {
        assertThrows(IllegalArgumentException.class, () -> region(-8, 16));
        assertThrows(IllegalArgumentException.class, () -> region(0, 0));
        assertEquals(-16, region(-16, 16).address());
    }

    @Test
    void shouldUnmapOnlyWhenTheLastHolderLetsGo() throws Exception {
        CountDownLatch unmapped = new CountDownLatch(1);
        memory.publish(List.of(region(0, 16)), unmapped::countDown);
        MemoryGeneration held = memory.acquire();

        CountDownLatch retired = new CountDownLatch(1);
        memory.publish(List.of(region(0, 32)), () -> { }).thenRun(retired::countDown);

        assertEquals(1, unmapped.getCount());
        assertEquals(1, retired.getCount());
        assertEquals(1, held.holders());
        held.release();
        assertTrue(unmapped.await(5, TimeUnit.SECONDS));
        assertTrue(retired.await(5, TimeUnit.SECONDS));
        assertFalse(held.hold());
    }

    @Test
    void shouldUnmapOnceAndNotOnTheCallersThreadWhenClosed() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(1);
        Thread[] on = new Thread[1];
        memory.publish(List.of(region(0, 16)), () -> {
            on[0] = Thread.currentThread();
            runs.incrementAndGet();
            done.countDown();
        });
        memory.close();
        memory.close();
        assertTrue(done.await(5, TimeUnit.SECONDS));
        assertEquals(1, runs.get());
        assertNotSame(Thread.currentThread(), on[0]);
        assertNull(memory.acquire());
        assertEquals(-1, memory.generation());
        assertThrows(IllegalStateException.class, () -> memory.publish(List.of(), () -> { }));
    }

    @Test
    void shouldSayWhenAHoldIsDroppedTwice() {
        MemoryGeneration generation = new MemoryGeneration(1, List.of(), () -> { });
        generation.release();
        assertThrows(IllegalStateException.class, generation::release);
    }

    @Test
    void shouldTellWatchersOfEachGeneration() {
        AtomicInteger told = new AtomicInteger();
        Runnable watcher = told::incrementAndGet;
        memory.watch(watcher);
        memory.publish(List.of(), () -> { });
        memory.unwatch(watcher);
        memory.publish(List.of(), () -> { });
        assertEquals(1, told.get());
    }

    @Test
    void shouldFindOnlyRangesThatLieWhollyInOneRegion() {
        MemoryGeneration generation = new MemoryGeneration(1,
                List.of(region(0x2000, 0x100), region(0x1000, 0x10), region(-0x100, 0x100)), () -> { });
        int large = generation.find(0x2000, 0x100);
        assertEquals(0x2000, generation.address(large));
        assertEquals(0x1000, generation.address(generation.find(0x1008, 8)));
        assertEquals(-0x100, generation.address(generation.find(-1, 1)));
        assertEquals(large, generation.find(0x2100, 0));
        assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(0x2100, 1));
        assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(0x1008, 9));
        assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(0x1fff, 2));
        assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(0x2000, -1));
        assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(-1, 2));
        assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(Long.MIN_VALUE, Long.MAX_VALUE));
    }

    @Test
    void shouldFindNothingWhenThereAreNoRegions() {
        MemoryGeneration generation = new MemoryGeneration(1, List.of(), () -> { });
        assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(0, 0));
        assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(0, 1));
    }

    @Test
    void shouldKeepMappedAndRemoteApart() {
        assertFalse(memory.isRemote());
        assertThrows(IllegalStateException.class, memory::remote);
    }
}
