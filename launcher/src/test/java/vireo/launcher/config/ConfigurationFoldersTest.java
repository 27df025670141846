// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ConfigurationFoldersTest {

    @TempDir
    private Path directory;

    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    private void changed(List<Configured> all) {
        TreeSet<String> texts = new TreeSet<>();
        all.forEach(one -> texts.add(one.pid() + one.values()));
        seen.add(texts.toString());
    }

    private String next() throws InterruptedException {
        String next = seen.poll(20, TimeUnit.SECONDS);
        assertTrue(next != null, "no change was seen");
        return next;
    }

    @Test
    void shouldFollowFilesAndKeepLastGoodContent() throws Exception {
        Path file = Files.writeString(directory.resolve("a.json"), "{\"p\":{\"k\":1}}");
        try (ConfigurationFolders folders = new ConfigurationFolders(List.of(directory, directory.resolve("none")))) {
            assertEquals(1, folders.read().size());
            folders.watch(this::changed);
            Files.writeString(directory.resolve("b.json"), "{\"q\":{}}");
            assertEquals("[p{k=1}, q{}]", next());
            Files.writeString(file, "{\"p\":{\"k\":1}, broken");
            assertEquals("[p{k=1}, q{}]", next());
            Files.delete(directory.resolve("b.json"));
            assertEquals("[p{k=1}]", next());
            Files.writeString(file, "{\"p\":{\"k\":22}}");
            assertEquals("[p{k=22}]", next());
            Files.delete(file);
            assertEquals("[]", next());
        }
    }

    @Test
    void shouldGoOnWhenListenerFails() throws Exception {
        try (ConfigurationFolders folders = new ConfigurationFolders(List.of(directory))) {
            folders.read();
            folders.watch(all -> {
                changed(all);
                throw new IllegalStateException("refused");
            });
            Files.writeString(directory.resolve("a.json"), "{\"p\":{}}");
            assertEquals("[p{}]", next());
            Files.writeString(directory.resolve("b.json"), "{\"q\":{}}");
            assertEquals("[p{}, q{}]", next());
        }
    }
}
