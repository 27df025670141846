// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.Function;
import org.osgi.service.cm.Configuration;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Makes a bus or a device. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=create"})
public final class CreateCommand extends ShellCommand {

    @Reference
    private Configurations configurations;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "create", description = {"Makes a bus or a device by giving it a configuration, and waits until it is there.",
        "Example: vireo:create device.block disk path=/srv/disk.img"})
    private final class Options extends Call {

        @Parameters(index = "0", paramLabel = "KIND", description = "What to make, such as bus.local or device.block.")
        private String kind;

        @Parameters(index = "1", paramLabel = "NAME",
                description = "Its name; also its bus.name or device.name unless that is given.")
        private String name;

        @Parameters(index = "2..*", paramLabel = "KEY=VALUE", description = "Properties.")
        private Map<String, String> properties = Map.of();

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) throws Exception {
            Dictionary<String, Object> values = new Hashtable<>(properties);
            String nameKey = kind.startsWith("bus.") ? "bus.name" : "device.name";
            if (values.get(nameKey) == null) {
                values.put(nameKey, name);
            }
            Configuration made = configurations.create(kind, name, values);
            String trouble = configurations.outcome(made);
            if (trouble != null) {
                made.delete();
                throw new IllegalArgumentException(kind + " '" + name + "' was not made: " + trouble);
            }
            if (json) {
                new Table("name", "kind", "pid").row(name, kind, made.getPid()).print(out, true, "");
            } else {
                out.println("made " + kind + " '" + name + "'");
            }
        }

        @Override
        List<String> candidates(int position) {
            return position == 0 ? configurations.kinds() : List.of();
        }
    }
}
