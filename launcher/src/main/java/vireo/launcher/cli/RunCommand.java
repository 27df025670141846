// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import vireo.launcher.FrameworkKind;
import vireo.launcher.LaunchException;
import vireo.launcher.PlatformSettings;

/** Starts a platform. */
final class RunCommand implements Command {

    static final String DEFAULT_INSTANCE = "default";

    /** The feature with the configuration that runs when nothing is asked for. */
    private static final String EMBEDDED = "embedded";

    @Override
    public Syntax syntax() {
        return new Syntax("run", List.of("--config", "--feature", "--framework", "--instance", "--state", "--log"),
                List.of("--serve"), 0, 0);
    }

    @Override
    public String help() {
        return """
                Usage: ./vireo run [OPTIONS]
                Starts a platform. In a terminal it has an interactive shell ('help' lists the commands, Ctrl-D ends).
                Otherwise it runs the lines of standard input, prints their output, and exits with the status of the
                first that failed.

                Without --config and --feature it is a small machine of its own: a bus inside the process, a block
                device on an image that it makes in the state directory, an entropy device, and drivers for both.

                  --config DIR      configuration: DIR/*.json ({ "FACTORY-PID~NAME": { ... } }), DIR/*.cfg, bundles and
                                    configurations in DIR/deploy (if it exists), and DIR/logback.xml
                  --feature NAME    what to run beside the core, once for each; without it: linux, devices, workbench
                  --framework NAME  felix (default) or equinox
                  --instance NAME   name under which './vireo exec' finds it, 'default' by default
                  --state DIR       what outlives the process: DIR/deploy, DIR/log, created configurations, caches;
                                    $XDG_STATE_HOME/vireo/NAME or ~/.local/state/vireo/NAME by default
                  --log LEVEL       what goes into the log file: error, warn, info (default), debug or trace;
                                    warnings and errors go to standard error too
                  --serve           no shell: run until SIGTERM, SIGINT or './vireo exec exit'

                Files in DIR, DIR/deploy and the state directory's deploy are watched: what appears is installed, what
                changes is updated, what is deleted goes away.
                """;
    }

    @Override
    public int run(Syntax.Given given, Console console) throws LaunchException, IOException, InterruptedException {
        boolean serve = given.has("--serve");
        boolean interactive = !serve && Boolean.getBoolean("vireo.terminal");
        if (!interactive) {
            // Else JLine looks for a terminal, and takes SIGINT away from the process.
            System.setProperty("org.jline.terminal.provider", "dumb");
        }
        String instance = given.value("--instance", DEFAULT_INSTANCE);
        PlatformSettings settings = settings(given, instance, interactive);
        try (RunningInstance running = RunningInstance.start(instance, settings, given.value("--log", "info"),
                console)) {
            return interactive || serve ? running.serve() : running.feed();
        }
    }

    private static PlatformSettings settings(Syntax.Given given, String instance, boolean interactive)
            throws LaunchException {
        Path config = given.path("--config");
        List<String> features = new ArrayList<>(given.options().getOrDefault("--feature",
                PlatformSettings.DEFAULT_FEATURES));
        if (config == null && !given.has("--feature")) {
            features.add(EMBEDDED);
        }
        Path state = given.has("--state") ? given.path("--state") : Home.state(instance);
        PlatformSettings settings = PlatformSettings.of(Home.find(), state).withFeatures(features).withConfig(config)
                .withFramework(FrameworkKind.of(given.value("--framework", "felix")))
                .withProperty("vireo.instance", instance);
        return interactive ? settings.withProperty("gosh.args", "--login")
                .withProperty("gosh.home", settings.home().resolve("shell").toString()) : settings;
    }
}
