// SPDX-License-Identifier: Apache-2.0
package vireo.itest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The walk-through of the README: one JVM serves a real disk over shared memory, another finds it and copies it. */
@Timeout(300)
class WalkThroughTest {

    private static final Path JDK_FILES = Path.of(System.getProperty("java.home"), "lib");
    private static final String SIZE = "512M";

    @TempDir
    private Path folder;
    private Path image;

    @BeforeEach
    void makeAnImageOfRealFiles() throws IOException, InterruptedException {
        Images.requireTools();
        image = folder.resolve("disk.img");
        Images.make(image, JDK_FILES, SIZE);
    }

    private PlatformProcess server() throws IOException, InterruptedException {
        return new PlatformProcess(folder, "a", """
                {
                  "vireo.bus.amp~link": { "bus.name": "link", "role": "device", "dir": "%s", "memory.trusted": true },
                  "vireo.device.block~disk": { "device.name": "disk", "path": "%s" }
                }
                """.formatted(folder, image));
    }

    private PlatformProcess client() throws IOException, InterruptedException {
        return new PlatformProcess(folder, "b", """
                { "vireo.bus.amp~link": { "bus.name": "link", "role": "driver", "dir": "%s", "memory.trusted": true } }
                """.formatted(folder));
    }

    private static void awaitVolume(PlatformProcess client) throws IOException, InterruptedException {
        PlatformProcess.await("volume link/1", () -> client.exec("vireo:volumes").out().contains("link/1"));
    }

    @Test
    void shouldCopyARealFileSystemBothWaysBetweenTwoProcesses() throws IOException, InterruptedException {
        Path dump = folder.resolve("dump.img");
        Path other = folder.resolve("other.img");
        Images.make(other, Files.createDirectories(folder.resolve("empty")), SIZE);
        Images.make(other, JDK_FILES.resolveSibling("conf"), SIZE);
        try (PlatformProcess server = server(); PlatformProcess client = client()) {
            awaitVolume(client);
            client.exec("vireo:dump link/1 " + dump).orFail();
            assertEquals(Images.sha256(image), Images.sha256(dump));
            assertNotEquals(Images.sha256(image), Images.sha256(other), "nothing would be shown by restoring the same");

            client.exec("vireo:restore " + other + " link/1").orFail();

            Images.check(image);
            Path back = folder.resolve("back");
            Images.extract(image, back);
            Map<String, String> found = Images.content(back);
            assertEquals(Images.content(JDK_FILES.resolveSibling("conf")), found);
            assertFalse(found.isEmpty());
            assertTrue(server.isAlive());
        }
        assertEquals(Images.sha256(other), Images.sha256(image));
    }

    @Test
    void shouldReportLostRequestsAndCarryOnWhenTheServerIsKilledInMidCopy() throws IOException, InterruptedException {
        Path dump = folder.resolve("dump.img");
        try (PlatformProcess client = client()) {
            try (PlatformProcess first = server()) {
                awaitVolume(client);
                PlatformProcess.Running copy = client.start("vireo:dump link/1 " + dump);
                PlatformProcess.await("the copy to be under way", () -> Files.readString(copy.out()).contains("0%"));
                first.kill();
                PlatformProcess.Answer lost = PlatformProcess.finish(copy);
                assertNotEquals(0, lost.status(), lost.out());
                assertTrue(lost.err().contains("link/1"), "the volume is named: " + lost.err());
                assertFalse(Files.exists(dump), "a half dump has the name of a whole one");
            }
            PlatformProcess.await("the lost volume to go away",
                    () -> !client.exec("vireo:volumes").out().contains("link/1"));
            try (PlatformProcess second = server()) {
                awaitVolume(client);
                client.exec("vireo:dump link/1 " + dump).orFail();
                assertEquals(Images.sha256(image), Images.sha256(dump));
                assertTrue(second.isAlive());
            }
        }
    }
}
