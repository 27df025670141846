// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusAttachment;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryGeneration;

@Timeout(60)
class LocalMemoryTest {

    private final LocalSettings settings = LocalSettings.named("lab");

    @Test
    void shouldOfferOneMemoryToBothSides() {
        try (LocalBus bus = LocalBus.open(settings)) {
            GuestMemory memory = bus.driver().memory();
            assertSame(memory, bus.device().memory());
            MemoryGeneration generation = memory.acquire();
            assertEquals(0, generation.find(0x40000000L, 16 << 20));
            assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(0x40000000L, (16 << 20) + 1));
            assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(0x3fffffffL, 1));
            generation.release();
        }
    }

    @Test
    void shouldGiveEachDriverMemoryOfItsOwn() {
        try (LocalBus bus = LocalBus.open(settings)) {
            GuestMemory memory = bus.driver().memory();
            long first = memory.generation();
            BusAttachment tie = bus.driver().attach(new Recorder());
            assertEquals(first, memory.generation());
            MemoryGeneration old = memory.acquire();
            old.segment(0).set(JAVA_LONG, 0, 42);
            tie.close();
            assertEquals(first, memory.generation());
            bus.driver().attach(new Recorder());
            assertEquals(first + 1, memory.generation());
            MemoryGeneration fresh = memory.acquire();
            assertEquals(0, fresh.segment(0).get(JAVA_LONG, 0));
            // A device that is still at it writes into the memory of the driver that is gone.
            old.segment(0).set(JAVA_LONG, 8, 43);
            assertEquals(0, fresh.segment(0).get(JAVA_LONG, 8));
            fresh.release();
            old.release();
            Recorder.await(() -> !old.segment(0).scope().isAlive());
        }
    }

    @Test
    void shouldKeepMemoryWhenTheDeviceSideAttachesAgain() {
        try (LocalBus bus = LocalBus.open(settings)) {
            bus.driver().attach(new Recorder());
            long generation = bus.driver().memory().generation();
            bus.device().attach(new Recorder()).close();
            bus.device().attach(new Recorder()).close();
            assertEquals(generation, bus.driver().memory().generation());
        }
    }

    @Test
    void shouldStayMappedAfterCloseWhileSomebodyHoldsIt() {
        LocalBus bus = LocalBus.open(settings);
        MemoryGeneration held = bus.device().memory().acquire();
        bus.close();
        assertNull(bus.device().memory().acquire());
        held.segment(0).set(JAVA_LONG, 0, 1);
        held.release();
        Recorder.await(() -> !held.segment(0).scope().isAlive());
    }

    @Test
    void shouldNameTheSettingWhenThereIsNotEnoughMemory() {
        LocalSettings huge = new LocalSettings("lab", 1L << 40, 0, 256, 264, settings.profile(), settings.signalling(), 0,
                256);
        // Pages are free until they are used, so that even this much is there, unless the platform counts strictly.
        try (LocalBus bus = LocalBus.open(huge)) {
            assertEquals(1, bus.driver().memory().generation());
        } catch (IllegalStateException e) {
            assertTrue(e.getMessage().contains("memory.size"), e.getMessage());
        }
    }

    /** Sends a message there and back, on a platform that vireo.os does not support. */
    static final class Probe {

        private Probe() {
        }

        public static void main(String[] args) {
            try (LocalBus bus = LocalBus.open(LocalSettings.named("plain"))) {
                Recorder device = new Recorder();
                Recorder driver = new Recorder();
                bus.device().attach(device);
                bus.driver().attach(driver);
                driver.awaitConnected();
                driver.send(bus.driver(), 5);
                device.await("message 5");
                MemoryGeneration generation = bus.driver().memory().acquire();
                generation.segment(0).set(JAVA_LONG, 4096, 6);
                generation.release();
            }
            System.out.println("supported=" + vireo.os.Linux.supported() + " threads=" + Recorder.threads());
        }
    }

    @Test
    void shouldWorkWherePlatformIsNotSupported() throws Exception {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Path output = Files.createTempFile("probe", ".txt");
        Process process = new ProcessBuilder(java.toString(), "-Dos.arch=riscv64", "-cp",
                System.getProperty("java.class.path"), Probe.class.getName()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        int status = process.waitFor();
        List<String> lines = Files.readAllLines(output);
        Files.delete(output);
        assertEquals(0, status, lines::toString);
        assertEquals(List.of("supported=false threads=0"), lines);
    }

    @Test
    void shouldRefuseRegionsBeyondTheAddressSpace() {
        assertThrows(IllegalArgumentException.class, () -> new LocalSettings("lab", 4096, Long.MAX_VALUE & -4096L, 256, 264,
                settings.profile(), settings.signalling(), 0, 256));
    }
}
