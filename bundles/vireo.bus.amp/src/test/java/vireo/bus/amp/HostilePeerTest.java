// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.bus.BusException;
import vireo.bus.BusException.Reason;
import vireo.bus.SendResult;

/** A device-side bus and a peer that breaks the rules: each time the bus says so, and serves the next peer. */
@Timeout(60)
class HostilePeerTest {

    private static final int SLOTS = 8;

    @TempDir
    Path dir;

    private final Arena arena = Arena.ofShared();
    private final Recorder atDevice = new Recorder();
    private AmpBus device;
    private MemorySegment requests;
    private MemorySegment answers;

    @BeforeEach
    void open() throws IOException {
        device = Bench.open(dir, "device", "slots", SLOTS, "poll.us", 0);
        device.attach(atDevice);
    }

    @AfterEach
    void close() {
        device.close();
        arena.close();
    }

    private MemorySegment map(String file) throws IOException {
        try (FileChannel channel = FileChannel.open(dir.resolve(file), StandardOpenOption.READ,
                StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size(), arena);
        }
    }

    private RawPeer connect() throws Exception {
        RawPeer peer;
        while (true) {
            try {
                peer = new RawPeer(dir.resolve("wake-amp0"));
                break;
            } catch (IOException notYet) {
                Thread.yield();
            }
        }
        assertEquals(0xed, peer.read(), "the bus asks each new peer to look at its ring");
        atDevice.awaitConnected();
        requests = map("queue-amp0-driver");
        answers = map("queue-amp0-device");
        return peer;
    }

    private SlotProducer producer() {
        return SlotRing.producer(requests, 0, SLOTS);
    }

    /** The bus still works: another peer comes and is served. */
    private void assertServesTheNextPeer() throws Exception {
        try (RawPeer peer = connect()) {
            atDevice.messages.clear();
            assertEquals(SlotRing.DONE, producer().put(Bench.message(42, 48), 0, 48));
            peer.ring();
            byte[] message;
            do {
                message = atDevice.message();
            } while (message[8] != 42);
            assertEquals(SendResult.SENT, Bench.send(device, Bench.message(43, 48)));
        }
        assertEquals(Reason.PEER_LOST, atDevice.awaitDisconnected().reason());
    }

    @ParameterizedTest
    @ValueSource(ints = {SLOTS, -1, Integer.MAX_VALUE})
    void shouldBreakTheConnectionWhenTheHeadIsNoSlotNumber(int head) throws Exception {
        try (RawPeer peer = connect()) {
            SlotRing.indexRelease(requests, SlotRing.HEAD_OFFSET, head);
            peer.ring();
            BusException cause = atDevice.awaitDisconnected();
            assertEquals(Reason.PEER_FAULT, cause.reason());
            assertTrue(cause.getMessage().contains("head=" + Integer.toUnsignedLong(head)), cause.getMessage());
            peer.awaitEnd();
            assertEquals(2, device.counters().get(AmpCounters.INDEX_FAULTS));
            SlotRing.indexRelease(requests, SlotRing.HEAD_OFFSET, 0);
        }
        atDevice.messages.clear();
        assertServesTheNextPeer();
    }

    @Test
    void shouldBreakTheConnectionWhenTheTailIsNoSlotNumber() throws Exception {
        try (RawPeer peer = connect()) {
            SlotRing.indexRelease(answers, SlotRing.TAIL_OFFSET, 1000);
            SendResult result = SendResult.SENT;
            while (result != SendResult.CLOSED) {
                result = device.trySend(Bench.message(1, 48), 0, 48);
            }
            BusException cause = atDevice.awaitDisconnected();
            assertEquals(Reason.PEER_FAULT, cause.reason());
            assertTrue(cause.getMessage().contains("tail=1000"), cause.getMessage());
            peer.awaitEnd();
            SlotRing.indexRelease(answers, SlotRing.TAIL_OFFSET, SlotRing.indexAcquire(answers, 0));
        }
        assertServesTheNextPeer();
    }

    @Test
    void shouldBreakTheConnectionWhenTheTailPassesTheHead() throws Exception {
        try (RawPeer peer = connect()) {
            assertEquals(SendResult.SENT, Bench.send(device, Bench.message(1, 48)));
            SlotRing.indexRelease(answers, SlotRing.TAIL_OFFSET, 5);
            peer.ring();
            assertEquals(Reason.PEER_FAULT, atDevice.awaitDisconnected().reason());
            SlotRing.indexRelease(answers, SlotRing.TAIL_OFFSET, SlotRing.indexAcquire(answers, 0));
        }
        assertServesTheNextPeer();
    }

    @Test
    void shouldSurviveAPeerThatRingsWithoutEnd() throws Exception {
        try (RawPeer peer = connect()) {
            for (int i = 0; i < 20_000; i++) {
                peer.ring();
            }
            assertEquals(SlotRing.DONE, producer().put(Bench.message(7, 48), 0, 48));
            peer.ring();
            byte[] sent = Bench.message(7, 48).toArray(ValueLayout.JAVA_BYTE);
            assertArrayEquals(Arrays.copyOf(sent, 64), atDevice.message());
        }
        assertEquals(Reason.PEER_LOST, atDevice.awaitDisconnected().reason());
    }

    @Test
    void shouldCallTheRingFaultyWhenItsFileIsMadeShorter() throws Exception {
        try (RawPeer peer = connect(); FileChannel file = FileChannel.open(dir.resolve("queue-amp0-driver"),
                StandardOpenOption.WRITE)) {
            file.truncate(0);
            peer.ring();
            BusException cause = atDevice.awaitDisconnected();
            assertEquals(Reason.PEER_FAULT, cause.reason());
            assertTrue(cause.getMessage().contains("made its file shorter"), cause.getMessage());
            peer.awaitEnd();
        }
        // The side that creates gives an empty file its size again.
        assertServesTheNextPeer();
    }

    @Test
    void shouldFailTheSenderSoftlyWhenTheOtherFileIsMadeShorter() throws Exception {
        try (RawPeer peer = connect(); FileChannel file = FileChannel.open(dir.resolve("queue-amp0-device"),
                StandardOpenOption.WRITE)) {
            file.truncate(0);
            SendResult result = SendResult.SENT;
            while (result != SendResult.CLOSED) {
                result = device.trySend(Bench.message(1, 48), 0, 48);
            }
            assertEquals(Reason.PEER_FAULT, atDevice.awaitDisconnected().reason());
            peer.awaitEnd();
        }
        assertServesTheNextPeer();
    }

    @Test
    void shouldAskASilentPeerAndCallItLostWhenItDoesNotAnswer() throws Exception {
        try (RawPeer peer = connect()) {
            assertEquals(0xed, peer.read());
            SlotConsumer consumer = SlotRing.consumer(answers, 0, SLOTS);
            MemorySegment ping = arena.allocate(64, 8);
            assertEquals(SlotRing.DONE, consumer.take(ping, 0));
            assertEquals(0x000c, ping.get(ValueLayout.JAVA_SHORT, 6));

            ping.set(ValueLayout.JAVA_BYTE, 0, (byte) 3);
            assertEquals(SlotRing.DONE, producer().put(ping, 0, 12));
            peer.ring();

            assertEquals(0xed, peer.read(), "asked again after another second of silence");
            BusException cause = atDevice.awaitDisconnected();
            assertEquals(Reason.PEER_LOST, cause.reason());
            assertTrue(cause.getMessage().contains("PING"), cause.getMessage());
            peer.awaitEnd();
            assertTrue(atDevice.messages.isEmpty(), "the answer was nobody else's business");
            assertEquals(2, device.counters().get(AmpCounters.PINGS));
            assertEquals(1, device.counters().get(AmpCounters.PINGS_LOST));
        }
    }
}
