// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LinuxTest {

    /** Loads every public type, then tries what must fail with one clear line. */
    static final class Probe {

        private Probe() {
        }

        public static void main(String[] args) throws Exception {
            for (String type : List.of("Linux", "OsException", "Descriptor", "IoVector", "Mapping", "Memfd", "EventFd",
                    "UnixSocket", "Poller", "duty.DutyThread", "duty.Duty")) {
                Class.forName("vireo.os." + type);
            }
            System.out.println(Linux.supported());
            List<Proc.Step> calls = List.of(Linux::require, () -> Descriptor.open(Path.of("/")),
                    () -> Mapping.anonymous(1), () -> Memfd.create("x", 1, 0), EventFd::create,
                    () -> UnixSocket.connect(Path.of("x")), () -> UnixSocket.listen(Path.of("x")), UnixSocket::pair,
                    () -> Poller.register(0, () -> { }), Linux::userId);
            for (Proc.Step call : calls) {
                try {
                    call.run();
                    System.out.println("no exception");
                } catch (UnsupportedOperationException e) {
                    System.out.println(e.getMessage());
                }
            }
        }
    }

    private static List<String> probe(String... options) throws Exception {
        Path output = Files.createTempFile("probe", ".txt");
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Probe.class.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile()).start();
        int status = process.waitFor();
        List<String> lines = Files.readAllLines(output);
        Files.delete(output);
        assertEquals(0, status, lines::toString);
        return lines;
    }

    private static void assertAllFail(List<String> lines, String message) {
        assertEquals("false", lines.get(0), lines::toString);
        assertEquals(11, lines.size(), lines::toString);
        lines.stream().skip(1).forEach(line -> assertEquals(message, line));
    }

    @Test
    void shouldSayWhatIsNeededWhenThePlatformIsNotSupported() throws Exception {
        assertAllFail(probe("-Dos.name=Windows 11"),
                "vireo.os needs Linux on x86-64 or aarch64; this is Windows 11 on "
                        + System.getProperty("os.arch"));
        assertAllFail(probe("-Dos.arch=riscv64"),
                "vireo.os needs Linux on x86-64 or aarch64; this is Linux on riscv64");
    }

    @Test
    void shouldNameTheOptionWhenNativeAccessIsDenied() throws Exception {
        assertAllFail(probe("--illegal-native-access=deny"),
                "vireo.os may not call the kernel: start java with --enable-native-access=ALL-UNNAMED");
    }

    @Test
    void shouldBeSupportedHere() {
        assertTrue(Linux.supported());
        assertDoesNotThrow(Linux::require);
    }

    @Test
    void shouldNameErrorsAndSurviveUnknownOnes() {
        assertEquals("x(): EOPNOTSUPP (Operation not supported)", new OsException(95, "x()").getMessage());
        assertEquals("EHWPOISON", new OsException(133, "x()").errnoName());
        assertEquals("x(): errno=4095 (Unknown error)", new OsException(4095, "x()").getMessage());
        for (int errno = 1; errno < 134; errno++) {
            String name = Errno.name(errno);
            assertTrue(name.matches("E[A-Z0-9]+") || errno == 41 || errno == 58, name);
        }
    }
}
