// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileLockTest {

    @TempDir
    private Path directory;
    private Path file;
    private Descriptor first;
    private Descriptor second;

    @BeforeEach
    void open() throws Exception {
        file = Files.writeString(directory.resolve("disk"), "x");
        first = Descriptor.open(file, READ, WRITE);
        second = Descriptor.open(file, READ, WRITE);
    }

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void shouldRefuseSecondWriterOfTheSameProcess() throws Exception {
        assertTrue(first.tryLockExclusive());
        assertFalse(second.tryLockExclusive());
        assertFalse(second.tryLockShared());
        assertTrue(first.tryLockExclusive());
    }

    @Test
    void shouldLetReadersShareAndKeepWritersOut() throws Exception {
        assertTrue(first.tryLockShared());
        assertTrue(second.tryLockShared());
        assertFalse(second.tryLockExclusive());
        first.unlock();
        assertTrue(second.tryLockExclusive());
    }

    @Test
    void shouldGiveLockUpWhenLastDescriptorOfTheOpenFileIsClosed() throws Exception {
        assertTrue(first.tryLockExclusive());
        Descriptor copy = first.duplicate();
        first.close();
        assertFalse(second.tryLockExclusive());
        copy.close();
        assertTrue(second.tryLockExclusive());
    }

    @Test
    void shouldKeepLockWhenAnotherDescriptorOfTheFileIsClosed() throws Exception {
        assertTrue(first.tryLockExclusive());
        Descriptor.open(file, READ, WRITE).close();
        assertFalse(second.tryLockExclusive());
    }

    @Test
    void shouldRefuseExclusiveLockOnReadOnlyDescriptor() throws Exception {
        try (Descriptor readOnly = Descriptor.open(file, READ)) {
            OsException e = assertThrows(OsException.class, readOnly::tryLockExclusive);
            assertEquals("EBADF", e.errnoName());
            assertTrue(readOnly.tryLockShared());
        }
    }
}
