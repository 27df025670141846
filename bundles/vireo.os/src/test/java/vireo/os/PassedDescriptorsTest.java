// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PassedDescriptorsTest {

    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(4096);
    private final List<Descriptor> received = new ArrayList<>();
    private Map<Integer, String> before;
    private UnixSocket sender;
    private UnixSocket receiver;

    @BeforeEach
    void begin() throws Exception {
        before = Proc.descriptors();
        List<UnixSocket> pair = UnixSocket.pair();
        sender = pair.get(0);
        receiver = pair.get(1);
    }

    @AfterEach
    void end() {
        received.forEach(Descriptor::close);
        sender.close();
        receiver.close();
        Proc.awaitDescriptors(before);
        arena.close();
    }

    @Test
    void shouldPassMemoryThatBothSidesSee() throws Exception {
        try (Descriptor memory = Memfd.create("passed", 4096, Memfd.SEAL_SHRINK)) {
            assertEquals(3, sender.send(buffer, 0, 3, List.of(memory)));
            assertEquals(3, receiver.receive(buffer, 0, 100, received));
            assertEquals(1, received.size());
            Descriptor copy = received.get(0);
            assertEquals(Memfd.SEAL_SHRINK, Memfd.seals(copy));
            Proc.assertCloseOnExec(copy.number());
            try (Mapping here = Mapping.shared(memory, 0, 4096, true);
                    Mapping there = Mapping.shared(copy, 0, 4096, true)) {
                here.segment().set(JAVA_INT, 0, 7);
                assertEquals(7, there.segment().get(JAVA_INT, 0));
            }
        }
    }

    @Test
    void shouldPassAsManyAsAreAllowedInOrder() throws Exception {
        List<Descriptor> sent = new ArrayList<>();
        for (int i = 0; i < UnixSocket.MAX_DESCRIPTORS; i++) {
            sent.add(Memfd.create("m" + i, i, 0));
        }
        assertEquals(1, sender.send(buffer, 0, 1, sent));
        assertEquals(1, receiver.receive(buffer, 0, 1, received));
        assertEquals(UnixSocket.MAX_DESCRIPTORS, received.size());
        for (int i = 0; i < sent.size(); i++) {
            assertEquals(i, received.get(i).size());
        }
        sent.add(sent.get(0));
        assertThrows(IllegalArgumentException.class, () -> sender.send(buffer, 0, 1, sent));
        sent.forEach(Descriptor::close);
    }

    @Test
    void shouldSendNothingWhenOneOfThemIsClosed() throws Exception {
        Descriptor open = Memfd.create("open", 1, 0);
        Descriptor closed = Memfd.create("closed", 1, 0);
        closed.close();
        OsException e = assertThrows(OsException.class, () -> sender.send(buffer, 0, 1, List.of(open, closed)));
        assertTrue(e.getMessage().contains("memfd:closed"), e.getMessage());
        assertEquals(Descriptor.WOULD_BLOCK, receiver.receive(buffer, 0, 1, received));
        open.close();
        assertFalse(Proc.descriptors().containsValue("/memfd:open (deleted)"));
    }

    @Test
    void shouldCloseWhatIsNotWanted() throws Exception {
        try (Descriptor memory = Memfd.create("unwanted", 1, 0)) {
            for (int i = 0; i < 1000; i++) {
                assertEquals(1, sender.send(buffer, 0, 1, List.of(memory, memory)));
                assertEquals(1, receiver.receive(buffer, 0, 1));
            }
            assertEquals(1, Proc.descriptors().values().stream().filter(name -> name.contains("unwanted")).count());
        }
    }

    @Test
    void shouldCloseAllWhenTheListDoesNotTakeThem() throws Exception {
        try (Descriptor memory = Memfd.create("refused", 1, 0)) {
            sender.send(buffer, 0, 1, List.of(memory));
            List<Descriptor> full = Collections.emptyList();
            assertThrows(UnsupportedOperationException.class, () -> receiver.receive(buffer, 0, 1, full));
            assertEquals(1, Proc.descriptors().values().stream().filter(name -> name.contains("refused")).count());
        }
    }

    @Test
    void shouldRefuseMoreThanAreAllowedAndKeepNone() throws Exception {
        try (Descriptor memory = Memfd.create("flood", 1, 0)) {
            sendTooMany(memory, 40);
            OsException e = assertThrows(OsException.class, () -> receiver.receive(buffer, 0, 1, received));
            assertEquals("EMSGSIZE", e.errnoName());
            assertTrue(received.isEmpty());
            assertEquals(1, Proc.descriptors().values().stream().filter(name -> name.contains("flood")).count());
        }
    }

    /** A peer that does not keep to the limit: the same system call with a larger control area. */
    private void sendTooMany(Descriptor descriptor, int count) {
        MemorySegment control = arena.allocate(16 + count * 4L, 8);
        control.set(JAVA_LONG, 0, 16 + count * 4L);
        control.set(JAVA_INT, 8, 1);
        control.set(JAVA_INT, 12, 1);
        for (int i = 0; i < count; i++) {
            control.set(JAVA_INT, 16 + i * 4L, descriptor.number());
        }
        Frame frame = Frame.take();
        try {
            MessageHeader.prepare(frame.scratch, buffer.address(), 1);
            frame.scratch.set(JAVA_LONG, 32, control.address());
            frame.scratch.set(JAVA_LONG, 40, control.byteSize());
            assertEquals(1, frame.call(SystemCall.SENDMSG, sender.fd(), frame.scratch.address(), 0));
        } finally {
            frame.give();
        }
    }
}
