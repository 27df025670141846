// SPDX-License-Identifier: Apache-2.0
package vireo.stress;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Runs the tests, which must pass, and the control, which must fail. Ends with a line {@code N passed, N failed}; further
 * arguments go to jcstress, {@code -m quick -iters 3} if there are none.
 */
public final class Stress {

    private Stress() {
    }

    /**
     * Runs everything.
     *
     * @param arguments jcstress options
     * @throws IOException if no process can be started
     * @throws InterruptedException if interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> options = arguments.length == 0 ? List.of("-m", "quick", "-iters", "3") : List.of(arguments);
        int failed = 0;
        failed += report("rings keep their order", run("KickAgainstArm.*", options) == 0);
        failed += report("a ring without its fence is caught", run("ControlWithoutFence", options) != 0);
        System.out.println(2 - failed + " passed, " + failed + " failed");
        System.exit(failed == 0 ? 0 : 1);
    }

    private static int report(String what, boolean good) {
        System.out.println((good ? "ok: " : "FAILED: ") + what);
        return good ? 0 : 1;
    }

    /** Absolute, since jcstress leaves its results in its working folder, which is another one. */
    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString()).collect(Collectors.joining(File.pathSeparator));
    }

    private static int run(String tests, List<String> options) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("vireo-stress");
        File log = folder.resolve("log").toFile();
        List<String> command = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED", "-cp",
                classPath(), "org.openjdk.jcstress.Main", "-t", tests, "-r", folder.toString()));
        command.addAll(options);
        int status = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).redirectOutput(log)
                .start().waitFor();
        if (!Files.readString(log.toPath()).contains("RUN RESULTS")) {
            System.out.println(Files.readString(log.toPath()));
            throw new IOException("jcstress did not run to its end; its output is above");
        }
        System.out.println(tests + ": output in " + log);
        return status;
    }
}
