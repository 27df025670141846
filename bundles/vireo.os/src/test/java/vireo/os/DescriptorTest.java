// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DescriptorTest {

    private static final int LENGTH = 4096;

    @TempDir
    private Path directory;
    private Arena arena;
    private MemorySegment buffer;
    private Map<Integer, String> before;

    @BeforeEach
    void begin() {
        arena = Arena.ofShared();
        buffer = arena.allocate(LENGTH);
        before = Proc.descriptors();
    }

    @AfterEach
    void end() {
        Proc.awaitDescriptors(before);
        arena.close();
    }

    private Path file(String text) throws Exception {
        Path file = directory.resolve("file");
        return Files.writeString(file, text);
    }

    private static void assertErrno(String name, String part, Proc.Step step) {
        OsException e = assertThrows(OsException.class, step::run);
        assertEquals(name, e.errnoName(), e.getMessage());
        assertTrue(e.getMessage().contains(part) && e.getMessage().contains(name), e.getMessage());
    }

    @Test
    void shouldNameCallArgumentsAndErrorWhenFileIsMissing() {
        Path missing = directory.resolve("missing");
        OsException e = assertThrows(OsException.class, () -> Descriptor.open(missing, READ, WRITE));
        assertEquals("openat(" + missing + ", O_RDWR): ENOENT (No such file or directory)", e.getMessage());
        assertEquals(2, e.errno());
    }

    @Test
    void shouldFailWhenFileExistsAndMustNot() throws Exception {
        Path file = file("x");
        assertErrno("EEXIST", "O_WRONLY|O_CREAT|O_EXCL", () -> Descriptor.open(file, WRITE, CREATE_NEW));
    }

    @Test
    void shouldNotFollowSymbolicLinkWhenToldSo() throws Exception {
        Path link = Files.createSymbolicLink(directory.resolve("link"), file("x"));
        assertErrno("ELOOP", "O_NOFOLLOW", () -> Descriptor.open(link, READ, LinkOption.NOFOLLOW_LINKS));
        Descriptor.open(link).close();
    }

    @Test
    void shouldRefuseOptionsThatMeanNothing() {
        Path path = directory.resolve("never");
        assertThrows(IllegalArgumentException.class, () -> Descriptor.open(path, READ, DELETE_ON_CLOSE));
        assertThrows(IllegalArgumentException.class, () -> Descriptor.open(path, CREATE));
        assertFalse(Files.exists(path));
    }

    @Test
    void shouldFailWithReadableErrorWhenUsedAfterClose() throws Exception {
        Path file = file("content");
        Descriptor descriptor = Descriptor.open(file, READ, WRITE);
        descriptor.close();
        descriptor.close();
        IoVector vector = new IoVector(1);
        vector.add(buffer, 0, 8);
        List<Proc.Step> calls = List.of(
                () -> descriptor.read(buffer, 0, 8), () -> descriptor.write(buffer, 0, 8),
                () -> descriptor.pread(buffer, 0, 8, 0), () -> descriptor.pwrite(buffer, 0, 8, 0),
                () -> descriptor.preadv(vector, 0), () -> descriptor.pwritev(vector, 0),
                descriptor::fdatasync, () -> descriptor.ftruncate(0), descriptor::size,
                () -> descriptor.allocate(0, 8), () -> descriptor.punchHole(0, 8), () -> descriptor.zeroRange(0, 8),
                descriptor::tryLockExclusive, descriptor::tryLockShared, descriptor::unlock,
                () -> descriptor.setNonBlocking(true), descriptor::duplicate,
                () -> Mapping.shared(descriptor, 0, 4, false), () -> Memfd.seals(descriptor));
        for (Proc.Step call : calls) {
            assertErrno("EBADF", "closed before the call", call);
        }
        assertFalse(descriptor.isOpen());
        assertEquals(-1, descriptor.number());
        assertEquals("content", Files.readString(file));
    }

    @Test
    void shouldNotCloseSomebodyElsesNumberWhenClosedTwice() throws Exception {
        Descriptor first = Descriptor.open(file("x"));
        int number = first.number();
        first.close();
        try (Descriptor second = Descriptor.open(directory.resolve("file"))) {
            assertEquals(number, second.number());
            first.close();
            assertEquals(1, second.pread(buffer, 0, 8, 0));
        }
    }

    @Test
    void shouldKeepNumberUntilCallInProgressHasEnded() throws Exception {
        EventFd event = EventFd.create();
        Descriptor blocking = event.descriptor().duplicate();
        blocking.setNonBlocking(false);
        AtomicReference<Object> result = new AtomicReference<>();
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                result.set(blocking.read(buffer, 0, 8));
            } catch (Exception e) {
                result.set(e);
            }
        });
        Proc.await(() -> inNativeRead(reader));
        int number = blocking.number();
        blocking.close();
        assertTrue(Proc.descriptors().containsKey(number));
        assertErrno("EBADF", "closed", () -> blocking.read(buffer, 8, 8));
        event.signal();
        reader.join();
        assertEquals(8L, result.get());
        assertFalse(Proc.descriptors().containsKey(number));
        event.close();
    }

    private static boolean inNativeRead(Thread thread) {
        for (StackTraceElement element : thread.getStackTrace()) {
            if (element.getClassName().equals(Kernel.class.getName())) {
                return true;
            }
        }
        return false;
    }

    @Test
    void shouldReadOnlyItsOwnFileWhenDescriptorsComeAndGoBesideIt() throws Exception {
        Path[] files = {Files.writeString(directory.resolve("a"), "A"), Files.writeString(directory.resolve("b"), "B")};
        AtomicReference<Descriptor> shared = new AtomicReference<>(Descriptor.open(files[0]));
        AtomicInteger good = new AtomicInteger();
        Thread closer = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < 3000 || good.get() < 1000; i++) {
                    Descriptor old = shared.get();
                    old.close();
                    Descriptor other = Descriptor.open(files[1]);
                    shared.set(Descriptor.open(files[0]));
                    other.close();
                }
            } catch (OsException e) {
                throw new AssertionError(e);
            }
        });
        while (closer.isAlive()) {
            try {
                if (shared.get().pread(buffer, 0, 1, 0) == 1) {
                    assertEquals('A', buffer.get(JAVA_BYTE, 0));
                    good.incrementAndGet();
                }
            } catch (OsException e) {
                assertEquals("EBADF", e.errnoName());
                assertTrue(e.getMessage().contains("closed before the call"), e.getMessage());
            }
        }
        closer.join();
        shared.get().close();
    }

    @Test
    void shouldReportWouldBlockWhenNothingIsThere() throws Exception {
        try (EventFd event = EventFd.create()) {
            assertEquals(Descriptor.WOULD_BLOCK, event.descriptor().read(buffer, 0, 8));
            buffer.set(JAVA_LONG, 0, -2);
            assertEquals(8, event.descriptor().write(buffer, 0, 8));
            assertEquals(Descriptor.WOULD_BLOCK, event.descriptor().write(buffer, 0, 8));
        }
    }

    @Test
    void shouldReadShortAtTheEndAndSayWhenItIsReached() throws Exception {
        try (Descriptor file = Descriptor.open(file("0123456789"))) {
            assertEquals(6, file.pread(buffer, 0, 100, 4));
            assertEquals(Descriptor.EOF, file.pread(buffer, 0, 1, 10));
            assertEquals(Descriptor.EOF, file.pread(buffer, 0, 1, 1L << 40));
            assertEquals(0, file.pread(buffer, 0, 0, 10));
            assertEquals(10, file.read(buffer, 0, 100));
            assertEquals(Descriptor.EOF, file.read(buffer, 0, 100));
        }
    }

    @Test
    void shouldNamePositionAndLengthWhenCallFails() throws Exception {
        try (Descriptor file = Descriptor.open(file("0123456789"))) {
            assertErrno("EINVAL", "length=1, position=-5", () -> file.pread(buffer, 0, 1, -5));
            assertErrno("EBADF", "pwrite(fd=" + file.number() + " " + directory, () -> file.pwrite(buffer, 0, 1, 0));
            assertErrno("EINVAL", "ftruncate", () -> file.ftruncate(-1));
        }
    }

    @Test
    void shouldRefuseMemoryThatTheKernelCannotUse() throws Exception {
        try (Descriptor file = Descriptor.open(file("0123456789"))) {
            MemorySegment heap = MemorySegment.ofArray(new byte[8]);
            assertThrows(IllegalArgumentException.class, () -> file.pread(heap, 0, 8, 0));
            assertThrows(IllegalArgumentException.class, () -> file.pread(buffer.asReadOnly(), 0, 8, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> file.pread(buffer, 1, LENGTH, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> file.pread(buffer, -1, 8, 0));
            assertThrows(IndexOutOfBoundsException.class, () -> file.pread(buffer, 8, Long.MAX_VALUE, 0));
            Arena other = Arena.ofShared();
            MemorySegment gone = other.allocate(8);
            other.close();
            assertThrows(IllegalStateException.class, () -> file.pread(gone, 0, 8, 0));
            assertEquals(8, file.pread(buffer, 0, 8, 0));
        }
    }

    @Test
    void shouldGiveBackWhatWasWritten() throws Exception {
        Path path = directory.resolve("new");
        try (Descriptor file = Descriptor.open(path, READ, WRITE, CREATE_NEW)) {
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(path)));
            buffer.set(JAVA_LONG, 16, 0x0123456789abcdefL);
            assertEquals(8, file.pwrite(buffer, 16, 8, 1000));
            file.fdatasync();
            assertEquals(1008, file.size());
            assertEquals(1008, file.pread(buffer, 1000, 2000, 0));
            assertEquals(0x0123456789abcdefL, buffer.get(JAVA_LONG, 2000));
            file.ftruncate(5);
            assertEquals(5, file.size());
        }
        try (Descriptor file = Descriptor.open(path, WRITE, TRUNCATE_EXISTING)) {
            assertEquals(0, file.size());
        }
    }

    @Test
    void shouldWriteEverythingWhenTheKernelTakesLessAtATime() throws Exception {
        long length = 5L << 30;
        try (Mapping large = Mapping.anonymous(length); Descriptor sink = Descriptor.open(Path.of("/dev/null"), WRITE)) {
            assertEquals(length, sink.pwrite(large.segment(), 0, length, 0));
        }
    }

    @Test
    void shouldZeroAndGiveBackRanges() throws Exception {
        try (Descriptor file = Descriptor.open(directory.resolve("disk"), READ, WRITE, CREATE)) {
            file.allocate(0, 3 * LENGTH);
            assertEquals(3 * LENGTH, file.size());
            buffer.fill((byte) 0x55);
            for (int page = 0; page < 3; page++) {
                file.pwrite(buffer, 0, LENGTH, (long) page * LENGTH);
            }
            file.punchHole(LENGTH, LENGTH);
            assertEquals(3 * LENGTH, file.size());
            assertEquals(LENGTH, file.pread(buffer, 0, LENGTH, LENGTH));
            assertEquals(-1, buffer.mismatch(arena.allocate(LENGTH)));
            zeroRangeWhereTheFileSystemCan(file);
            assertErrno("EINVAL", "fallocate", () -> file.punchHole(0, 0));
        }
    }

    private void zeroRangeWhereTheFileSystemCan(Descriptor file) throws OsException {
        try {
            file.zeroRange(2 * LENGTH, LENGTH);
        } catch (OsException e) {
            assertEquals("EOPNOTSUPP", e.errnoName());
            return;
        }
        buffer.fill((byte) 1);
        file.pread(buffer, 0, LENGTH, 2 * LENGTH);
        assertEquals(-1, buffer.mismatch(arena.allocate(LENGTH)));
    }

    @Test
    @SuppressWarnings("try")
    void shouldShareOpenFileWithDuplicate() throws Exception {
        try (Descriptor file = Descriptor.open(file("ab")); Descriptor copy = file.duplicate()) {
            assertEquals(1, file.read(buffer, 0, 1));
            file.close();
            assertEquals(1, copy.read(buffer, 0, 1));
            assertEquals('b', buffer.get(JAVA_BYTE, 0));
            Proc.assertCloseOnExec(copy.number());
        }
    }

    @Test
    void shouldBeCloseOnExec() throws Exception {
        try (Descriptor file = Descriptor.open(file("x"))) {
            Proc.assertCloseOnExec(file.number());
        }
    }

    @Test
    void shouldLeaveNothingBehindAfterThousandsOfCycles() throws Exception {
        Path file = file("x");
        Path missing = directory.resolve("missing");
        for (int i = 0; i < 5000; i++) {
            try (Descriptor descriptor = Descriptor.open(file); Descriptor copy = descriptor.duplicate()) {
                assertEquals(1, copy.pread(buffer, 0, 1, 0));
            }
            assertThrows(OsException.class, () -> Descriptor.open(missing));
        }
    }

    @Test
    void shouldAllocateNothingWhenReadingAndWriting() throws Exception {
        try (Descriptor file = Descriptor.open(directory.resolve("disk"), READ, WRITE, CREATE);
                Mapping mapping = Mapping.anonymous(LENGTH)) {
            MemorySegment mapped = mapping.segment();
            Proc.assertAllocatesNothing(() -> {
                file.pwrite(buffer, 0, 512, 0);
                file.pread(buffer, 512, 512, 0);
                file.pread(mapped, 512, 512, 0);
            });
        }
    }
}
