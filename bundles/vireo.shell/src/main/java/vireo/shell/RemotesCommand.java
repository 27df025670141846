// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import vireo.transport.RemoteView;

/** Lists the devices found on driver-role buses. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=remotes"})
public final class RemotesCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "remotes", description = "Lists the devices that were found on driver-role buses.")
    private final class Options extends Call {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) {
            Table table = new Table("bus", "number", "type", "vendor", "state", "driver", "queues", "config_size",
                    "generation", "status");
            for (RemoteView remote : platform.remotes()) {
                table.row(remote.bus(), remote.number(), platform.names().type(remote.info().deviceId()),
                        "0x%08x".formatted(remote.info().vendorId()), Names.state(remote.status()), remote.driver(),
                        remote.queues().size(), remote.info().configSize(),
                        Integer.toUnsignedLong(remote.generation()), Names.status(remote.status()));
            }
            table.print(out, json, "no device found; is the peer of a driver-role bus there? see 'vireo:buses'");
        }
    }
}
