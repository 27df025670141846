// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryGeneration;
import vireo.memory.MemoryRegion;
import vireo.memory.RemoteMemory;
import vireo.virtqueue.mock.MockDriver;

@Timeout(20)
@DisplayName("VQ-ROB-13: queue set-up is checked")
class SetUpTest {

    private final MockDriver driver = new MockDriver(64, TestQueue.PLAIN, 1 << 16);
    private final TestQueue events = new TestQueue(8, TestQueue.PLAIN);

    @AfterEach
    void close() {
        events.close();
        driver.close();
    }

    private QueueSpec spec(int size, long descriptors, long avail, long used) {
        return new QueueSpec(5, size, MockDriver.BASE + descriptors, MockDriver.BASE + avail, MockDriver.BASE + used,
                TestQueue.PLAIN);
    }

    private String refused(QueueSpec spec, GuestMemory memory) {
        String reason = QueueEngines.check(spec, memory);
        assertNotNull(reason);
        QueueBrokenException thrown = assertThrows(QueueBrokenException.class,
                () -> QueueEngines.open(spec, memory, events, 0, 0, new int[0], 1));
        assertEquals(reason, thrown.getMessage());
        return reason;
    }

    private int holders() {
        MemoryGeneration generation = driver.guest().acquire();
        int holders = generation.holders() - 1;
        generation.release();
        return holders;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 96, 65536, Integer.MIN_VALUE, Integer.MAX_VALUE})
    void shouldRefuseWhenSizeIsNoPowerOfTwoInRange(int size) {
        assertTrue(refused(spec(size, 0, 0x1000, 0x2000), driver.guest()).contains("size " + size + " "));
    }

    @ParameterizedTest
    @CsvSource({"8, 0x1000, 0x2000, descriptor", "0, 0x1001, 0x2000, driver", "0, 0x1000, 0x2002, device"})
    void shouldRefuseWhenPartIsNotAligned(String descriptors, String avail, String used, String part) {
        QueueSpec spec = spec(64, Long.decode(descriptors), Long.decode(avail), Long.decode(used));
        assertTrue(refused(spec, driver.guest()).contains(part + " area at 0x"));
    }

    @ParameterizedTest
    @CsvSource({"0xfc10, 0x1000, 0x2000, descriptor", "0, 0xff7c, 0x2000, driver", "0, 0x1000, 0xfdfc, device",
        "-16, 0x1000, 0x2000, descriptor"})
    void shouldRefuseWhenPartRunsOutOfMemory(String descriptors, String avail, String used, String part) {
        QueueSpec spec = spec(64, Long.decode(descriptors), Long.decode(avail), Long.decode(used));
        assertTrue(refused(spec, driver.guest()).contains(part + " area at 0x"));
        assertEquals(1, holders(), "only the bus holds the memory");
    }

    @Test
    void shouldAcceptWhenPartsEndWithMemory() {
        assertNull(QueueEngines.check(spec(64, 0xfc00, 0x1000, 0x2000), driver.guest()));
        assertNull(QueueEngines.check(spec(64, 0, 0xff7a, 0x2000), driver.guest()));
        assertNull(QueueEngines.check(spec(64, 0, 0x1000, 0xfdf8), driver.guest()));
        assertEquals(1, holders(), "a check keeps no hold");
    }

    @Test
    void shouldRefuseWhenFeatureIsPacked() {
        QueueSpec spec = new QueueSpec(5, 64, MockDriver.BASE, MockDriver.BASE + 0x1000, MockDriver.BASE + 0x2000,
                FeatureSet.of(FeatureSet.VERSION_1, FeatureSet.RING_PACKED));
        assertTrue(refused(spec, driver.guest()).contains("packed rings"));
        assertFalse(QueueEngines.features().has(FeatureSet.RING_PACKED));
    }

    @Test
    void shouldRefuseWhenMemoryIsRemote() {
        RemoteMemory remote = new RemoteMemory() {
            @Override
            public long maxTransfer() {
                return 4096;
            }

            @Override
            public void read(long address, MemorySegment target, long offset, long length, Completion completion) {
                throw new AssertionError("not to be touched");
            }

            @Override
            public void write(long address, MemorySegment source, long offset, long length, Completion completion) {
                throw new AssertionError("not to be touched");
            }
        };
        assertTrue(refused(spec(64, 0, 0x1000, 0x2000), GuestMemory.remote(remote)).contains("remote memory"));
    }

    @Test
    void shouldRefuseWhenMemoryIsClosed() {
        driver.guest().close();
        assertTrue(refused(spec(64, 0, 0x1000, 0x2000), driver.guest()).contains("closed"));
    }

    @Test
    void shouldRefuseWhenMappingIsNotAligned() {
        GuestMemory heap = GuestMemory.mapped();
        heap.publish(List.of(new MemoryRegion(MockDriver.BASE, MemorySegment.ofArray(new byte[1 << 16]))), () -> { });
        assertTrue(refused(spec(64, 0, 0x1000, 0x2000), heap).contains("odd address"));
    }

    @ParameterizedTest
    @CsvSource({"65536, 0", "-1, 0", "0, 65536", "0, -1"})
    void shouldRefuseWhenPositionIsOutOfRange(int position, int used) {
        QueueBrokenException thrown = assertThrows(QueueBrokenException.class, () -> QueueEngines.open(
                spec(64, 0, 0x1000, 0x2000), driver.guest(), events, position, used, new int[0], 1));
        assertTrue(thrown.getMessage().contains("position"), thrown.getMessage());
    }

    @Test
    void shouldRefuseWhenHeadsInFlightAreWrong() {
        for (int[] heads : new int[][] {{64}, {-1}, {3, 3}, new int[65]}) {
            QueueBrokenException thrown = assertThrows(QueueBrokenException.class, () -> QueueEngines.open(
                    spec(64, 0, 0x1000, 0x2000), driver.guest(), events, 0, 0, heads, 1));
            assertTrue(thrown.getMessage().contains("head in flight"), thrown.getMessage());
        }
        assertEquals(1, holders());
    }

    @Test
    void shouldOpenLargestQueue() {
        try (TestQueue largest = new TestQueue(32768, TestQueue.ALL, 2 << 20, 0)) {
            largest.offerWritable(16);
            largest.take().complete(1);
            assertEquals(1, largest.ring.usedIndex());
        }
    }
}
