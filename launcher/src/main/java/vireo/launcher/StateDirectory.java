// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What outlives the process, in one directory that one process at a time may use.
 *
 * @param path the directory
 * @param lock held for as long as it is in use
 */
record StateDirectory(Path path, ProcessLock lock) implements AutoCloseable {

    static StateDirectory open(Path path) throws LaunchException {
        try {
            Files.createDirectories(path.resolve("deploy"));
            Files.createDirectories(path.resolve("log"));
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.CANNOT_CREATE, "state directory " + path + " cannot be made: " + e
                    + "; name another with --state", e);
        }
        return new StateDirectory(path, ProcessLock.take(path.resolve("lock"), "state directory " + path,
                "name another with --state or --instance"));
    }

    /** The framework's own files; made anew when it cannot use them. */
    Path cache(FrameworkKind framework) {
        return path.resolve("cache-" + framework.label());
    }

    /** Which jars the framework's cache was made from. */
    Path stamps(FrameworkKind framework) {
        return path.resolve("cache-" + framework.label() + ".properties");
    }

    /** What Configuration Admin keeps. */
    Path configurations() {
        return path.resolve("config");
    }

    /** Watched for bundles and configurations. */
    Path deploy() {
        return path.resolve("deploy");
    }

    @Override
    public void close() {
        lock.close();
    }
}
