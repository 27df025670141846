// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The launcher as a process of its own, with its standard streams, its socket and signals. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class ProcessIT {

    @TempDir
    private Path directory;

    private Path runtime;
    private final List<Process> started = new ArrayList<>();

    /** How a process ended. */
    private record Ended(int status, String out, String err) {
    }

    @BeforeEach
    void makeRuntimeDirectory() throws IOException {
        runtime = Files.createDirectory(directory.resolve("rt"));
    }

    @AfterEach
    void endProcesses() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    private Process start(Path in, String... arguments) throws IOException {
        String framework = System.getProperty("vireo.framework");
        List<String> words = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp",
                Bed.home().resolve("vireo.launcher.jar") + ":"
                        + Bed.home().resolve("framework").resolve(framework + ".jar"), "vireo.launcher.Main"));
        words.addAll(Arrays.asList(arguments));
        if (arguments[0].equals("run")) {
            words.addAll(List.of("--framework", framework));
        }
        ProcessBuilder builder = new ProcessBuilder(words).directory(directory.toFile());
        builder.environment().put("XDG_RUNTIME_DIR", runtime.toString());
        builder.environment().put("XDG_STATE_HOME", directory.resolve("state").toString());
        File base = directory.resolve("process" + started.size()).toFile();
        builder.redirectInput(in == null ? new File("/dev/null") : in.toFile());
        builder.redirectOutput(new File(base + ".out")).redirectError(new File(base + ".err"));
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Ended end(Process process) throws Exception {
        int status = process.waitFor();
        Path base = directory.resolve("process" + started.indexOf(process));
        return new Ended(status, Files.readString(Path.of(base + ".out")), Files.readString(Path.of(base + ".err")));
    }

    private Ended run(String... arguments) throws Exception {
        return end(start(null, arguments));
    }

    private Ended feed(String lines, String... arguments) throws Exception {
        return end(start(Files.writeString(directory.resolve("lines"), lines), arguments));
    }

    private Process serve(String instance) throws Exception {
        Process process = start(null, "run", "--serve", "--instance", instance, "--feature", "workbench");
        Path err = directory.resolve("process" + (started.size() - 1) + ".err");
        Bed.await("ready line", () -> Files.readString(err).contains("ready in") || !process.isAlive());
        assertTrue(process.isAlive(), () -> "ended with " + process.exitValue());
        return process;
    }

    @Test
    void shouldExitWithTheFirstFailureOfTheLines() throws Exception {
        Ended ended = feed("# a comment\necho one\nnosuch\ncat /no/such/file\necho two\nexit\necho three\n", "run",
                "--feature", "workbench");
        assertEquals(ExitStatus.USAGE, ended.status(), ended.err());
        assertEquals("one\ntwo\n", ended.out());
        assertTrue(ended.err().contains("ready in ") && ended.err().contains("no command 'nosuch'"), ended.err());
        assertEquals(0, feed("echo fine\n", "run", "--feature", "workbench").status());
    }

    @Test
    void shouldSayItWhenThereIsNoShellForTheLines() throws Exception {
        Ended ended = feed("echo one\n", "run", "--feature", "devices");
        assertEquals(ExitStatus.UNAVAILABLE, ended.status());
        assertTrue(ended.err().contains("this platform has no shell"), ended.err());
    }

    @Test
    void shouldRunCommandsOfOtherProcesses() throws Exception {
        Process server = serve("x");
        Path socket = runtime.resolve("vireo/x.sock");
        assertTrue(Files.exists(socket));
        assertEquals(new Ended(0, "hello\n", ""), run("exec", "--instance", "x", "echo hello"));
        assertEquals(ExitStatus.USAGE, run("exec", "--instance", "x", "nosuch").status());
        assertEquals(1, run("exec", "--instance=x", "cat /no/such/file").status());
        assertEquals(directory.toRealPath() + "\n", run("exec", "--instance", "x", "pwd").out());
        assertEquals(ExitStatus.UNAVAILABLE, run("exec", "echo hello").status());
        Ended twice = run("run", "--instance", "x");
        assertEquals(ExitStatus.TEMPORARY, twice.status());
        assertTrue(twice.err().contains("instance 'x' is in use by process " + server.pid()), twice.err());
        assertEquals(new Ended(0, "", ""), run("exec", "--instance", "x", "exit"));
        assertEquals(0, end(server).status());
        assertFalse(Files.exists(socket));
    }

    @Test
    void shouldSendLongOutputWholeAndInterruptACommandWhoseClientIsGone() throws Exception {
        serve("x");
        Path file = directory.resolve("long");
        Files.writeString(file, "0123456789abcdef\n".repeat(50_000));
        assertEquals(Files.readString(file), run("exec", "--instance", "x", "cat " + file).out());
        Process client = start(null, "exec", "--instance", "x", "echo begun; sleep 1000");
        Path out = directory.resolve("process" + started.indexOf(client) + ".out");
        Bed.await("the command runs", () -> Files.readString(out).equals("begun\n"));
        client.destroyForcibly().waitFor();
        Process server = started.getFirst();
        server.destroy();
        assertEquals(143, end(server).status());
    }

    @Test
    void shouldCleanUpWhenTerminatedAndStartAgainWhenKilled() throws Exception {
        Path socket = runtime.resolve("vireo/x.sock");
        Process terminated = serve("x");
        terminated.destroy();
        assertEquals(143, end(terminated).status());
        assertFalse(Files.exists(socket));
        Process killed = serve("x");
        killed.destroyForcibly().waitFor();
        assertTrue(Files.exists(socket));
        assertEquals(ExitStatus.UNAVAILABLE, run("exec", "--instance", "x", "echo hello").status());
        serve("x");
        assertEquals("hello\n", run("exec", "--instance", "x", "echo hello").out());
    }
}
