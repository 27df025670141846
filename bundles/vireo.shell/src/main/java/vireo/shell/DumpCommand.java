// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import vireo.api.block.BlockVolume;

/** Copies a volume to a file. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=dump"})
public final class DumpCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "dump", description = "Copies a whole volume to a file and prints the SHA-256 of what was copied.")
    private final class Options extends Call {

        @Parameters(index = "0", paramLabel = "VOLUME", description = "Name of the volume, see 'vireo:volumes'.")
        private String volume;

        @Parameters(index = "1", paramLabel = "FILE", description = "The file; it gets its name when it is whole.")
        private Path file;

        @Option(names = {"-f", "--force"}, description = "Replace the file if it exists.")
        private boolean force;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) throws Exception {
            BlockVolume from = platform.volume(volume);
            Path target = resolve(file);
            if (Files.exists(target) && !force) {
                throw new IllegalArgumentException("file " + target + " exists; use --force to replace it");
            }
            Path folder = target.getParent();
            if (!Files.isDirectory(folder)) {
                throw new IllegalArgumentException("no folder " + folder + " for file " + target.getFileName());
            }
            long bytes = from.capacity();
            String sum = VolumeCopy.dump(from, target, json ? quiet() : out, terminal());
            new Table("volume", "file", "bytes", "sha256").row(volume, target, bytes, sum).print(out, json, "");
        }

        @Override
        List<String> candidates(int position) {
            return position == 0 ? platform.volumes().stream().map(BlockVolume::name).toList() : List.of();
        }
    }
}
