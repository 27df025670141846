// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.List;
import org.apache.felix.service.command.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes a device out of its slots. */
@Component(service = Function.class, property = {ShellCommand.SCOPE, "osgi.command.function=unplug"})
public final class UnplugCommand extends ShellCommand {

    @Reference
    private Platform platform;

    @Override
    Call call() {
        return new Options();
    }

    /** Options of the command. */
    @Command(name = "unplug", description = "Takes a device out of its slots at once, without grace; 'vireo:plug' puts it back.")
    private final class Options extends Call {

        @Parameters(paramLabel = "DEVICE", description = "Name of the device.")
        private String device;

        @Override
        void run(PrintStream out) {
            platform.admin().unplug(device);
            out.println("unplugged " + device);
        }

        @Override
        List<String> candidates(int position) {
            return position == 0 ? platform.deviceNames() : List.of();
        }
    }
}
