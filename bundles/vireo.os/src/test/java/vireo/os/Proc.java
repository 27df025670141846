// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** What the kernel and the JVM say about this process. */
public final class Proc {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Proc() {
    }

    /** Open descriptors by number, with what they are open on; without the one that lists them. */
    static Map<Integer, String> descriptors() {
        Map<Integer, String> open = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            links.forEach(link -> {
                try {
                    String target = Files.readSymbolicLink(link).toString();
                    if (!target.matches("/proc/\\d+/fd")) {
                        open.put(Integer.valueOf(link.getFileName().toString()), target);
                    }
                } catch (IOException gone) {
                    // It was closed between listing and looking.
                }
            });
            return open;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void awaitDescriptors(Map<Integer, String> expected) {
        Map<Integer, String> now = descriptors();
        long end = System.nanoTime() + 5_000_000_000L;
        while (!now.equals(expected) && System.nanoTime() - end < 0) {
            Thread.yield();
            now = descriptors();
        }
        assertEquals(expected, now);
    }

    static long mappings(String name) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/maps"))) {
            return lines.filter(line -> line.contains(name)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static long virtualMemoryKiB() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmSize:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void assertCloseOnExec(int fd) throws IOException {
        String info = Files.readString(Path.of("/proc/self/fdinfo/" + fd));
        String flags = info.lines().filter(line -> line.startsWith("flags:")).findFirst().orElseThrow();
        long value = Long.parseLong(flags.substring(6).trim(), 8);
        assertTrue((value & 0x80000) != 0, () -> "fd " + fd + " survives exec: " + info);
    }

    public static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            // A test's time-out interrupts it.
            if (Thread.interrupted()) {
                throw new AssertionError("interrupted while waiting");
            }
            Thread.yield();
        }
    }

    public static boolean threadExists(String name) {
        return Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals(name));
    }

    /** Something to run again and again that may fail. */
    public interface Step {
        void run() throws Exception;
    }

    /** Runs a step until it is compiled, then asserts that many more runs allocate nothing on this thread. */
    public static void assertAllocatesNothing(Step step) throws Exception {
        for (int i = 0; i < 30_000; i++) {
            step.run();
        }
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20 && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 5_000; i++) {
                step.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertEquals(0, least, "bytes allocated by 5000 runs");
    }
}
