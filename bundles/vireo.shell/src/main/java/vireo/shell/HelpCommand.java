// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what commands there are. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=help"})
public final class HelpCommand extends ShellCommand {

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "help", description = "Lists the commands, or explains one.")
    private static final class Options extends Call {

        @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command to explain.")
        private String command;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) {
            Commands commands = Commands.current();
            if (command != null) {
                commands.named(command).describe().usage(out);
                return;
            }
            Table table = new Table("command", "does");
            for (ShellCommand one : commands.all()) {
                CommandLine line = one.describe();
                table.row("vireo:" + line.getCommandName(), line.getCommandSpec().usageMessage().description()[0]);
            }
            table.print(out, json, "no commands");
        }

        @Override
        List<String> candidates(int position) {
            return position == 0 ? Commands.current().all().stream().map(ShellCommand::name).toList() : List.of();
        }
    }
}
