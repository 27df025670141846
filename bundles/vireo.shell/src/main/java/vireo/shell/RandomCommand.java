// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.HexFormat;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vireo.api.entropy.EntropySource;

/** Reads random bytes. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=random"})
public final class RandomCommand extends ShellCommand {

    private static final int MOST = 1 << 16;

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "random", description = "Reads random bytes from an entropy device and prints them in hex.")
    private final class Options extends Call {

        @Parameters(arity = "0..1", defaultValue = "32", paramLabel = "BYTES", description = "1 to 65536; 32 by default.")
        private int bytes;

        @Option(names = "--source", paramLabel = "NAME", description = "Which source; the first one by default.")
        private String name;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) throws Exception {
            if (bytes < 1 || bytes > MOST) {
                throw new IllegalArgumentException("BYTES=" + bytes + " is not in 1.." + MOST);
            }
            EntropySource source = platform.source(name);
            byte[] random = new byte[bytes];
            source.fill(random);
            String hex = HexFormat.of().formatHex(random);
            if (json) {
                new Table("source", "hex").row(source.name(), hex).print(out, true, "");
            } else {
                out.println(hex);
            }
        }
    }
}
