// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.bus.BusException.Reason;
import vireo.bus.SendResult;

/** Both halves of the bus against a peer written in C from the description of the ring; see src/test/c/peer.c. */
@Timeout(60)
class ForeignPeerTest {

    private static final int MESSAGES = 10_000;
    private static final int COPIED = 48;
    private static final int WINDOW = 12;

    @TempDir
    static Path built;

    @TempDir
    Path dir;

    private static Path program;

    @BeforeAll
    static void compile() throws Exception {
        program = built.resolve("peer");
        Process gcc;
        try {
            gcc = new ProcessBuilder("gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program.toString(),
                    Path.of("src/test/c/peer.c").toAbsolutePath().toString()).inheritIO().start();
        } catch (IOException e) {
            abort("skipped: gcc is not installed (apt-get install gcc), so no foreign peer can be built");
            return;
        }
        assertEquals(0, gcc.waitFor());
    }

    private Process start(String role, int slots, int count) throws IOException {
        return new ProcessBuilder(program.toString(), role, dir.toString(), "amp0", Integer.toString(slots),
                Integer.toString(count)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static void assertOk(Process process, int count) throws Exception {
        try {
            assertEquals("ok " + count, process.inputReader().readLine());
            assertEquals(0, process.waitFor());
        } finally {
            process.destroyForcibly();
        }
    }

    private static int sizeOf(MemorySegment base, long offset) {
        return Short.toUnsignedInt(base.get(ValueLayout.JAVA_SHORT_UNALIGNED, offset + 6));
    }

    /** With few slots every index wraps often; with 4096, the size such peers use, it wraps over runs. */
    @ParameterizedTest
    @ValueSource(ints = {32, 4096})
    void shouldServeAForeignDriverThatComesAgain(int slots) throws Exception {
        Recorder atDevice = new Recorder();
        try (AmpBus device = Bench.open(dir, "device", "slots", slots, "ping", false)) {
            Recorder echo = new Recorder() {
                @Override
                public void onMessage(MemorySegment base, long offset, long length) {
                    assertEquals(SendResult.SENT, device.trySend(base, offset, sizeOf(base, offset)));
                }

                @Override
                public void connected(long peerEpoch, boolean resumed) {
                    atDevice.connected(peerEpoch, resumed);
                }
            };
            device.attach(echo);
            for (int run = 1; run <= 3; run++) {
                assertOk(start("driver", slots, MESSAGES), MESSAGES);
                assertEquals(run, atDevice.awaitConnected());
            }
            assertEquals(0, device.counters().get(AmpCounters.CALLBACK_FAILURES));
            assertEquals(0, device.counters().get(AmpCounters.INDEX_FAULTS));
        }
    }

    @Test
    void shouldDriveAForeignDevice() throws Exception {
        Semaphore room = new Semaphore(WINDOW);
        Recorder atDriver = new Recorder() {
            @Override
            public void onMessage(MemorySegment base, long offset, long length) {
                super.onMessage(base, offset, length);
                room.release();
            }
        };
        Process process = start("device", 16, MESSAGES);
        try (AmpBus driver = Bench.open(dir, "driver", "slots", 16, "ping", false)) {
            driver.attach(atDriver);
            atDriver.awaitConnected();
            MemorySegment message = Arena.ofAuto().allocate(64, 8);
            for (int sent = 0; sent < MESSAGES; sent++) {
                room.acquire();
                assertEquals(SendResult.SENT, Bench.send(driver, message.asSlice(0, fill(message, sent))));
            }
            for (int received = 0; received < MESSAGES; received++) {
                int size = fill(message, received);
                byte[] expected = message.asSlice(0, size).toArray(ValueLayout.JAVA_BYTE);
                byte[] echo = atDriver.message();
                if (!Arrays.equals(expected, 0, size, echo, 0, size)) {
                    throw new AssertionError("echo " + received + ": " + Arrays.toString(echo));
                }
                assertEquals(size < COPIED ? (byte) 0xee : (byte) 0xa5, echo[size], "garbage behind the message");
            }
            assertEquals(Reason.PEER_LOST, atDriver.awaitDisconnected().reason());
            assertOk(process, MESSAGES);
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static int fill(MemorySegment message, int number) {
        int size = 8 + number % (COPIED - 8 + 1);
        message.fill((byte) number);
        // A request: a bus response with a high token would be the bus's own to consume.
        message.set(ValueLayout.JAVA_BYTE, 0, (byte) 0);
        message.set(ValueLayout.JAVA_SHORT_UNALIGNED, 6, (short) size);
        return size;
    }
}
