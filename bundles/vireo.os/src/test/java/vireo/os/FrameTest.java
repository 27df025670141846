// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FrameTest {

    @Test
    void shouldGiveEachCallItsOwnErrorWhenManyThreadsCallAtOnce() throws Exception {
        try (ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
                ExecutorService platform = Executors.newFixedThreadPool(4)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(virtual.submit(() -> failOften("/nowhere/at/all", "ENOENT", 100)));
                all.add(virtual.submit(() -> failOften("/dev/null/file", "ENOTDIR", 100)));
            }
            for (int i = 0; i < 4; i++) {
                all.add(platform.submit(() -> failOften("/proc/self/exe/..", "ENOTDIR", 2000)));
                all.add(platform.submit(() -> failOften("/nowhere", "ENOENT", 2000)));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    @Test
    void shouldNotShareAFrameBetweenCallsOfThreadsWithLikeNumbers() throws Exception {
        List<Thread> alike = new ArrayList<>();
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        String[][] calls = {{"/nowhere", "ENOENT"}, {"/dev/null/file", "ENOTDIR"}};
        // Which frame a thread tries first depends on the low bits of its number.
        while (alike.size() < 4) {
            String[] call = calls[alike.size() % calls.length];
            Thread thread = Thread.ofPlatform().unstarted(() -> failOften(call[0], call[1], 20_000));
            thread.setUncaughtExceptionHandler((ignored, failure) -> failures.add(failure));
            if (thread.threadId() % 64 == 0) {
                alike.add(thread);
            }
        }
        alike.forEach(Thread::start);
        for (Thread thread : alike) {
            thread.join();
        }
        assertEquals(List.of(), failures);
    }

    private static void failOften(String path, String errno, int times) {
        Path file = Path.of(path);
        for (int i = 0; i < times; i++) {
            assertEquals(errno, assertThrows(OsException.class, () -> Descriptor.open(file)).errnoName());
        }
    }

    @Test
    void shouldServeMoreCallsInProgressThanItHasFrames() throws Exception {
        int count = 100;
        List<EventFd> events = new ArrayList<>();
        List<Future<Long>> reads = new ArrayList<>();
        try (Arena arena = Arena.ofShared(); ExecutorService threads = Executors.newFixedThreadPool(count)) {
            MemorySegment buffer = arena.allocate(count * 8L, 8);
            for (int i = 0; i < count; i++) {
                EventFd event = EventFd.create();
                event.descriptor().setNonBlocking(false);
                events.add(event);
                long offset = i * 8L;
                reads.add(threads.submit(() -> event.descriptor().read(buffer, offset, 8)));
            }
            events.forEach(EventFd::signal);
            for (Future<Long> read : reads) {
                assertEquals(8L, read.get());
            }
        }
        events.forEach(EventFd::close);
    }
}
