// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** "./vireo run" from the command to its ready line, cold and warm, and the memory it holds then. */
final class StartSuite implements Suite {

    @Override
    public String name() {
        return "start";
    }

    @Override
    public String about() {
        return "'./vireo run' to its ready line, with an empty state directory and with a used one, and resident memory";
    }

    @Override
    public List<Row> run(Setting setting) throws Exception {
        double[] cold = new double[setting.pairs()];
        double[] warm = new double[setting.pairs()];
        double[] resident = new double[setting.pairs()];
        for (int pair = 0; pair < setting.pairs(); pair++) {
            setting.progress("start", pair);
            Path state = Files.createTempDirectory(setting.folder(), "state");
            cold[pair] = start(setting, state)[0];
            double[] second = start(setting, state);
            warm[pair] = second[0];
            resident[pair] = second[1];
        }
        return List.of(
                new Row("start to ready, cold", "s", true, 0, new Series(cold, new double[0]), -1, "empty state directory"),
                new Row("start to ready, warm", "s", true, 0, new Series(warm, new double[0]), -1,
                        "used state directory; aim: under 1.5 s"),
                new Row("resident when ready", "MiB", true, 0, new Series(resident, new double[0]), -1, "warm start"));
    }

    /** Returns seconds to the ready line and MiB resident then. */
    private static double[] start(Setting setting, Path state) throws IOException, InterruptedException {
        Path script = setting.home().resolve("../../../vireo").normalize();
        ProcessBuilder builder = new ProcessBuilder(script.toString(), "run", "--serve", "--state", state.toString(),
                "--instance", "bench").redirectErrorStream(true);
        builder.environment().put("XDG_RUNTIME_DIR", state.toString());
        long begin = System.nanoTime();
        Process process = builder.start();
        try (BufferedReader lines = process.inputReader()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.contains("ready in")) {
                    double seconds = (System.nanoTime() - begin) / 1e9;
                    return new double[] {seconds, resident(process.pid())};
                }
            }
            throw new IOException("'./vireo run' ended without its ready line");
        } finally {
            process.destroy();
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        }
    }

    private static double resident(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
                .filter(line -> line.startsWith("VmRSS")).mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")))
                .findFirst().orElseThrow() / 1024;
    }
}
