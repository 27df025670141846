// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeCopyTest {

    private final MemoryVolume volume = new MemoryVolume((9 << 20) + 512);
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(printed, true);

    @TempDir
    private Path folder;

    @Test
    void shouldLeaveNoFileWhenTheVolumeFailsInTheMiddle() {
        volume.failFrom = 5 << 20;
        Path file = folder.resolve("dump.img");

        IOException lost = assertThrows(IOException.class, () -> VolumeCopy.dump(volume, file, out, false));

        assertTrue(lost.getMessage().contains("peer gone"), lost.getMessage());
        assertFalse(Files.exists(file));
        assertFalse(Files.exists(folder.resolve("dump.img.part")));
    }

    @Test
    void shouldKeepTheOldFileWhenANewDumpFails() throws IOException {
        Path file = Files.writeString(folder.resolve("dump.img"), "precious");
        volume.failFrom = 5 << 20;

        assertThrows(IOException.class, () -> VolumeCopy.dump(volume, file, out, false));

        assertEquals("precious", Files.readString(file));
    }

    @Test
    void shouldDumpEveryByteAndSayItsChecksum() throws Exception {
        new Random(1).nextBytes(volume.bytes);
        Path file = folder.resolve("dump.img");

        String sum = VolumeCopy.dump(volume, file, out, false);

        assertArrayEquals(volume.bytes, Files.readAllBytes(file));
        assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(volume.bytes)), sum);
        assertTrue(printed.toString().contains("100%"), printed.toString());
    }

    @Test
    void shouldRestoreEveryByteAndFlushOnce() throws IOException {
        byte[] bytes = new byte[5 << 20];
        new Random(2).nextBytes(bytes);
        Path file = Files.write(folder.resolve("image"), bytes);

        VolumeCopy.restore(file, volume, out, true);

        assertArrayEquals(bytes, java.util.Arrays.copyOf(volume.bytes, bytes.length));
        assertEquals(1, volume.flushes);
        assertTrue(printed.toString().contains("[##############################]"), printed.toString());
    }
}
