// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vireo.os.Poller.Registration;

@Timeout(60)
class PollerTest {

    private static final String THREAD = "vireo-poller";

    private Map<Integer, String> before;

    @BeforeEach
    void begin() {
        before = Proc.descriptors();
    }

    @AfterEach
    void end() {
        Proc.awaitDescriptors(before);
        assertFalse(Proc.threadExists(THREAD));
    }

    @Test
    void shouldRefuseWhatCannotBeWaitedFor(@TempDir Path directory) throws Exception {
        assertEquals("EBADF", assertThrows(OsException.class, () -> Poller.register(-1, () -> { })).errnoName());
        assertEquals("EBADF", assertThrows(OsException.class, () -> Poller.register(99_999, () -> { })).errnoName());
        try (Descriptor file = Descriptor.open(directory.resolve("file"), WRITE, CREATE)) {
            OsException e = assertThrows(OsException.class, () -> Poller.register(file.number(), () -> { }));
            assertEquals("EPERM", e.errnoName());
            assertFalse(Proc.threadExists(THREAD));
        }
    }

    @Test
    void shouldCallOncePerArmingForAsLongAsThereIsSomething() throws Exception {
        try (EventFd event = EventFd.create()) {
            AtomicInteger calls = new AtomicInteger();
            Registration registration = Poller.register(event.fd(), calls::incrementAndGet);
            event.signal();
            Proc.await(() -> calls.get() == 1);
            event.signal();
            assertQuiet(calls, 1);
            registration.rearm();
            Proc.await(() -> calls.get() == 2);
            event.drain();
            registration.rearm();
            assertQuiet(calls, 2);
            event.signal();
            Proc.await(() -> calls.get() == 3);
            registration.close();
            registration.rearm();
        }
    }

    /** Another descriptor is signalled and its callback awaited, after which this one would have been called. */
    private static void assertQuiet(AtomicInteger calls, int expected) throws Exception {
        try (EventFd other = EventFd.create()) {
            for (int i = 0; i < 3; i++) {
                AtomicBoolean called = new AtomicBoolean();
                Registration registration = Poller.register(other.fd(), () -> called.set(true));
                other.signal();
                Proc.await(called::get);
                registration.close();
            }
        }
        assertEquals(expected, calls.get());
    }

    @Test
    void shouldTellTheEndOfASocket() throws Exception {
        List<UnixSocket> pair = UnixSocket.pair();
        CountDownLatch called = new CountDownLatch(1);
        Registration registration = Poller.register(pair.get(0).fd(), called::countDown);
        pair.get(1).close();
        called.await();
        registration.close();
        pair.get(0).close();
    }

    @Test
    void shouldServeAllDescriptorsWithOneThread() throws Exception {
        int count = 200;
        List<EventFd> events = new ArrayList<>();
        List<Registration> registrations = new ArrayList<>();
        CountDownLatch called = new CountDownLatch(count);
        AtomicReference<Thread> thread = new AtomicReference<>();
        for (int i = 0; i < count; i++) {
            EventFd event = EventFd.create();
            events.add(event);
            registrations.add(Poller.register(event.fd(), () -> {
                thread.compareAndSet(null, Thread.currentThread());
                assertSame(thread.get(), Thread.currentThread());
                called.countDown();
            }));
        }
        events.forEach(EventFd::signal);
        called.await();
        assertEquals(THREAD, thread.get().getName());
        registrations.forEach(Registration::close);
        assertFalse(thread.get().isAlive());
        events.forEach(EventFd::close);
    }

    @Test
    void shouldWaitForRunningCallbackWhenClosed() throws Exception {
        try (EventFd event = EventFd.create()) {
            CountDownLatch entered = new CountDownLatch(1);
            CountDownLatch proceed = new CountDownLatch(1);
            AtomicBoolean ended = new AtomicBoolean();
            Registration registration = Poller.register(event.fd(), () -> {
                entered.countDown();
                awaitUninterrupted(proceed);
                ended.set(true);
            });
            event.signal();
            entered.await();
            Thread first = closeInThread(registration, ended);
            Thread second = closeInThread(registration, ended);
            Proc.await(() -> isWaiting(first) && isWaiting(second));
            proceed.countDown();
            first.join();
            second.join();
            assertTrue(ended.get());
        }
    }

    private static Thread closeInThread(Registration registration, AtomicBoolean ended) {
        return Thread.ofPlatform().start(() -> {
            registration.close();
            assertTrue(ended.get());
        });
    }

    private static boolean isWaiting(Thread thread) {
        return thread.getState() == Thread.State.WAITING;
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldLetCallbackCloseItsOwnRegistration() throws Exception {
        try (EventFd event = EventFd.create()) {
            AtomicReference<Registration> self = new AtomicReference<>();
            CountDownLatch closed = new CountDownLatch(1);
            self.set(Poller.register(event.fd(), () -> {
                Proc.await(() -> self.get() != null);
                self.get().close();
                self.get().close();
                closed.countDown();
            }));
            event.signal();
            closed.await();
            Proc.await(() -> !Proc.threadExists(THREAD));
        }
    }

    @Test
    void shouldGoOnWhenCallbackThrows() throws Exception {
        try (EventFd event = EventFd.create()) {
            AtomicReference<Throwable> reported = new AtomicReference<>();
            Registration registration = Poller.register(event.fd(), () -> {
                Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> reported.set(e));
                throw new IllegalStateException("on purpose");
            });
            event.signal();
            Proc.await(() -> reported.get() != null);
            assertEquals("on purpose", reported.getAndSet(null).getMessage());
            registration.rearm();
            Proc.await(() -> reported.get() != null);
            registration.close();
        }
    }

    @Test
    void shouldKeepWaitingWhenTheCallersNumberIsClosedAndReused() throws Exception {
        EventFd event = EventFd.create();
        EventFd signaller = EventFd.adopt(event.descriptor().duplicate());
        AtomicInteger calls = new AtomicInteger();
        Registration registration = Poller.register(event.fd(), calls::incrementAndGet);
        int number = event.fd();
        event.close();
        EventFd other = EventFd.create();
        assertEquals(number, other.fd());
        other.signal();
        assertQuiet(calls, 0);
        signaller.signal();
        Proc.await(() -> calls.get() == 1);
        registration.close();
        other.close();
        signaller.close();
    }

    @Test
    void shouldNeverCallAfterCloseWhenManyThreadsRegisterAndClose() throws Exception {
        List<Thread> threads = new ArrayList<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicInteger late = new AtomicInteger();
        for (int i = 0; i < 4; i++) {
            Thread thread = Thread.ofPlatform().unstarted(() -> registerAndClose(late));
            thread.setUncaughtExceptionHandler((ignored, e) -> failure.set(e));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() != null) {
            throw new AssertionError(failure.get());
        }
        Proc.await(() -> !Proc.threadExists(THREAD));
        assertEquals(0, late.get());
    }

    private static void registerAndClose(AtomicInteger late) {
        try (EventFd event = EventFd.create()) {
            event.signal();
            for (int i = 0; i < 1500; i++) {
                AtomicBoolean closed = new AtomicBoolean();
                AtomicReference<Registration> self = new AtomicReference<>();
                Registration registration = Poller.register(event.fd(), () -> {
                    if (closed.get()) {
                        late.incrementAndGet();
                    }
                    Registration mine = self.get();
                    if (mine != null) {
                        mine.rearm();
                    }
                });
                self.set(registration);
                registration.rearm();
                for (int spin = ThreadLocalRandom.current().nextInt(200); spin > 0; spin--) {
                    Thread.onSpinWait();
                }
                registration.close();
                closed.set(true);
            }
        } catch (OsException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void shouldLeaveNothingBehindAfterThousandsOfStartsAndStops() throws Exception {
        try (EventFd event = EventFd.create()) {
            for (int i = 0; i < 2000; i++) {
                Poller.register(event.fd(), () -> { }).close();
                assertFalse(i % 100 == 0 && Proc.threadExists(THREAD));
            }
        }
    }

    @Test
    void shouldAllocateNothingWhenRearmed() throws Exception {
        try (EventFd event = EventFd.create()) {
            Registration registration = Poller.register(event.fd(), () -> { });
            Proc.assertAllocatesNothing(registration::rearm);
            registration.close();
        }
    }
}
