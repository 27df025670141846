// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import com.sun.management.ThreadMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The other process: serves an image over an AMP bus until standard input ends. For each line it is given it prints how many
 * bytes all its threads have allocated so far.
 */
public final class DeviceServer {

    private DeviceServer() {
    }

    /**
     * Serves.
     *
     * @param arguments home of the platform, folder of the bus, image, number of queues
     * @throws Exception if it cannot
     */
    public static void main(String[] arguments) throws Exception {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Path folder = Path.of(arguments[1]);
        try (Embedded platform = new Embedded(Path.of(arguments[0]), Files.createTempDirectory(folder, "server"),
                "vireo.device.block-");
                BufferedReader lines = new BufferedReader(new InputStreamReader(System.in))) {
            platform.configure("vireo.bus.amp", Link.properties("device", folder));
            platform.configure("vireo.device.block", Map.of("device.name", "disk", "path", arguments[2], "queues",
                    Integer.parseInt(arguments[3])));
            System.out.println("ready");
            while (lines.readLine() != null) {
                System.out.println(threads.getTotalThreadAllocatedBytes());
            }
        }
        System.exit(0);
    }
}
