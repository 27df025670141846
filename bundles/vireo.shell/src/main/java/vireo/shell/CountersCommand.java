// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vireo.observe.CounterSet;

/** Shows counters. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=counters"})
public final class CountersCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "counters", description = "Shows counters that are not 0; --all shows every one.")
    private final class Options extends Call {

        @Parameters(arity = "0..1", paramLabel = "TEXT", description = "Only counters whose name or labels contain this.")
        private String text;

        @Option(names = "--all", description = "Counters at 0 too.")
        private boolean all;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) {
            Table table = new Table("counter", "labels", "value");
            for (CounterSet set : platform.counters()) {
                for (Map.Entry<String, Long> counter : set.values().entrySet()) {
                    boolean shown = text == null || counter.getKey().contains(text) || set.labels().toString().contains(text);
                    if (shown && (all || counter.getValue() != 0)) {
                        table.row(counter.getKey(), set.labels(), counter.getValue());
                    }
                }
            }
            table.print(out, json, "no counter to show; --all shows those at 0");
        }

        @Override
        List<String> candidates(int position) {
            return platform.counters().stream().map(CounterSet::part).distinct().sorted().toList();
        }
    }
}
