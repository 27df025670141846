// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import vireo.launcher.LaunchException;
import vireo.launcher.Platform;
import vireo.launcher.PlatformSettings;
import vireo.launcher.ProcessLock;
import vireo.launcher.log.Logging;
import vireo.launcher.shell.ExitFunction;
import vireo.launcher.shell.LineRunner;
import vireo.launcher.shell.RuntimeDirectory;
import vireo.launcher.shell.ShellServer;

/** A platform with its name, its socket and its log, from start to end; also when the end is a signal. */
final class RunningInstance implements AutoCloseable {

    private final String name;
    private final RuntimeDirectory directory;
    private final ProcessLock lock;
    private final Console console;
    private Platform platform;
    private ShellServer server;
    private ExitFunction exit;
    private boolean ended;

    private RunningInstance(String name, RuntimeDirectory directory, ProcessLock lock, Console console) {
        this.name = name;
        this.directory = directory;
        this.lock = lock;
        this.console = console;
    }

    static RunningInstance start(String name, PlatformSettings settings, String level, Console console)
            throws LaunchException {
        RuntimeDirectory directory = RuntimeDirectory.ofUser();
        RunningInstance instance = new RunningInstance(name, directory, ShellServer.claim(directory, name), console);
        Runtime.getRuntime().addShutdownHook(new Thread(instance::close, "vireo-shutdown"));
        try {
            Path config = settings.config() == null ? settings.state() : settings.config();
            Logging.set(level, settings.state().resolve("log").resolve("vireo.log"), config.resolve("logback.xml"));
            Platform.start(settings, instance::ready);
            return instance;
        } catch (LaunchException | RuntimeException | Error e) {
            instance.close();
            throw e;
        }
    }

    private void ready(Platform started) throws LaunchException {
        synchronized (this) {
            if (ended) {
                started.close();
                return;
            }
            platform = started;
            exit = ExitFunction.register(started.context(), this::close);
            server = ShellServer.open(directory, name, lock, started.context());
        }
        started.problems().forEach(problem -> console.err().println("vireo: " + problem));
        console.err().println(ReadyLine.of(name, started));
    }

    /** Lets the interactive shell run, which started by itself. */
    int serve() throws InterruptedException {
        platform.await();
        return 0;
    }

    /** Runs the lines of standard input until it or the platform ends. */
    int feed() throws IOException, LaunchException {
        int status = 0;
        try (LineRunner runner = LineRunner.open(platform.context(), InputStream.nullInputStream(), console.out(),
                console.err(), Path.of("").toAbsolutePath());
                BufferedReader lines = new BufferedReader(
                        new InputStreamReader(console.in(), StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null && !exit.used()) {
                int one = runner.run(line);
                status = status == 0 ? one : status;
                line = lines.readLine();
            }
        }
        return status;
    }

    @Override
    public synchronized void close() {
        if (ended) {
            return;
        }
        ended = true;
        if (server != null) {
            server.close();
        }
        if (platform != null) {
            platform.close();
        }
        lock.close();
        Logging.stop();
    }
}
