// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import vireo.launcher.shell.LineRunner;

/** What the tests with a framework share. */
final class Bed {

    static final Duration LIMIT = Duration.ofSeconds(60);

    /** How a line ended. */
    record Outcome(int status, String out, String err) {
    }

    private Bed() {
    }

    static Path home() {
        return Path.of(System.getProperty("vireo.home"));
    }

    static PlatformSettings settings(Path state) throws LaunchException {
        return PlatformSettings.of(home(), state)
                .withFramework(FrameworkKind.of(System.getProperty("vireo.framework")));
    }

    static Outcome run(Platform platform, String line) throws LaunchException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (LineRunner runner = LineRunner.open(platform.context(), InputStream.nullInputStream(),
                new PrintStream(out, true), new PrintStream(err, true), Path.of("").toAbsolutePath())) {
            int status = runner.run(line);
            return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    /** Waits for something that another thread brings about. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                fail("not within " + LIMIT.toSeconds() + " s: " + what);
            }
            Thread.sleep(20);
        }
    }

    /** Writes a bundle without code, at once as a whole. */
    static void bundle(Path jar, String name, String version, String imports) throws IOException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", name);
        headers.putValue("Bundle-Version", version);
        if (imports != null) {
            headers.putValue("Import-Package", imports);
        }
        Path part = jar.resolveSibling(jar.getFileName() + ".part");
        try (OutputStream out = Files.newOutputStream(part)) {
            new JarOutputStream(out, manifest).close();
        }
        Files.move(part, jar, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
