// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vireo.device.FeatureSet;
import vireo.transport.RemoteView;
import vireo.transport.SlotView;

/** Shows feature bits by name. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=features"})
public final class FeaturesCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "features", description = "Shows the features of slots and remote devices by name: offered and agreed.")
    private final class Options extends Call {

        @Parameters(index = "0", arity = "0..1", paramLabel = "BUS", description = "Only this bus.")
        private String bus;

        @Parameters(index = "1", arity = "0..1", paramLabel = "NUMBER", description = "Only this device number.")
        private Integer number;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        private Table table = new Table("side", "bus", "number", "type", "offered", "selected");

        @Override
        void run(PrintStream out) {
            if (bus != null) {
                Platform.pick("bus", bus, platform.busNames(null), name -> name, "see 'vireo:buses'");
            }
            for (SlotView slot : platform.admin().slots()) {
                add("device", slot.bus(), slot.number(), slot.deviceId(), slot.offered(), slot.selected());
            }
            for (RemoteView remote : platform.remotes()) {
                add("driver", remote.bus(), remote.number(), remote.info().deviceId(), remote.offered(),
                        remote.selected());
            }
            table.print(out, json, "no device" + (bus == null ? "" : " on bus '" + bus + "'"));
        }

        private void add(String side, String name, int at, int type, FeatureSet offered, FeatureSet selected) {
            if ((bus == null || bus.equals(name)) && (number == null || number == at)) {
                table.row(side, name, at, platform.names().type(type), platform.names().features(type, offered),
                        platform.names().features(type, selected));
            }
        }

        @Override
        List<String> candidates(int position) {
            return position == 0 ? platform.busNames(null) : List.of();
        }
    }
}
