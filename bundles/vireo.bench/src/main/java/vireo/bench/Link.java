// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Two processes over an AMP bus: a server in a process of its own, and this one as its driver. */
final class Link implements AutoCloseable {

    private final Process server;
    private final BufferedWriter asks;
    private final BufferedReader answers;
    private final Embedded platform;

    Link(Setting setting, Path image, int queues, String... driverBundles) throws Exception {
        Path folder = Files.createTempDirectory(setting.folder(), "link");
        server = Java.command(DeviceServer.class.getName(), List.of("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"),
                setting.home().toString(), folder.toString(), image.toString(), String.valueOf(queues)).start();
        asks = server.outputWriter();
        answers = server.inputReader();
        if (!"ready".equals(answers.readLine())) {
            throw new IOException("the server did not start; its messages are above");
        }
        platform = new Embedded(setting.home(), Files.createTempDirectory(folder, "driver"), driverBundles);
        platform.configure("vireo.bus.amp", properties("driver", folder));
    }

    static Map<String, Object> properties(String role, Path folder) {
        return Map.of("bus.name", "bench", "role", role, "dir", folder.toString(), "memory.trusted", true);
    }

    Embedded platform() {
        return platform;
    }

    /** Bytes that the server's threads have allocated so far. */
    long serverAllocated() throws IOException {
        asks.write("?\n");
        asks.flush();
        return Long.parseLong(answers.readLine());
    }

    @Override
    public void close() throws Exception {
        platform.close();
        asks.close();
        if (!server.waitFor(20, TimeUnit.SECONDS)) {
            server.destroyForcibly();
        }
    }
}
