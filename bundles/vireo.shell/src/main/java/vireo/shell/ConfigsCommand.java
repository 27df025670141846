// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import org.apache.felix.service.command.Function;
import org.osgi.service.cm.Configuration;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists configurations. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=configs"})
public final class ConfigsCommand extends ShellCommand {

    @Reference
    private Configurations configurations;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "configs", description = "Lists the configurations of buses and devices, and what became of each.")
    private final class Options extends Call {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) throws Exception {
            Table table = new Table("name", "kind", "state", "properties");
            for (Configuration one : configurations.all()) {
                String trouble = configurations.outcome(one);
                table.row(Configurations.name(one), Configurations.kind(one), trouble == null ? "ok" : trouble,
                        Configurations.properties(one));
            }
            table.print(out, json, "no configuration; make one with 'vireo:create'");
        }
    }
}
