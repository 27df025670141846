// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NumberStoreTest {
    @TempDir
    private Path folder;

    @Test
    void shouldIgnoreLinesThatMakeNoSense() throws Exception {
        Path file = folder.resolve("n");
        Files.write(file, List.of("", "x\tb\td", "99999\tb\td", "-1\tb\td", "7\tb", "7\tb\td\te", "5\tb\td"));
        NumberStore store = new NumberStore(file);
        assertEquals(5, store.choose("b", "d", 256, number -> false));
        assertEquals(1, store.choose("b", "other", 256, number -> false));
    }

    @Test
    void shouldStartEmptyWhenFileIsNoText() throws Exception {
        Path file = folder.resolve("n");
        Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertEquals(1, new NumberStore(file).choose("b", "d", 256, number -> false));
    }

    @Test
    void shouldWorkInMemoryWhenFileCannotBeWritten() {
        NumberStore store = new NumberStore(folder.resolve("missing").resolve("n"));
        store.keep("b", "d", 3);
        assertEquals(3, store.choose("b", "d", 256, number -> false));
    }

    @Test
    void shouldPreferNumbersNobodyHadAndTakeOthersWhenAllAreGone() {
        NumberStore store = new NumberStore(null);
        store.keep("b", "one", 1);
        store.keep("b", "two", 2);
        assertEquals(3, store.choose("b", "new", 256, number -> false));
        assertEquals(1, store.choose("b", "new", 3, number -> false));
        assertEquals(2, store.choose("b", "new", 3, number -> number == 1));
        assertEquals(-1, store.choose("b", "new", 3, number -> true));
        assertEquals(1, store.choose("other", "new", 256, number -> false));
        store.forget("b", "one");
        assertEquals(1, store.choose("b", "new", 256, number -> false));
    }

    @Test
    void shouldForgetOneDeviceWhenAnotherKeepsItsNumber() {
        NumberStore store = new NumberStore(null);
        store.keep("b", "one", 1);
        store.keep("b", "two", 1);
        assertEquals(2, store.choose("b", "one", 256, number -> false));
    }

    @Test
    void shouldNotWriteNamesThatWouldBreakTheFile() {
        Path file = folder.resolve("n");
        NumberStore store = new NumberStore(file);
        store.keep("b", "a\n9\tb\tz", 4);
        assertEquals(1, new NumberStore(file).choose("b", "z", 256, number -> false));
    }
}
