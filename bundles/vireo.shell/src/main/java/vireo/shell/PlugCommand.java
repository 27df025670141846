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

/** Plugs a device into a slot. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=plug"})
public final class PlugCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "plug", description = "Plugs a device into a slot of a device-role bus, or moves it there.")
    private final class Options extends Call {

        @Parameters(index = "0", paramLabel = "DEVICE", description = "Name of the device.")
        private String device;

        @Parameters(index = "1", paramLabel = "BUS", description = "Name of the bus.")
        private String bus;

        @Parameters(index = "2", arity = "0..1", defaultValue = "-1", paramLabel = "NUMBER",
                description = "Device number, 0 to 65535; the lowest free one from 1 by default.")
        private int number;

        @Override
        void run(PrintStream out) {
            platform.admin().plug(device, bus, number);
            out.println("plugging " + device + " into bus " + bus + "; 'vireo:slots' shows it");
        }

        @Override
        List<String> candidates(int position) {
            return switch (position) {
                case 0 -> platform.deviceNames();
                case 1 -> platform.busNames(BusInfo.Role.DEVICE);
                default -> List.of();
            };
        }
    }
}
