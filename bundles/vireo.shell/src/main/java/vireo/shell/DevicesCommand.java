// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import vireo.transport.SlotView;
import vireo.transport.UnpluggedDevice;

/** Lists the devices, plugged in or not. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=devices"})
public final class DevicesCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "devices", description = "Lists the devices of this platform and where they are plugged in.")
    private final class Options extends Call {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) {
            Table table = new Table("device", "type", "plugged", "where");
            for (SlotView slot : platform.admin().slots()) {
                if (!slot.vacant()) {
                    table.row(slot.deviceName(), platform.names().type(slot.deviceId()), true,
                            slot.bus() + "/" + slot.number());
                }
            }
            for (UnpluggedDevice device : platform.admin().unplugged()) {
                table.row(device.deviceName(), platform.names().type(device.deviceId()), false,
                        "not plugged: " + device.reason());
            }
            table.print(out, json, "no device; make one with 'vireo:create device.entropy rng device.name=rng'");
        }
    }
}
