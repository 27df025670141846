// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.util.List;
import vireo.launcher.LaunchException;
import vireo.launcher.shell.RuntimeDirectory;
import vireo.launcher.shell.ShellClient;

/** Runs one shell command in a running platform. */
final class ExecCommand implements Command {

    @Override
    public Syntax syntax() {
        return new Syntax("exec", List.of("--instance"), List.of(), 1, 1);
    }

    @Override
    public String help() {
        return """
                Usage: ./vireo exec [--instance NAME] 'COMMAND'
                Runs one shell command in a running platform and exits with its status; './vireo exec help' lists the
                commands. Relative file names in it start from the current directory. Ctrl-C interrupts it.

                  --instance NAME   the platform's name, 'default' by default

                Exit status: that of the command (0 if it succeeded, 64 if it was wrong, 1 or another if it failed);
                69 if no such platform is running.
                """;
    }

    @Override
    public int run(Syntax.Given given, Console console) throws LaunchException {
        return ShellClient.run(RuntimeDirectory.ofUser(), given.value("--instance", RunCommand.DEFAULT_INSTANCE),
                given.words().getFirst(), console.out(), console.err());
    }
}
