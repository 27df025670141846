// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/**
 * The configuration resources (*.json) of some directories, followed while the platform runs. A file that turns bad is
 * reported and keeps its last good content; the other files are not affected.
 */
public final class ConfigurationFolders implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFolders.class);

    private static final long INTERVAL_MILLIS = 1000;

    /** Takes the whole content after a change. */
    @FunctionalInterface
    public interface Listener {

        /**
         * Called when something has changed.
         *
         * @param configurations all configurations of all files
         * @throws LaunchException if they cannot be applied
         */
        void changed(List<Configured> configurations) throws LaunchException;
    }

    /** How a file looked when it was last read. */
    private record Stamp(FileTime modified, long size) {
    }

    private final List<Path> directories;
    private Map<Path, Stamp> stamps = Map.of();
    private Map<Path, List<Configured>> content = Map.of();
    private Thread watcher;

    /**
     * Looks at directories.
     *
     * @param directories the directories; one that does not exist is empty
     */
    public ConfigurationFolders(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /**
     * Reads everything.
     *
     * @return all configurations of all files
     * @throws LaunchException if a file is wrong or two files configure one PID
     */
    public List<Configured> read() throws LaunchException {
        Map<Path, Stamp> seen = scan();
        Map<Path, List<Configured>> fresh = new LinkedHashMap<>();
        for (Path path : seen.keySet()) {
            fresh.put(path, ConfigurationFiles.read(path));
        }
        List<Configured> all = merge(fresh);
        stamps = seen;
        content = fresh;
        return all;
    }

    /**
     * Starts to follow the directories.
     *
     * @param listener told of each change, on a thread of this object
     */
    public void watch(Listener listener) {
        watcher = Thread.ofPlatform().daemon().name("vireo-config").start(() -> {
            try {
                while (true) {
                    Thread.sleep(INTERVAL_MILLIS);
                    poll(listener);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void poll(Listener listener) {
        try {
            Map<Path, Stamp> seen = scan();
            if (!seen.equals(stamps)) {
                refresh(seen);
                listener.changed(merge(content));
            }
        } catch (LaunchException | RuntimeException e) {
            LOG.warn("{}", e.getMessage());
        }
    }

    private void refresh(Map<Path, Stamp> seen) {
        Map<Path, List<Configured>> fresh = new LinkedHashMap<>();
        for (Map.Entry<Path, Stamp> file : seen.entrySet()) {
            List<Configured> before = content.getOrDefault(file.getKey(), List.of());
            fresh.put(file.getKey(), file.getValue().equals(stamps.get(file.getKey())) ? before
                    : reread(file.getKey(), before));
        }
        stamps = seen;
        content = fresh;
    }

    private static List<Configured> reread(Path path, List<Configured> before) {
        try {
            return ConfigurationFiles.read(path);
        } catch (LaunchException e) {
            LOG.warn("{}; what the file said before stays in force", e.getMessage());
            return before;
        }
    }

    private Map<Path, Stamp> scan() throws LaunchException {
        Map<Path, Stamp> seen = new LinkedHashMap<>();
        for (Path directory : directories) {
            for (Path path : ConfigurationFiles.list(directory)) {
                try {
                    seen.put(path, new Stamp(Files.getLastModifiedTime(path), Files.size(path)));
                } catch (IOException e) {
                    LOG.debug("{} went away while it was looked at", path, e);
                }
            }
        }
        return seen;
    }

    private static List<Configured> merge(Map<Path, List<Configured>> files) throws LaunchException {
        Map<String, Configured> merged = new HashMap<>();
        List<Configured> all = new ArrayList<>();
        for (List<Configured> file : files.values()) {
            for (Configured one : file) {
                Configured other = merged.putIfAbsent(one.pid(), one);
                if (other != null) {
                    throw new LaunchException(ExitStatus.CONFIG, one.source() + ": '" + one.pid()
                            + "' is configured by " + other.source() + " too; remove it from one of them");
                }
                all.add(one);
            }
        }
        return all;
    }

    /** Stops following; a change that is being applied is waited for. */
    @Override
    public void close() {
        if (watcher == null || watcher == Thread.currentThread()) {
            return;
        }
        watcher.interrupt();
        try {
            watcher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
