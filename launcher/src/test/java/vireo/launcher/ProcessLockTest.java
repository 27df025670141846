// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessLockTest {

    @TempDir
    private Path directory;

    @Test
    void shouldNameTheHolderWhenTaken() throws LaunchException {
        Path file = directory.resolve("lock");
        ProcessLock first = ProcessLock.take(file, "the thing", "take another");
        try {
            LaunchException e = assertThrows(LaunchException.class,
                    () -> ProcessLock.take(file, "the thing", "take another").close());
            assertEquals(ExitStatus.TEMPORARY, e.status());
            assertEquals("the thing is in use by process " + ProcessHandle.current().pid()
                    + "; end that, or take another", e.getMessage());
        } finally {
            first.close();
        }
        ProcessLock.take(file, "the thing", "take another").close();
    }

    @Test
    void shouldSayWhyWhenFileCannotBeMade() {
        LaunchException e = assertThrows(LaunchException.class,
                () -> ProcessLock.take(directory.resolve("none/lock"), "the thing", "take another").close());
        assertEquals(ExitStatus.CANNOT_CREATE, e.status());
        assertTrue(e.getMessage().contains("none/lock"), e.getMessage());
    }
}
