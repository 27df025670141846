// SPDX-License-Identifier: Apache-2.0
package vireo.itest;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** ext4 images with real files in them, made and judged by e2fsprogs. */
final class Images {

    private Images() {
    }

    /** In CI a missing tool is a failure; elsewhere it skips the test and says how to get it. */
    static void requireTools() throws IOException, InterruptedException {
        for (String tool : List.of("mkfs.ext4", "e2fsck", "debugfs")) {
            boolean there = Stream.of("/usr/sbin", "/sbin", "/usr/bin").anyMatch(dir -> Files.isExecutable(Path.of(dir, tool)));
            if (!there && System.getenv("CI") != null) {
                throw new AssertionError(tool + " is missing; 'apt-get install e2fsprogs'");
            }
            assumeTrue(there, tool + " is missing; 'apt-get install e2fsprogs' to run this test");
        }
    }

    static void make(Path image, Path files, String size) throws IOException, InterruptedException {
        run("mkfs.ext4", "-q", "-F", "-d", files.toString(), image.toString(), size);
    }

    /** Fails unless the file system on the image is clean. */
    static void check(Path image) throws IOException, InterruptedException {
        run("e2fsck", "-fn", image.toString());
    }

    /** Copies every file out of an image without mounting it. */
    static void extract(Path image, Path target) throws IOException, InterruptedException {
        Files.createDirectories(target);
        run("debugfs", "-R", "rdump / " + target, image.toString());
    }

    private static void run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().merge("PATH", "/usr/sbin:/sbin", (old, more) -> old + ":" + more);
        Process process = builder.start();
        process.getOutputStream().close();
        String printed = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new AssertionError(String.join(" ", command) + " says " + process.exitValue() + ": " + printed);
        }
    }

    static String sha256(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] piece = new byte[1 << 20];
            for (int got = in.read(piece); got >= 0; got = in.read(piece)) {
                digest.update(piece, 0, got);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Every regular file below a folder by its relative name, with the checksum of its content. */
    static Map<String, String> content(Path folder) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(f -> Files.isRegularFile(f, java.nio.file.LinkOption.NOFOLLOW_LINKS)).toList()) {
                sums.put(folder.relativize(file).toString(), sha256(file));
            }
        }
        return sums;
    }
}
