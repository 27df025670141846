// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a bus or a device. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=remove"})
public final class RemoveCommand extends ShellCommand {

    @Reference
    private Configurations configurations;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "remove", description = "Removes a bus or a device by deleting its configuration; a device goes at once, without grace.")
    private final class Options extends Call {

        @Parameters(paramLabel = "NAME", description = "Name of the configuration, see 'vireo:configs'.")
        private String name;

        @Override
        void run(PrintStream out) throws Exception {
            configurations.named(name).delete();
            out.println("removed '" + name + "'");
        }

        @Override
        List<String> candidates(int position) {
            try {
                return position == 0 ? configurations.all().stream().map(Configurations::name).toList() : List.of();
            } catch (IOException unreadable) {
                return List.of();
            }
        }
    }
}
