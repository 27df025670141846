// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Pings the peer of a bus. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=ping"})
public final class PingCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "ping", description = "Sends PING to the peer of a bus and shows how long the answers took.")
    private final class Options extends Call {

        @Parameters(paramLabel = "BUS", description = "Name of the bus.")
        private String bus;

        @Option(names = {"-c", "--count"}, defaultValue = "3", description = "How many, 1 to 1000; 3 by default.")
        private int count;

        @Option(names = "--timeout", defaultValue = "2000", description = "Milliseconds to wait for each; 2000 by default.")
        private long timeout;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) throws Exception {
            if (count < 1 || count > 1000 || timeout < 1) {
                throw new IllegalArgumentException("--count=" + count + " --timeout=" + timeout
                        + ": the count is 1 to 1000 and the time-out at least 1 ms");
            }
            Table table = new Table("bus", "sequence", "microseconds");
            for (int i = 1; i <= count; i++) {
                double micros = platform.admin().ping(bus, Duration.ofMillis(timeout)) / 1000.0;
                if (json) {
                    table.row(bus, i, micros);
                } else {
                    out.printf(Locale.ROOT, "%s answered ping %d in %.1f us%n", bus, i, micros);
                }
            }
            if (json) {
                table.print(out, true, "");
            }
        }

        @Override
        List<String> candidates(int position) {
            return position == 0 ? platform.busNames(null) : List.of();
        }
    }
}
