// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Measures Vireo beside its peers, in interleaved pairs, and prints a table. */
@Command(name = "vireo bench", mixinStandardHelpOptions = true, sortOptions = false,
        description = "Measures Vireo beside its peers in interleaved pairs; a ratio is ours over the peer's.")
public final class Bench implements Callable<Integer> {

    private static final List<Suite> SUITES = List.of(new CodecSuite(), new RingSuite(), new InitSuite(),
            new BlockSuite(), new StartSuite());

    @Parameters(arity = "0..*", paramLabel = "SUITE", description = "Which suites; all by default. See --list.")
    private Set<String> wanted = new LinkedHashSet<>();

    @Option(names = "--list", description = "List the suites.")
    private boolean list;

    @Option(names = "--pairs", defaultValue = "10", description = "Interleaved pairs of runs, 1 to 1000; 10 by default.")
    private int pairs;

    @Option(names = "--seconds", defaultValue = "0.5", description = "Length of one timed run; 0.5 by default.")
    private double seconds;

    @Option(names = "--json", paramLabel = "FILE", description = "Write every figure to this file as JSON.")
    private Path json;

    @Option(names = "--home", paramLabel = "DIR", description = "The assembled platform.", hidden = true)
    private Path home = Path.of("launcher/target/home");

    /**
     * Runs the benchmarks.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Bench()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (list) {
            SUITES.forEach(suite -> System.out.printf("%-8s %s%n", suite.name(), suite.about()));
            return 0;
        }
        for (String name : wanted) {
            if (SUITES.stream().noneMatch(suite -> suite.name().equals(name))) {
                System.err.println("vireo bench: no suite '" + name + "'; there is "
                        + String.join(", ", SUITES.stream().map(Suite::name).toList()));
                return 64;
            }
        }
        boolean peers = CProgram.compilerThere();
        if (!peers) {
            System.err.println("vireo bench: gcc is not installed, so there are no peers; 'apt-get install gcc libc6-dev'");
        }
        Path folder = Files.createTempDirectory("vireo-bench");
        try {
            List<Row> rows = new ArrayList<>();
            for (Suite suite : SUITES) {
                if (wanted.isEmpty() || wanted.contains(suite.name())) {
                    rows.addAll(suite.run(new Setting(pairs, seconds, folder, home.toAbsolutePath(), peers)));
                }
            }
            Report.table(rows, System.out);
            if (json != null) {
                Files.writeString(json, Report.json(rows));
            }
            return 0;
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException failure) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
