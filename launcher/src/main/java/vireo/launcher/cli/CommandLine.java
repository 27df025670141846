// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/** Finds the command that a command line means, and turns every way it can end into a status and one line. */
public final class CommandLine {

    private static final List<Command> COMMANDS = List.of(new RunCommand(), new ExecCommand(),
            new ConvertCommand.Decode(), new ConvertCommand.Encode(), new VersionCommand());

    private CommandLine() {
    }

    /**
     * Runs one command.
     *
     * @param arguments the command's name and its arguments
     * @param console the process's streams
     * @return the exit status
     */
    public static int execute(String[] arguments, Console console) {
        try {
            if (arguments.length == 0) {
                throw new LaunchException(ExitStatus.USAGE, "a command is missing; known are " + names());
            }
            Command command = COMMANDS.stream().filter(one -> one.syntax().command().equals(arguments[0])).findFirst()
                    .orElseThrow(() -> new LaunchException(ExitStatus.USAGE, "unknown command '" + arguments[0]
                            + "'; known are " + names()));
            Syntax.Given given = command.syntax().parse(Arrays.asList(arguments).subList(1, arguments.length));
            if (given.help()) {
                console.out().print(command.help());
                return 0;
            }
            return command.run(given, console);
        } catch (LaunchException e) {
            console.err().println("vireo: " + e.getMessage());
            return e.status();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitStatus.TEMPORARY;
        } catch (IOException | RuntimeException e) {
            e.printStackTrace(console.err());
            console.err().println("vireo: internal error: " + e + "; please report it with the lines above");
            return ExitStatus.SOFTWARE;
        }
    }

    private static String names() {
        return String.join(", ", COMMANDS.stream().map(one -> one.syntax().command()).toList());
    }
}
