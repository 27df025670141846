// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class IoVectorTest {

    @TempDir
    private Path directory;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory = arena.allocate(8192);
    private final IoVector vector = new IoVector(4);
    private Descriptor file;

    @BeforeEach
    void open() throws Exception {
        file = Descriptor.open(directory.resolve("disk"), READ, WRITE, CREATE);
    }

    @AfterEach
    void close() {
        file.close();
        arena.close();
    }

    @Test
    void shouldRefuseWhatDoesNotFit() {
        assertThrows(IllegalArgumentException.class, () -> new IoVector(0));
        assertThrows(IllegalArgumentException.class, () -> new IoVector(1025));
        assertThrows(IndexOutOfBoundsException.class, () -> vector.add(memory, 8000, 200));
        assertThrows(IllegalArgumentException.class, () -> vector.add(MemorySegment.ofArray(new byte[4]), 0, 4));
        assertEquals(0, vector.count());
        for (int i = 0; i < vector.capacity(); i++) {
            vector.add(memory, i, 1);
        }
        assertThrows(IllegalStateException.class, () -> vector.add(memory, 0, 1));
        assertEquals(4, vector.byteCount());
    }

    @Test
    void shouldRefuseMemoryThatIsClosedOrReadOnly() throws Exception {
        vector.add(memory.asReadOnly(), 0, 8);
        assertThrows(IllegalArgumentException.class, () -> file.preadv(vector, 0));
        assertEquals(8, file.pwritev(vector, 0));
        vector.clear();
        Arena other = Arena.ofShared();
        vector.add(other.allocate(8), 0, 8);
        other.close();
        assertThrows(IllegalStateException.class, () -> file.preadv(vector, 0));
        vector.clear();
        vector.add(memory, 0, 8);
        assertEquals(8, file.preadv(vector, 0));
    }

    @Test
    void shouldNamePiecesAndPositionWhenCallFails() {
        vector.add(memory, 0, 8);
        vector.add(memory, 8, 8);
        OsException e = assertThrows(OsException.class, () -> file.pwritev(vector, -1));
        assertTrue(e.getMessage().contains("pieces=2, length=16, position=-1"), e.getMessage());
    }

    @Test
    void shouldGatherAndScatter() throws Exception {
        for (int i = 0; i < 100; i++) {
            memory.set(JAVA_BYTE, i, (byte) i);
        }
        vector.add(memory, 50, 10);
        vector.add(memory, 0, 0);
        vector.add(memory, 10, 20);
        assertEquals(30, file.pwritev(vector, 5));
        vector.clear();
        vector.add(memory, 1000, 1);
        vector.add(memory, 2000, 100);
        assertEquals(30, file.preadv(vector, 5));
        assertEquals(50, memory.get(JAVA_BYTE, 1000));
        assertEquals(51, memory.get(JAVA_BYTE, 2000));
        assertEquals(29, memory.get(JAVA_BYTE, 2028));
        assertEquals(Descriptor.EOF, file.preadv(vector, 35));
        vector.clear();
        assertEquals(0, file.preadv(vector, 0));
    }

    @Test
    void shouldBeAsBeforeWhenTheFileEndedWithinAPiece() throws Exception {
        memory.set(JAVA_BYTE, 0, (byte) 7);
        file.pwrite(memory, 0, 1, 29);
        vector.add(memory, 1000, 10);
        vector.add(memory, 2000, 100);
        assertEquals(30, file.preadv(vector, 0));
        assertEquals(7, memory.get(JAVA_BYTE, 2019));
        assertEquals(20, file.preadv(vector, 10));
        assertEquals(7, memory.get(JAVA_BYTE, 2009));
    }

    @Test
    void shouldGoOnWithinAPieceWhenTheKernelStopsThere() throws Exception {
        long piece = 96L << 20;
        int pieces = 24;
        IoVector large = new IoVector(pieces);
        try (Descriptor sparse = Memfd.create("sparse", pieces * piece, 0);
                Mapping mapping = Mapping.anonymous(piece)) {
            memory.set(JAVA_LONG, 0, -1L);
            sparse.pwrite(memory, 0, 8, pieces * piece - 8);
            for (int i = 0; i < pieces; i++) {
                large.add(mapping.segment(), 0, piece);
            }
            // Twice, because the first call must leave the list as it was.
            for (int round = 0; round < 2; round++) {
                mapping.segment().set(JAVA_LONG, piece - 8, 0);
                assertEquals(pieces * piece, sparse.preadv(large, 0));
                assertEquals(-1L, mapping.segment().get(JAVA_LONG, piece - 8));
            }
        }
    }

    @Test
    void shouldAllocateNothing() throws Exception {
        file.ftruncate(8192);
        Proc.assertAllocatesNothing(() -> {
            vector.clear();
            vector.add(memory, 0, 512);
            vector.add(memory, 4096, 512);
            file.preadv(vector, 0);
            file.pwritev(vector, 1024);
        });
    }
}
