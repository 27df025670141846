// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.Locale;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import vireo.transport.BusView;

/** Lists the buses. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=buses"})
public final class BusesCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "buses", description = "Lists the message buses, both roles, with their peers.")
    private final class Options extends Call {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) {
            Table table = new Table("bus", "role", "state", "profile", "max_message", "devices", "in_flight", "kicks",
                    "calls", "peer_epoch");
            for (BusView bus : platform.buses()) {
                table.row(bus.info().name(), bus.info().role().name().toLowerCase(Locale.ROOT),
                        bus.connected() ? "connected" : "no peer", bus.info().profile().name(),
                        bus.info().maxMessageSize(), bus.devices(), bus.inFlight(),
                        bus.info().kicks().name().toLowerCase(Locale.ROOT),
                        bus.info().calls().name().toLowerCase(Locale.ROOT), Long.toHexString(bus.peerEpoch()));
            }
            table.print(out, json, "no bus; make one with 'vireo:create bus.local main bus.name=main'");
        }
    }
}
