// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusException;
import vireo.os.Descriptor;
import vireo.os.EventFd;
import vireo.os.Memfd;
import vireo.os.UnixSocket;

/** The exchange of eventfds, with a peer that may send anything. */
@Timeout(20)
class EventBellTest {

    private final MemorySegment buffer = Arena.ofAuto().allocate(16, 8);
    private final Semaphore woken = new Semaphore(0);
    private UnixSocket peer;
    private EventBell bell;

    @BeforeEach
    void open() throws IOException {
        List<UnixSocket> pair = UnixSocket.pair();
        peer = pair.get(1);
        bell = new EventBell(pair.get(0), SocketBell.buffer(), woken::release);
    }

    @AfterEach
    void close() {
        bell.close();
        peer.close();
    }

    private EventFd receiveEventFd() throws IOException {
        List<Descriptor> received = new ArrayList<>();
        assertEquals(1, peer.receive(buffer, 0, 16, received));
        assertEquals(1, received.size());
        return EventFd.adopt(received.getFirst());
    }

    private void send(Descriptor... descriptors) throws IOException {
        assertEquals(1, peer.send(buffer, 0, 1, List.of(descriptors)));
    }

    @Test
    void shouldWakeBothSidesOnceTheyHaveEachOthersEventFd() throws Exception {
        assertFalse(bell.ready());
        try (EventFd theirs = EventFd.create(); EventFd ours = receiveEventFd()) {
            send(theirs.descriptor());
            woken.acquire();
            assertTrue(bell.ready());
            bell.rearm();
            bell.ring();
            bell.ring();
            assertEquals(2, theirs.drain());
            assertFalse(bell.rang());
            ours.signal();
            woken.acquire();
            assertTrue(bell.rang());
            assertTrue(bell.drain());
            bell.rearm();
            assertFalse(bell.rang());
            assertEquals(100_000_000, bell.recheckNanos());
        }
        peer.close();
        woken.acquire();
        assertTrue(bell.rang());
        assertFalse(bell.drain(), "the socket's end is the peer's");
    }

    @Test
    void shouldRefuseAByteWithoutADescriptor() throws Exception {
        peer.send(buffer, 0, 1);
        String text = assertThrows(BusException.class, () -> bell.ready()).getMessage();
        assertTrue(text.contains("0 descriptors") && text.contains("wake=eventfd on both sides"), text);
    }

    @Test
    void shouldRefuseAndCloseWhatIsNoEventFd() throws Exception {
        int before = Bench.descriptors();
        try (Descriptor memory = Memfd.create("test", 4096, 0)) {
            send(memory);
        }
        String text = assertThrows(BusException.class, () -> bell.ready()).getMessage();
        assertTrue(text.contains("memfd"), text);
        assertEquals(before, Bench.descriptors());
    }

    @Test
    void shouldRefuseAndCloseMoreThanOneDescriptor() throws Exception {
        int before = Bench.descriptors();
        try (EventFd one = EventFd.create(); EventFd two = EventFd.create()) {
            send(one.descriptor(), two.descriptor());
        }
        assertThrows(BusException.class, () -> bell.ready());
        assertEquals(before, Bench.descriptors());
    }

    @Test
    void shouldSayThatThePeerWentBeforeItWasReady() {
        peer.close();
        String text = assertThrows(IOException.class, () -> bell.ready()).getMessage();
        assertTrue(text.contains("peer went") || text.contains("ECONNRESET"), text);
    }
}
