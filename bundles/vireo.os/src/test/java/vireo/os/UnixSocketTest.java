// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class UnixSocketTest {

    @TempDir
    private Path directory;
    private Path path;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(4096);
    private Map<Integer, String> before;

    @BeforeEach
    void begin() {
        path = directory.resolve("socket");
        before = Proc.descriptors();
    }

    @AfterEach
    void end() {
        Proc.awaitDescriptors(before);
        arena.close();
    }

    @Test
    void shouldFailWithNameWhenNobodyListens() throws Exception {
        OsException missing = assertThrows(OsException.class, () -> UnixSocket.connect(path));
        assertEquals("connect(" + path + "): ENOENT (No such file or directory)", missing.getMessage());
        Files.writeString(path, "x");
        assertEquals("ECONNREFUSED", assertThrows(OsException.class, () -> UnixSocket.connect(path)).errnoName());
    }

    @Test
    void shouldRefusePathThatIsTooLong() {
        Path longPath = directory.resolve("s".repeat(108));
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> UnixSocket.listen(longPath));
        assertTrue(e.getMessage().contains("1 to 107"), e.getMessage());
        assertThrows(IllegalArgumentException.class, () -> UnixSocket.connect(longPath));
    }

    @Test
    void shouldRefusePathWhereSomebodyListens() throws Exception {
        try (UnixSocket listener = UnixSocket.listen(path)) {
            OsException e = assertThrows(OsException.class, () -> UnixSocket.listen(path));
            assertEquals("EADDRINUSE", e.errnoName());
            try (UnixSocket client = UnixSocket.connect(path)) {
                assertTrue(client.isOpen() && listener.isOpen());
            }
        }
    }

    @Test
    void shouldNeverReplaceWhatIsNoSocket() throws Exception {
        Files.writeString(path, "precious");
        assertEquals("EADDRINUSE", assertThrows(OsException.class, () -> UnixSocket.listen(path)).errnoName());
        assertEquals("precious", Files.readString(path));
        Path link = Files.createSymbolicLink(directory.resolve("link"), path);
        assertThrows(OsException.class, () -> UnixSocket.listen(link));
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void shouldReplaceSocketThatAListenerLeftBehind() throws Exception {
        UnixSocket first = UnixSocket.listen(path);
        Path kept = directory.resolve("kept");
        Files.createLink(kept, path);
        first.close();
        assertFalse(Files.exists(path));
        Files.createLink(path, kept);
        try (UnixSocket second = UnixSocket.listen(path); UnixSocket client = UnixSocket.connect(path)) {
            assertNotNull(client);
            try (UnixSocket accepted = second.accept()) {
                assertNotNull(accepted);
            }
        }
    }

    @Test
    void shouldLeaveFileOfASuccessorAlone() throws Exception {
        UnixSocket first = UnixSocket.listen(path);
        Files.delete(path);
        try (UnixSocket second = UnixSocket.listen(path)) {
            first.close();
            assertTrue(Files.exists(path) && second.isOpen());
        }
        assertFalse(Files.exists(path));
    }

    @Test
    void shouldGiveSocketFileExactlyTheMode() throws Exception {
        try (UnixSocket listener = UnixSocket.listen(path)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertTrue(listener.isOpen());
        }
        try (UnixSocket listener = UnixSocket.listen(path, 0666)) {
            assertEquals("rw-rw-rw-", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            assertTrue(listener.isOpen());
        }
    }

    @Test
    void shouldAcceptNobodyWhenNobodyWaits() throws Exception {
        try (UnixSocket listener = UnixSocket.listen(path)) {
            assertNull(listener.accept());
            try (UnixSocket client = UnixSocket.connect(path); UnixSocket server = listener.accept()) {
                assertNull(listener.accept());
                Proc.assertCloseOnExec(client.fd());
                Proc.assertCloseOnExec(server.fd());
                Proc.assertCloseOnExec(listener.fd());
                assertThrows(OsException.class, server::accept);
            }
        }
    }

    @Test
    void shouldFailAndNotWaitWhenTooManyWaitToBeAccepted() throws Exception {
        List<UnixSocket> clients = new ArrayList<>();
        try (UnixSocket listener = UnixSocket.listen(path)) {
            OsException e = assertThrows(OsException.class, () -> {
                for (int i = 0; i < 1000; i++) {
                    clients.add(UnixSocket.connect(path));
                }
            });
            assertEquals("EAGAIN", e.errnoName());
            assertTrue(listener.isOpen());
        } finally {
            clients.forEach(UnixSocket::close);
        }
    }

    @Test
    void shouldKnowItsPeer() throws Exception {
        try (UnixSocket listener = UnixSocket.listen(path);
                UnixSocket client = UnixSocket.connect(path);
                UnixSocket server = listener.accept()) {
            assertEquals(Linux.userId(), server.peerUser());
            assertEquals(Linux.userId(), client.peerUser());
            assertEquals(ProcessHandle.current().pid(), server.peerProcess());
        }
    }

    @Test
    void shouldCarryBytesBothWaysAndTellTheEnd() throws Exception {
        try (UnixSocket listener = UnixSocket.listen(path);
                UnixSocket client = UnixSocket.connect(path);
                UnixSocket server = listener.accept()) {
            assertEquals(Descriptor.WOULD_BLOCK, server.receive(buffer, 0, 100));
            buffer.set(JAVA_INT, 0, 0x01020304);
            assertEquals(4, client.send(buffer, 0, 4));
            assertEquals(4, server.receive(buffer, 100, 100));
            assertEquals(0x01020304, buffer.get(JAVA_INT, 100));
            assertEquals(4, server.send(buffer, 100, 4));
            closeNow(server);
            assertEquals(4, client.receive(buffer, 200, 100));
            assertEquals(Descriptor.EOF, client.receive(buffer, 200, 100));
            assertEquals("EPIPE", assertThrows(OsException.class, () -> client.send(buffer, 0, 1)).errnoName());
        }
    }

    private static void closeNow(UnixSocket socket) {
        socket.close();
    }

    @Test
    void shouldNotWaitWhenThePeerReadsNothing() throws Exception {
        try (UnixSocket listener = UnixSocket.listen(path);
                UnixSocket client = UnixSocket.connect(path);
                UnixSocket server = listener.accept()) {
            long sent = 0;
            long step = client.send(buffer, 0, 4096);
            while (step > 0) {
                sent += step;
                step = client.send(buffer, 0, 4096);
            }
            assertEquals(Descriptor.WOULD_BLOCK, step);
            long received = 0;
            step = server.receive(buffer, 0, 4096);
            while (step > 0) {
                received += step;
                step = server.receive(buffer, 0, 4096);
            }
            assertEquals(sent, received);
            assertTrue(client.send(buffer, 0, 1) == 1);
        }
    }

    @Test
    void shouldFailWithReadableErrorWhenUsedAfterClose() throws Exception {
        UnixSocket listener = UnixSocket.listen(path);
        UnixSocket client = UnixSocket.connect(path);
        listener.close();
        listener.close();
        client.close();
        Proc.Step[] calls = {listener::accept, () -> client.send(buffer, 0, 1), () -> client.receive(buffer, 0, 1),
            client::peerUser, client::peerProcess};
        for (Proc.Step call : calls) {
            OsException e = assertThrows(OsException.class, call::run);
            assertEquals("EBADF", e.errnoName());
            assertTrue(e.getMessage().contains("closed before the call"), e.getMessage());
        }
        assertFalse(client.isOpen());
        assertEquals(-1, client.fd());
    }

    @Test
    void shouldLeaveNothingBehindAfterThousandsOfCycles() throws Exception {
        try (UnixSocket listener = UnixSocket.listen(path)) {
            for (int i = 0; i < 3000; i++) {
                try (UnixSocket client = UnixSocket.connect(path); UnixSocket server = listener.accept()) {
                    assertEquals(1, client.send(buffer, 0, 1));
                    assertEquals(1, server.receive(buffer, 0, 2));
                }
            }
        }
        for (int i = 0; i < 500; i++) {
            UnixSocket.listen(path).close();
            assertThrows(OsException.class, () -> UnixSocket.connect(path));
        }
    }

    @Test
    void shouldAllocateNothing() throws Exception {
        try (UnixSocket listener = UnixSocket.listen(path);
                UnixSocket client = UnixSocket.connect(path);
                UnixSocket server = listener.accept()) {
            Proc.assertAllocatesNothing(() -> {
                client.send(buffer, 0, 1);
                server.receive(buffer, 8, 64);
                server.receive(buffer, 8, 64);
            });
        }
    }
}
