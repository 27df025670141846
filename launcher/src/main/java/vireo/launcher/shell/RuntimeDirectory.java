// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/** Where the sockets of this user's running platforms are: a directory that nobody else can enter. */
public final class RuntimeDirectory {

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    private static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,39}");

    private final Path path;

    /**
     * Uses a directory.
     *
     * @param path the directory, whose parent exists
     */
    public RuntimeDirectory(Path path) {
        this.path = path;
    }

    /**
     * Finds the directory: {@code vireo} in XDG_RUNTIME_DIR, or {@code /tmp/vireo-UID}.
     *
     * @return the directory, which may not exist yet
     * @throws LaunchException if the user's number cannot be found out
     */
    public static RuntimeDirectory ofUser() throws LaunchException {
        String base = System.getenv("XDG_RUNTIME_DIR");
        if (base != null && Files.isDirectory(Path.of(base))) {
            return new RuntimeDirectory(Path.of(base, "vireo"));
        }
        return new RuntimeDirectory(Path.of("/tmp", "vireo-" + uid(Path.of("/proc/self"))));
    }

    private static Object uid(Path path) throws LaunchException {
        try {
            return Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | UnsupportedOperationException e) {
            throw new LaunchException(ExitStatus.UNAVAILABLE, "the owner of " + path + " cannot be found out: " + e
                    + "; set XDG_RUNTIME_DIR to a directory of your own", e);
        }
    }

    /**
     * Makes the directory if it is missing, and checks that it is this user's alone.
     *
     * @return the directory
     * @throws LaunchException if it cannot be made or others could enter it
     */
    public RuntimeDirectory create() throws LaunchException {
        try {
            Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (FileAlreadyExistsException e) {
            // Checked below.
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.CANNOT_CREATE, "directory for sockets " + path + " cannot be made: "
                    + e + "; set XDG_RUNTIME_DIR to a directory of your own", e);
        }
        check();
        return this;
    }

    private void check() throws LaunchException {
        try {
            if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS) || !uid(path).equals(uid(Path.of("/proc/self")))
                    || !Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE)) {
                throw new LaunchException(ExitStatus.NO_PERMISSION, "directory for sockets " + path
                        + " is not a directory that only you can enter; remove it, or 'chmod 700' it if it is yours");
            }
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.IO, "directory for sockets " + path + " cannot be checked: " + e, e);
        }
    }

    /**
     * Returns the socket of an instance.
     *
     * @param instance the instance's name
     * @return its path
     * @throws LaunchException if the name cannot be one
     */
    public Path socket(String instance) throws LaunchException {
        return file(instance, ".sock");
    }

    /**
     * Returns the lock file of an instance, held while it runs.
     *
     * @param instance the instance's name
     * @return its path
     * @throws LaunchException if the name cannot be one
     */
    public Path lock(String instance) throws LaunchException {
        return file(instance, ".lock");
    }

    private Path file(String instance, String suffix) throws LaunchException {
        if (!INSTANCE.matcher(instance).matches()) {
            throw new LaunchException(ExitStatus.USAGE, "instance name '" + instance + "' is not one; use up to 40 "
                    + "letters, digits, dots, hyphens and underscores, the first a letter or digit");
        }
        return path.resolve(instance + suffix);
    }
}
