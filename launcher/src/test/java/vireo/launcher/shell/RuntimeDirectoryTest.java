// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

class RuntimeDirectoryTest {

    @TempDir
    private Path base;

    @Test
    void shouldRefuseWhenOthersMayEnter() throws Exception {
        Path open = Files.createDirectory(base.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        LaunchException e = assertThrows(LaunchException.class, () -> new RuntimeDirectory(open).create());
        assertEquals(ExitStatus.NO_PERMISSION, e.status());
        assertTrue(e.getMessage().contains(open.toString()), e.getMessage());
    }

    @Test
    void shouldRefuseWhenItIsALink() throws Exception {
        Path target = new RuntimeDirectory(base.resolve("mine")).create().socket("x").getParent();
        Path link = Files.createSymbolicLink(base.resolve("link"), target);
        assertThrows(LaunchException.class, () -> new RuntimeDirectory(link).create());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "../x", "a/b", ".hidden", "a b", "01234567890123456789012345678901234567890"})
    void shouldRefuseWhenNameIsNone(String instance) {
        LaunchException e = assertThrows(LaunchException.class,
                () -> new RuntimeDirectory(base.resolve("mine")).socket(instance));
        assertEquals(ExitStatus.USAGE, e.status());
    }

    @Test
    void shouldMakeADirectoryThatOnlyTheOwnerCanEnter() throws Exception {
        Path made = new RuntimeDirectory(base.resolve("mine")).create().socket("x").getParent();
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        assertEquals(made.resolve("x.sock"), new RuntimeDirectory(made).create().socket("x"));
    }
}
