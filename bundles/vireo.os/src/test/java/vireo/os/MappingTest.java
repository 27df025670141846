// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MappingTest {

    @TempDir
    private Path directory;

    private Descriptor file(long size) throws Exception {
        Path path = directory.resolve("vireo-mapping-test");
        Files.write(path, new byte[(int) size]);
        return Descriptor.open(path, READ, WRITE);
    }

    @Test
    void shouldRefuseRangesThatTheFileDoesNotHave() throws Exception {
        try (Descriptor file = file(4096)) {
            for (long[] range : new long[][] {{0, 4097}, {4096, 1}, {-4096, 4096}, {0, Long.MAX_VALUE}, {8192, 4096}}) {
                IllegalArgumentException e = assertThrows(IllegalArgumentException.class,
                        () -> Mapping.shared(file, range[0], range[1], true));
                assertTrue(e.getMessage().contains("only 4096 bytes long"), e.getMessage());
            }
            assertThrows(IllegalArgumentException.class, () -> Mapping.shared(file, 0, 0, true));
            assertThrows(IllegalArgumentException.class, () -> Mapping.anonymous(-1));
        }
    }

    @Test
    void shouldNameFileAndRangeWhenTheKernelRefuses() throws Exception {
        try (Descriptor file = file(4096)) {
            OsException e = assertThrows(OsException.class, () -> Mapping.shared(file, 512, 1024, true));
            assertEquals("EINVAL", e.errnoName());
            assertTrue(e.getMessage().contains("offset=512, length=1024, read and write"), e.getMessage());
        }
        try (Descriptor readOnly = Descriptor.open(directory.resolve("vireo-mapping-test"))) {
            assertEquals("EACCES", assertThrows(OsException.class,
                    () -> Mapping.shared(readOnly, 0, 4096, true)).errnoName());
        }
        assertEquals("ENOMEM", assertThrows(OsException.class, () -> Mapping.anonymous(1L << 60)).errnoName());
    }

    @Test
    @SuppressWarnings("try")
    void shouldShareMemoryBetweenMappingsOfOneFile() throws Exception {
        try (Descriptor file = file(8192);
                Mapping writer = Mapping.shared(file, 0, 8192, true);
                Mapping reader = Mapping.shared(file, 4096, 4096, false)) {
            file.close();
            writer.segment().set(JAVA_INT, 4096 + 8, 42);
            assertEquals(42, reader.segment().get(JAVA_INT, 8));
            assertThrows(IllegalArgumentException.class, () -> reader.segment().set(JAVA_INT, 8, 1));
        }
    }

    @Test
    void shouldFailCleanlyWhenUsedAfterClose() throws Exception {
        Mapping mapping = Mapping.anonymous(4096);
        MemorySegment segment = mapping.segment();
        assertEquals(0, segment.get(JAVA_INT, 0));
        mapping.close();
        mapping.close();
        assertFalse(mapping.isOpen());
        assertThrows(IllegalStateException.class, () -> segment.get(JAVA_INT, 0));
        assertThrows(IllegalStateException.class, () -> segment.asSlice(0, 4).get(JAVA_INT, 0));
    }

    @Test
    void shouldThrowAndSurviveWhenFileIsCutShortUnderTheMapping() throws Exception {
        try (Descriptor file = file(8192); Mapping mapping = Mapping.shared(file, 0, 8192, true)) {
            file.ftruncate(0);
            MemorySegment segment = mapping.segment();
            assertThrows(InternalError.class, () -> sum(segment));
            file.ftruncate(8192);
            assertEquals(0, sum(segment));
        }
    }

    private static long sum(MemorySegment segment) {
        long sum = 0;
        for (long at = 0; at < segment.byteSize(); at += 4) {
            sum += segment.get(JAVA_INT, at);
        }
        return sum;
    }

    @Test
    void shouldPutUnmappingOffWhileACallUsesTheMemory() throws Exception {
        Descriptor memory = Memfd.create("vireo-busy-mapping", 4096, 0);
        Mapping mapping = Mapping.shared(memory, 0, 4096, true);
        memory.close();
        EventFd event = EventFd.create();
        event.descriptor().setNonBlocking(false);
        AtomicBoolean done = new AtomicBoolean();
        Thread reader = Thread.ofPlatform().start(() -> {
            try {
                done.set(event.descriptor().read(mapping.segment(), 0, 8) == 8);
            } catch (OsException e) {
                throw new AssertionError(e);
            }
        });
        Proc.await(() -> "transfer".equals(topOfKernel(reader)));
        mapping.close();
        assertFalse(mapping.isOpen());
        assertEquals(1, Proc.mappings("vireo-busy-mapping"));
        event.signal();
        reader.join();
        assertTrue(done.get());
        Proc.await(() -> Proc.mappings("vireo-busy-mapping") == 0);
        event.close();
    }

    private static String topOfKernel(Thread thread) {
        for (StackTraceElement element : thread.getStackTrace()) {
            if (element.getClassName().equals(Kernel.class.getName())) {
                return element.getMethodName();
            }
        }
        return null;
    }

    @Test
    void shouldLeaveNothingBehindAfterThousandsOfCycles() throws Exception {
        try (Descriptor file = file(65536)) {
            for (int i = 0; i < 2000; i++) {
                try (Mapping one = Mapping.shared(file, 0, 65536, true);
                        Mapping two = Mapping.shared(file, 4096, 4096, false)) {
                    one.segment().set(JAVA_INT, 4096, i);
                    assertEquals(i, two.segment().get(JAVA_INT, 0));
                }
                assertThrows(OsException.class, () -> Mapping.shared(file, 1, 2, false));
            }
        }
        assertEquals(0, Proc.mappings("vireo-mapping-test"));
    }

    @Test
    void shouldGiveAnonymousMemoryBack() throws Exception {
        long before = Proc.virtualMemoryKiB();
        for (int i = 0; i < 1000; i++) {
            try (Mapping mapping = Mapping.anonymous(1L << 30)) {
                mapping.segment().set(JAVA_INT, 0, i);
            }
        }
        long grown = Proc.virtualMemoryKiB() - before;
        assertTrue(grown < 1 << 20, () -> grown + " KiB more than before");
    }
}
