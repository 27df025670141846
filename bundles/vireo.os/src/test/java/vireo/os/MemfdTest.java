// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MemfdTest {

    @Test
    void shouldNotShrinkWhenSealed() throws Exception {
        try (Descriptor memory = Memfd.create("sealed", 8192, Memfd.SEAL_SHRINK)) {
            assertEquals(Memfd.SEAL_SHRINK, Memfd.seals(memory));
            OsException e = assertThrows(OsException.class, () -> memory.ftruncate(4096));
            assertEquals("EPERM", e.errnoName());
            assertTrue(e.getMessage().contains("memfd:sealed"), e.getMessage());
            assertEquals(8192, memory.size());
            memory.ftruncate(16384);
            assertEquals(16384, memory.size());
        }
    }

    @Test
    void shouldNeitherGrowNorTakeSealsWhenSealedSo() throws Exception {
        int all = Memfd.SEAL_SHRINK | Memfd.SEAL_GROW | Memfd.SEAL_SEAL;
        try (Descriptor memory = Memfd.create("sealed", 4096, all)) {
            assertEquals(all, Memfd.seals(memory));
            assertThrows(OsException.class, () -> memory.ftruncate(8192));
            assertThrows(OsException.class, () -> memory.ftruncate(0));
        }
    }

    @Test
    void shouldReportNoSealsOnWhatHasNone(@TempDir Path directory) throws Exception {
        try (Descriptor memory = Memfd.create("open", 4096, 0);
                Descriptor file = Descriptor.open(directory.resolve("file"), WRITE, CREATE);
                EventFd event = EventFd.create()) {
            assertEquals(0, Memfd.seals(memory));
            assertEquals(0, Memfd.seals(event.descriptor()));
            int seals = Memfd.seals(file);
            // tmpfs answers for its files as well: they can have no seal but this one.
            assertTrue(seals == 0 || seals == Memfd.SEAL_SEAL, "seals=" + seals);
            memory.ftruncate(0);
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenItFails() throws Exception {
        Map<Integer, String> before = Proc.descriptors();
        for (int i = 0; i < 1000; i++) {
            assertEquals("EINVAL", assertThrows(OsException.class, () -> Memfd.create("bad", -1, 0)).errnoName());
            assertThrows(OsException.class, () -> Memfd.create("bad", 1, 1 << 20));
            assertThrows(OsException.class, () -> Memfd.create("n".repeat(300), 1, 0));
            Memfd.create("good", 1, Memfd.SEAL_SHRINK).close();
        }
        Proc.awaitDescriptors(before);
    }

    @Test
    void shouldBeCloseOnExec() throws Exception {
        try (Descriptor memory = Memfd.create("x", 1, 0)) {
            Proc.assertCloseOnExec(memory.number());
        }
    }
}
