// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import vireo.transport.QueueView;
import vireo.transport.RemoteView;
import vireo.transport.SlotView;

/** Lists the queues that are set up. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=queues"})
public final class QueuesCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "queues", description = "Lists the virtqueues that are set up, seen from either side.")
    private final class Options extends Call {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        private final Table table = new Table("side", "bus", "number", "queue", "size", "position", "in_flight", "state");

        @Override
        void run(PrintStream out) {
            for (SlotView slot : platform.admin().slots()) {
                add("device", slot.bus(), slot.number(), slot.queues());
            }
            for (RemoteView remote : platform.remotes()) {
                add("driver", remote.bus(), remote.number(), remote.queues());
            }
            table.print(out, json, "no queue is set up; a driver does that when it starts a device");
        }

        private void add(String side, String bus, int number, List<QueueView> queues) {
            for (QueueView queue : queues) {
                table.row(side, bus, number, queue.index(), queue.size(), known(queue.position()),
                        known(queue.inFlight()), queue.broken() ? "broken" : "ok");
            }
        }

        private static Integer known(int value) {
            return value < 0 ? null : value;
        }
    }
}
