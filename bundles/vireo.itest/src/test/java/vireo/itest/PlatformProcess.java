// SPDX-License-Identifier: Apache-2.0
package vireo.itest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A platform in a process of its own, started and spoken to as a user does, but without the script's look for a build. */
final class PlatformProcess implements AutoCloseable {

    private static final Path HOME = Path.of("../../launcher/target/home").toAbsolutePath().normalize();
    private static final long PATIENCE_SECONDS = 60;

    private final Path folder;
    private final String instance;
    private final Path log;
    private final Process process;

    /** What a command printed, and its exit status. */
    record Answer(int status, String out, String err) {

        Answer orFail() {
            if (status != 0) {
                throw new AssertionError("status " + status + ": " + err + out);
            }
            return this;
        }
    }

    /** Starts a platform with a configuration resource and waits until it says that it is ready. */
    PlatformProcess(Path folder, String instance, String configuration) throws IOException, InterruptedException {
        this.folder = folder;
        this.instance = instance;
        Path config = Files.createDirectories(folder.resolve(instance + ".config"));
        Files.writeString(config.resolve("platform.json"), configuration);
        log = folder.resolve(instance + ".log");
        process = new ProcessBuilder(command("run", "--serve", "--instance", instance, "--config", config.toString(),
                "--state", folder.resolve(instance + ".state").toString())).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())).redirectInput(Path.of("/dev/null").toFile())
                .start();
        long readyBefore = 0;
        await("instance " + instance + " to be ready", () -> {
            if (!process.isAlive()) {
                throw new AssertionError("instance " + instance + " ended: " + text());
            }
            return text().lines().filter(line -> line.contains("ready in")).count() > readyBefore
                    && exec("vireo:buses").status == 0;
        });
    }

    private List<String> command(String... arguments) {
        List<String> words = new ArrayList<>(List.of("env", "XDG_RUNTIME_DIR=" + folder,
                ProcessHandle.current().info().command().orElseThrow(), "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow", "-XX:+UseSerialGC", "-cp",
                HOME.resolve("vireo.launcher.jar") + ":" + HOME.resolve("framework/felix.jar"), "vireo.launcher.Main"));
        words.addAll(List.of(arguments));
        return words;
    }

    private String text() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs one shell command to its end. */
    Answer exec(String line) throws IOException, InterruptedException {
        return finish(start(line));
    }

    /** Starts a shell command; what it prints goes to files beside the log. */
    Running start(String line) throws IOException {
        Path out = Files.createTempFile(folder, "out", null);
        Path err = Files.createTempFile(folder, "err", null);
        return new Running(new ProcessBuilder(command("exec", "--instance", instance, line)).redirectOutput(out.toFile())
                .redirectError(err.toFile()).redirectInput(Path.of("/dev/null").toFile()).start(), out, err);
    }

    /** A shell command under way. */
    record Running(Process process, Path out, Path err) {
    }

    static Answer finish(Running running) throws IOException, InterruptedException {
        if (!running.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            running.process.destroyForcibly();
            throw new AssertionError("a shell command hangs; it printed " + Files.readString(running.out));
        }
        return new Answer(running.process.exitValue(), Files.readString(running.out), Files.readString(running.err));
    }

    /** Something that becomes true. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    static void await(String what, Condition condition) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.holds()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("waited " + PATIENCE_SECONDS + " s in vain for " + what);
            }
            Thread.sleep(50);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** SIGKILL: nothing is flushed, closed or said. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("instance " + instance + " did not stop: " + text());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
