// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vireo.memory.MemoryGeneration;
import vireo.os.Descriptor;
import vireo.os.Memfd;

/** Files that are not as they should be, and files that are. */
@Timeout(30)
class AmpFilesTest {

    @TempDir
    Path dir;

    private String refusal(String role, Object... more) {
        IOException refusal = assertThrows(IOException.class, () -> Bench.open(dir, role, more).close());
        return refusal.getMessage();
    }

    private static void assertSays(String text, Object... parts) {
        for (Object part : parts) {
            assertTrue(text.contains(part.toString()), () -> "missing " + part + " in: " + text);
        }
    }

    @Test
    void shouldSayWhichSizeARingFileHasAndNeeds() throws IOException {
        Path ring = dir.resolve("queue-amp0-driver");
        Files.write(ring, new byte[128 + 64 * 512]);
        assertSays(refusal("device"), ring, "32896 bytes", "slots=4096 needs 262272", "or say slots=512");
        Files.write(ring, new byte[100]);
        String text = refusal("device");
        assertSays(text, ring, "100 bytes", "remove the file");
        assertTrue(!text.contains("or say slots"), text);
        assertEquals(100, Files.size(ring), "left as it was");
    }

    @Test
    void shouldRefuseAnAreaThatIsTooSmallAndTakeALargerOne() throws IOException {
        Path area = dir.resolve("area-amp0");
        Files.write(area, new byte[8191]);
        assertSays(refusal("device", "layout", "page-pair"), area, "8191 bytes", "needs 8192");
        Files.write(area, new byte[1 << 20]);
        Bench.open(dir, "device", "layout", "page-pair").close();
        Path small = Files.write(dir.resolve("small"), new byte[8192]);
        assertSays(refusal("device", "layout", "window", "ring.area", small), "small", "needs 16384");
    }

    @ParameterizedTest
    @CsvSource({"files, queue-amp0-driver", "page-pair, area-amp0-driver.lock", "window, area-amp0-driver.lock"})
    void shouldRefuseASecondDriverAndLeaveTheFirstAlone(String layout, String locked) throws Exception {
        Recorder atDriver = new Recorder();
        Recorder atDevice = new Recorder();
        try (AmpBus device = Bench.open(dir, "device", "layout", layout);
                AmpBus driver = Bench.open(dir, "driver", "layout", layout)) {
            device.attach(atDevice);
            driver.attach(atDriver);
            atDriver.awaitConnected();
            atDevice.awaitConnected();
            assertSays(refusal("driver", "layout", layout), dir.resolve(locked), "another driver", "point-to-point");
            assertSays(refusal("device", "layout", layout), "another device");
            Bench.send(driver, Bench.message(1, 48));
            atDevice.message();
            assertTrue(atDriver.events.isEmpty() && atDevice.events.isEmpty());
        }
        Bench.open(dir, "driver", "layout", layout).close();
    }

    @Test
    void shouldSayThatTheMemoryFileIsMissing() throws IOException {
        Bench.open(dir, "device").close();
        Files.delete(dir.resolve("memory-amp0"));
        assertSays(refusal("driver"), "memory.file=" + dir.resolve("memory-amp0") + " does not exist", "create=true");
    }

    @Test
    void shouldRefuseUnsealedMemoryUnlessToldToTrustIt() throws IOException {
        String text = refusal("device", "memory.trusted", false);
        assertSays(text, "memory.file=" + dir.resolve("memory-amp0"), "not sealed", "memory.trusted=true");
        assertTrue(Files.notExists(dir.resolve("memory-amp0")), "nothing was made");
        assertTrue(Files.notExists(dir.resolve("queue-amp0-driver")));
        Bench.open(dir, "device").close();
        assertSays(refusal("device", "memory.trusted", false), "not sealed");
    }

    @Test
    void shouldTakeSealedMemoryWithoutTrust() throws IOException {
        try (Descriptor memory = Memfd.create("driver", 1 << 16, Memfd.SEAL_SHRINK)) {
            String path = "/proc/self/fd/" + memory.number();
            try (AmpBus device = Bench.open(dir, "device", "memory.trusted", false, "memory.file", path)) {
                assertEquals(1, device.memory().generation());
            }
        }
    }

    @Test
    void shouldRefuseAMemorySizeThatIsNotTheFiles() throws IOException {
        Bench.open(dir, "device").close();
        assertSays(refusal("device", "memory.size", "1M"), "memory.size=1048576", "65536 bytes",
                "leave memory.size out");
        Bench.open(dir, "driver", "memory.size", "1M").close();
    }

    @Test
    void shouldRefuseALowPartThatIsTooLargeOrInTheWay() {
        assertSays(refusal("device", "memory.low", "64K"), "memory.low=65536", "has 65536 bytes");
        assertSays(refusal("device", "memory.low", "16K", "memory.base", "0x1000"), "overlaps", "memory.base=0x1000");
        assertSays(refusal("device", "memory.low", "16K", "memory.low.base", "0x40000000"), "overlaps");
        assertSays(refusal("device", "memory.base", Long.MAX_VALUE), "memory.base=0x7fffffffffffffff", "no room");
    }

    @Test
    void shouldMapLowPartAndRestWhereTheyBelong() throws IOException {
        try (AmpBus device = Bench.open(dir, "device", "memory.low", "16K", "memory.low.base", "0x1000",
                "memory.base", "4G")) {
            MemoryGeneration memory = device.memory().acquire();
            try {
                int low = memory.find(0x1000, 0x4000);
                int high = memory.find(1L << 32, 0xc000);
                assertEquals(MemoryGeneration.NOT_MAPPED, memory.find(0xfff, 1));
                assertEquals(MemoryGeneration.NOT_MAPPED, memory.find(0x1000, 0x4001));
                assertEquals(MemoryGeneration.NOT_MAPPED, memory.find((1L << 32) - 1, 1));
                assertEquals(MemoryGeneration.NOT_MAPPED, memory.find(1L << 32, 0xc001));
                memory.segment(low).set(ValueLayout.JAVA_BYTE, 0x3fff, (byte) 1);
                memory.segment(high).set(ValueLayout.JAVA_BYTE, 0, (byte) 2);
            } finally {
                memory.release();
            }
        }
        byte[] file = Files.readAllBytes(dir.resolve("memory-amp0"));
        assertEquals(1, file[0x3fff]);
        assertEquals(2, file[0x4000]);
    }

    @Test
    void shouldMapTheWholeFileAtTheBaseWithoutALowPart() throws IOException {
        try (AmpBus device = Bench.open(dir, "device")) {
            MemoryGeneration memory = device.memory().acquire();
            assertEquals(0, memory.find(0x4000_0000, 0x10000));
            assertEquals(1, memory.regions());
            memory.release();
        }
    }

    @Test
    void shouldMakeFilesForItsUserOnlyAndFillThemOnce() throws IOException {
        Bench.open(dir, "device", "slots", 8).close();
        for (String name : new String[] {"queue-amp0-driver", "queue-amp0-device", "memory-amp0"}) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(name))));
        }
        Path ring = dir.resolve("queue-amp0-driver");
        byte[] content = new byte[(int) Files.size(ring)];
        Arrays.fill(content, (byte) 3);
        Files.write(ring, content);
        Bench.open(dir, "device", "slots", 8).close();
        assertArrayEquals(content, Files.readAllBytes(ring));
    }

    @Test
    void shouldNameTheFileThatIsNone() throws IOException {
        Files.createDirectory(dir.resolve("queue-amp0-device"));
        assertSays(refusal("device"), dir.resolve("queue-amp0-device"), "EISDIR", "read and write");
    }

    @Test
    void shouldRefuseAWakePathThatIsNoSocket() throws IOException {
        Path file = Files.createFile(dir.resolve("plain"));
        assertSays(refusal("device", "wake.path", file), "wake.path=" + file, "no socket");
        assertTrue(Files.exists(file));
    }
}
