// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import vireo.transport.SlotView;

/** Lists the slots. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=slots"})
public final class SlotsCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "slots", description = "Lists the device slots of all device-role buses.")
    private final class Options extends Call {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) {
            Table table = new Table("bus", "number", "device", "type", "state", "status", "generation", "queues",
                    "vacant_since");
            for (SlotView slot : platform.admin().slots()) {
                table.row(slot.bus(), slot.number(), slot.deviceName(), platform.names().type(slot.deviceId()),
                        slot.vacant() ? "vacant" : Names.state(slot.status()), Names.status(slot.status()),
                        Integer.toUnsignedLong(slot.generation()), slot.queues().size(), slot.vacantSince());
            }
            table.print(out, json, "no slot; a device gets one when a device-role bus is there, see 'vireo:devices'");
        }
    }
}
