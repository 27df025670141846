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

/** Copies a file onto a volume. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=restore"})
public final class RestoreCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "restore", description = "Writes a file onto a volume from its first byte on, and flushes.")
    private final class Options extends Call {

        @Parameters(index = "0", paramLabel = "FILE", description = "The file; its size is a multiple of 512.")
        private Path file;

        @Parameters(index = "1", paramLabel = "VOLUME", description = "Name of the volume, see 'vireo:volumes'.")
        private String volume;

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) throws Exception {
            BlockVolume to = platform.volume(volume);
            Path source = resolve(file);
            if (!Files.isRegularFile(source)) {
                throw new IllegalArgumentException("no file " + source);
            }
            long bytes = Files.size(source);
            if (bytes % BlockVolume.SECTOR != 0 || bytes > to.capacity()) {
                throw new IllegalArgumentException("file " + source + " of " + bytes + " bytes does not go onto volume "
                        + volume + " of " + to.capacity() + ": it must be a multiple of 512 and not larger");
            }
            String sum = VolumeCopy.restore(source, to, json ? quiet() : out, terminal());
            new Table("volume", "file", "bytes", "sha256").row(volume, source, bytes, sum).print(out, json, "");
        }

        @Override
        List<String> candidates(int position) {
            return position == 1 ? platform.volumes().stream().map(BlockVolume::name).toList() : List.of();
        }
    }
}
