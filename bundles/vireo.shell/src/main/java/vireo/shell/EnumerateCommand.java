// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import vireo.bus.BusInfo;

/** Enumerates a bus again. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=enumerate"})
public final class EnumerateCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "enumerate", description = "Asks the peer of a driver-role bus again which devices there are.")
    private final class Options extends Call {

        @Parameters(paramLabel = "BUS", description = "Name of the bus.")
        private String bus;

        @Override
        void run(PrintStream out) throws Exception {
            platform.admin().enumerate(bus);
            long found = platform.remotes().stream().filter(remote -> remote.bus().equals(bus)).count();
            out.println("bus " + bus + ": " + found + (found == 1 ? " device" : " devices"));
        }

        @Override
        List<String> candidates(int position) {
            return position == 0 ? platform.busNames(BusInfo.Role.DRIVER) : List.of();
        }
    }
}
