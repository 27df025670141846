// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ThreadsTest {
    private static boolean timerThreadLives() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().equals("vireo-transport-timer") && thread.isAlive());
    }

    @Test
    void shouldGoOnWhenTimerTaskThrows() throws Exception {
        try (Timers timers = new Timers()) {
            CountDownLatch ran = new CountDownLatch(1);
            timers.after(0, () -> {
                throw new IllegalStateException("on purpose");
            });
            timers.after(1_000_000, ran::countDown);
            ran.await();
        }
    }

    @Test
    void shouldHaveNoThreadBeforeFirstTaskAndNoneAfterClose() throws Exception {
        Timers timers = new Timers();
        CountDownLatch ran = new CountDownLatch(1);
        timers.after(0, ran::countDown);
        ran.await();
        timers.after(60_000_000_000L, ran::countDown);
        timers.close();
        timers.close();
        Await.until(() -> !timerThreadLives());
        assertTrue(timers.after(0, ran::countDown).isCancelled());
    }

    @Test
    void shouldHoldNoClassLoaderOfWhoeverAsks() throws Exception {
        Thread asks = Thread.currentThread();
        ClassLoader own = asks.getContextClassLoader();
        try (URLClassLoader passing = new URLClassLoader(new URL[0]); Timers timers = new Timers();
                SerialExecutor executor = new SerialExecutor("test")) {
            asks.setContextClassLoader(passing);
            BlockingQueue<Thread> ran = new LinkedBlockingQueue<>();
            timers.after(0, () -> ran.add(Thread.currentThread()));
            executor.execute(() -> ran.add(Thread.currentThread()));
            assertNotSame(passing, ran.take().getContextClassLoader());
            assertNotSame(passing, ran.take().getContextClassLoader());
        } finally {
            asks.setContextClassLoader(own);
        }
    }

    @Test
    void shouldCloseTimerWhenAskedToFromItsOwnThread() throws Exception {
        Timers timers = new Timers();
        CountDownLatch ran = new CountDownLatch(1);
        timers.after(0, () -> {
            timers.close();
            ran.countDown();
        });
        ran.await();
    }

    @Test
    void shouldRunTasksInOrderAndOneAtATime() {
        List<Integer> order = new ArrayList<>();
        AtomicInteger inside = new AtomicInteger();
        try (SerialExecutor executor = new SerialExecutor("test")) {
            for (int i = 0; i < 1000; i++) {
                int number = i;
                executor.execute(() -> {
                    assertEquals(1, inside.incrementAndGet());
                    order.add(number);
                    inside.decrementAndGet();
                    if (number % 100 == 0) {
                        throw new IllegalStateException("on purpose");
                    }
                });
            }
        }
        assertEquals(IntStream.range(0, 1000).boxed().toList(), order);
    }

    @Test
    void shouldDropTasksWhenClosedAndNotWaitForItself() throws Exception {
        SerialExecutor executor = new SerialExecutor("test");
        CountDownLatch closed = new CountDownLatch(1);
        List<String> ran = new ArrayList<>();
        executor.execute(() -> {
            executor.close();
            executor.execute(() -> ran.add("too late"));
            closed.countDown();
        });
        closed.await();
        executor.close();
        assertTrue(ran.isEmpty());
    }

    @Test
    void shouldNameThePropertyWhenSettingIsOutOfRange() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Settings.of(0, 1, 1, 1)).getMessage()
                .startsWith("deadline.ms=0"));
        assertThrows(IllegalArgumentException.class, () -> Settings.of(1, 0, 1, 1));
        assertThrows(IllegalArgumentException.class, () -> Settings.of(1, 1, 257, 1));
        assertThrows(IllegalArgumentException.class, () -> Settings.of(1, 1, 1, -1));
        assertFalse(Settings.of(1, 1, 0, 0).workers() < 1);
    }
}
