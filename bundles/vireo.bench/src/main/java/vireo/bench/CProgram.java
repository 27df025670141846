// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One of the small C programs beside this class, compiled when it is first asked for. */
final class CProgram {

    private final Path binary;

    private CProgram(Path binary) {
        this.binary = binary;
    }

    /** Tells whether there is a C compiler, without which no row has a peer. */
    static boolean compilerThere() {
        try {
            return new ProcessBuilder("gcc", "--version").redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException missing) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    static CProgram compile(String name, Path folder) throws IOException, InterruptedException {
        for (String file : List.of("ring.h", name + ".c")) {
            try (InputStream source = CProgram.class.getResourceAsStream(file)) {
                Files.write(folder.resolve(file), source.readAllBytes());
            }
        }
        Path binary = folder.resolve(name);
        Process gcc = new ProcessBuilder("gcc", "-O2", "-pthread", "-o", binary.toString(),
                folder.resolve(name + ".c").toString()).inheritIO().start();
        if (gcc.waitFor() != 0) {
            throw new IOException("gcc could not compile " + name + ".c; its messages are above");
        }
        return new CProgram(binary);
    }

    ProcessBuilder command(String... arguments) {
        List<String> words = new ArrayList<>(List.of(binary.toString()));
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    }

    /** Runs the program to its end and returns the numbers that it printed. */
    double[] run(String... arguments) throws IOException, InterruptedException {
        return numbers(command(arguments).start());
    }

    static double[] numbers(Process process) throws IOException, InterruptedException {
        String printed = new String(process.getInputStream().readAllBytes()).trim();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException("a benchmark process failed and printed: " + printed);
        }
        return Arrays.stream(printed.split("\\s+")).mapToDouble(Double::parseDouble).toArray();
    }
}
