// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** A process of its own with one half of a bus that echoes; it lives until it is killed or its parent is. */
final class EchoProcess implements AutoCloseable {

    private final Process process;

    private EchoProcess(Process process) {
        this.process = process;
    }

    public static void main(String[] args) throws Exception {
        AmpBus bus = Bench.open(Path.of(args[0]), args[1], (Object[]) List.of(args).subList(2, args.length)
                .toArray(String[]::new));
        CountDownLatch connected = new CountDownLatch(1);
        bus.attach(new Recorder() {
            @Override
            public void onMessage(MemorySegment base, long offset, long length) {
                bus.trySend(base, offset, length);
            }

            @Override
            public void connected(long peerEpoch, boolean resumed) {
                connected.countDown();
            }
        });
        connected.await();
        System.out.println("connected");
        if (System.in.read() < 0) {
            bus.close();
        }
    }

    static EchoProcess start(Path dir, String role, String... more) throws IOException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString(),
                "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                EchoProcess.class.getName(), dir.toString(), role));
        command.addAll(List.of(more));
        return new EchoProcess(new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    /** Waits until the other process says that it met this one. */
    void awaitConnected() throws IOException {
        String line = process.inputReader().readLine();
        if (!"connected".equals(line)) {
            throw new AssertionError("the other process said " + line);
        }
    }

    /** Ends it as {@link #kill()} does. */
    @Override
    public void close() {
        kill();
    }

    /** Kills it with SIGKILL, of which it notices nothing, and waits until it is dead. */
    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
