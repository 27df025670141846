// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vireo.bus.BusException.Reason;
import vireo.bus.SendResult;

/** The bus between two JVMs, one of which is killed and comes again. */
@Timeout(60)
class TwoProcessTest {

    private static final int MESSAGES = 5000;
    private static final int WINDOW = 40;

    @TempDir
    Path dir;

    private final Semaphore room = new Semaphore(WINDOW);
    private final Recorder here = new Recorder() {
        @Override
        public void onMessage(MemorySegment base, long offset, long length) {
            super.onMessage(base, offset, length);
            room.release();
        }
    };

    private void echo(AmpBus bus, int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            room.acquire();
            assertEquals(SendResult.SENT, Bench.send(bus, Bench.message(i, 48)));
        }
        for (int i = 0; i < count; i++) {
            byte[] expected = Arrays.copyOf(Bench.message(i, 48).toArray(ValueLayout.JAVA_BYTE), 64);
            assertEquals(Arrays.toString(expected), Arrays.toString(here.message()), "echo " + i);
        }
    }

    @ParameterizedTest
    @CsvSource({"driver, device, socket, files", "device, driver, eventfd, window"})
    void shouldEchoAndSurviveThatThePeerIsKilled(String mine, String theirs, String wake, String layout)
            throws Exception {
        String[] more = {"wake", wake, "layout", layout, "ping", "false"};
        try (AmpBus bus = Bench.open(dir, mine, (Object[]) more)) {
            bus.attach(here);
            long epoch = -1;
            for (int round = 0; round < 2; round++) {
                try (EchoProcess peer = EchoProcess.start(dir, theirs, more)) {
                    long next = here.awaitConnected();
                    assertNotEquals(epoch, next);
                    epoch = next;
                    peer.awaitConnected();
                    echo(bus, MESSAGES);
                }
                assertEquals(Reason.PEER_LOST, here.awaitDisconnected().reason());
                assertEquals(SendResult.CLOSED, bus.trySend(Bench.message(0, 48), 0, 48));
                here.messages.clear();
                room.drainPermits();
                room.release(WINDOW);
            }
        }
    }

    @Test
    void shouldReportTheLossWhenThePeerIsKilledInTheMiddleOfTraffic() throws Exception {
        try (AmpBus bus = Bench.open(dir, "driver"); EchoProcess peer = EchoProcess.start(dir, "device")) {
            bus.attach(here);
            here.awaitConnected();
            Thread killer = Thread.startVirtualThread(() -> {
                room.acquireUninterruptibly(WINDOW + 1000);
                peer.kill();
            });
            SendResult result = SendResult.SENT;
            for (int i = 0; result != SendResult.CLOSED; i++) {
                result = bus.trySend(Bench.message(i, 48), 0, 48);
            }
            killer.join();
            assertEquals(Reason.PEER_LOST, here.awaitDisconnected().reason());
        }
    }
}
