// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Finds out who locks a file, for an error message. The kernel does not tell the owner of an open-file lock, but shows
 * its locks with each descriptor of a process that one may look at.
 */
final class LockHolder {

    private LockHolder() {
    }

    /** Returns the process, or null if it cannot be found. */
    static String of(Path path) {
        try {
            String inode = ":" + Files.getAttribute(path, "unix:ino") + " ";
            try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
                return processes.filter(process -> Character.isDigit(process.getFileName().toString().charAt(0)))
                        .filter(process -> locks(process, inode)).map(LockHolder::describe).findFirst().orElse(null);
            }
        } catch (IOException | UncheckedIOException | UnsupportedOperationException unknown) {
            return null;
        }
    }

    private static boolean locks(Path process, String inode) {
        try (Stream<Path> descriptors = Files.list(process.resolve("fdinfo"))) {
            return descriptors.anyMatch(descriptor -> {
                try {
                    return Files.readString(descriptor).lines().anyMatch(line -> line.startsWith("lock:")
                            && line.contains(inode));
                } catch (IOException closedMeanwhile) {
                    return false;
                }
            });
        } catch (IOException | UncheckedIOException notOurs) {
            return false;
        }
    }

    private static String describe(Path process) {
        String number = process.getFileName().toString();
        if (number.equals(Long.toString(ProcessHandle.current().pid()))) {
            return "another device of this process";
        }
        try {
            return "process " + number + " (" + Files.readString(process.resolve("comm")).strip() + ")";
        } catch (IOException gone) {
            return "process " + number;
        }
    }
}
