// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.IOException;
import java.io.PrintStream;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import vireo.api.block.BlockVolume;

/** Lists the block volumes. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=volumes"})
public final class VolumesCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "volumes", description = "Lists the block volumes that can be used here.")
    private final class Options extends Call {

        @Option(names = "--json", description = "Print JSON.")
        private boolean json;

        @Override
        void run(PrintStream out) {
            Table table = new Table("volume", "bytes", "block_size", "read_only", "open", "id");
            for (BlockVolume volume : platform.volumes()) {
                table.row(volume.name(), volume.capacity(), volume.blockSize(), volume.readOnly(), volume.isOpen(),
                        id(volume));
            }
            table.print(out, json, "no volume; one appears when a block device is found, see 'vireo:remotes'");
        }

        private static String id(BlockVolume volume) {
            try {
                return volume.id();
            } catch (IOException unknown) {
                return null;
            }
        }
    }
}
