// SPDX-License-Identifier: Apache-2.0
package vireo.driver.entropy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.driver.RequestException;

@Timeout(30)
class EntropyDriverTest {

    private final FakeRng device = new FakeRng();
    private final List<RemoteEntropy> published = new CopyOnWriteArrayList<>();
    private EntropyBinding binding;

    private RemoteEntropy open(long timeoutMillis, long pollNanos) throws InterruptedException {
        binding = new EntropyBinding(device, TimeUnit.MILLISECONDS.toNanos(timeoutMillis), pollNanos, source -> {
            published.add(source);
            return () -> published.remove(source);
        });
        binding.start();
        await(() -> !published.isEmpty());
        return published.getFirst();
    }

    interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            Thread.sleep(1);
        }
    }

    @AfterEach
    void close() {
        binding.close();
        assertTrue(published.isEmpty());
        assertEquals(0, device.openBuffers.get());
        assertEquals(device.claims.get(), device.resets.get());
        assertFalse(device.usedAfterReset);
        device.close();
    }

    private static FutureTask<IOException> failing(RemoteEntropy source) {
        FutureTask<IOException> task = new FutureTask<>(
                () -> assertThrows(IOException.class, () -> source.fill(new byte[8])));
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    @Test
    void shouldFailWhenTheDeviceGivesNothing() throws Exception {
        RemoteEntropy source = open(20_000, 50_000);
        device.mischief = FakeRng.Mischief.EMPTY;
        IOException failure = assertThrows(IOException.class, () -> source.fill(new byte[8]));
        assertEquals("entropy source fake/3: the device gave nothing 3 times", failure.getMessage());
        device.mischief = FakeRng.Mischief.NONE;
        source.fill(new byte[8]);
    }

    @Test
    void shouldTakeNoMoreThanItAskedForWhenTheDeviceClaimsMore() throws Exception {
        RemoteEntropy source = open(20_000, 50_000);
        device.mischief = FakeRng.Mischief.TOO_MUCH;
        source.fill(new byte[10_000]);
        assertEquals(10_000, source.counters().values().get("vireo_entropy_source_bytes_total"));
    }

    @Test
    void shouldTimeOutAndUseTheLateAnswerForTheNextCaller() throws Exception {
        RemoteEntropy source = open(50, 0);
        device.mischief = FakeRng.Mischief.SILENT;
        for (int i = 0; i < 3; i++) {
            IOException failure = assertThrows(IOException.class, () -> source.fill(new byte[8]));
            assertEquals("entropy source fake/3: no answer within 50 ms", failure.getMessage());
        }
        assertEquals(1, device.requests.get(), "the buffer is with the device still");
        device.mischief = FakeRng.Mischief.NONE;
        device.kick();
        await(() -> device.requests.get() == 2);
        byte[] bytes = new byte[16];
        source.fill(bytes);
        for (int i = 0; i < bytes.length; i++) {
            assertEquals(i + 1, bytes[i]);
        }
    }

    @Test
    void shouldBeginAgainWhenTheQueueIsBroken() throws Exception {
        RemoteEntropy first = open(20_000, 50_000);
        device.mischief = FakeRng.Mischief.BROKEN;
        IOException failure = assertThrows(IOException.class, () -> first.fill(new byte[8]));
        assertTrue(failure.getMessage().contains("its queue is broken"), failure.getMessage());
        device.mischief = FakeRng.Mischief.NONE;
        await(() -> !published.isEmpty() && published.getFirst() != first);
        published.getFirst().fill(new byte[8]);
        assertThrows(IOException.class, () -> first.fill(new byte[8]));
    }

    @Test
    void shouldFailWhoWaitsWhenTheDeviceIsLost() throws Exception {
        RemoteEntropy source = open(20_000, 0);
        device.mischief = FakeRng.Mischief.SILENT;
        FutureTask<IOException> first = failing(source);
        FutureTask<IOException> second = failing(source);
        await(() -> device.requests.get() == 1);
        device.listener.lost(new RequestException(RequestException.Kind.TRANSMISSION, "bus fake was closed", null));
        assertEquals("entropy source fake/3: the device is gone: bus fake was closed", first.get().getMessage());
        assertEquals(first.get().getMessage(), second.get().getMessage());
        await(published::isEmpty);
    }

    @Test
    void shouldBeginAgainWhenTheDeviceNeedsAReset() throws Exception {
        RemoteEntropy first = open(20_000, 0);
        device.mischief = FakeRng.Mischief.SILENT;
        FutureTask<IOException> waiting = failing(first);
        await(() -> device.requests.get() == 1);
        device.mischief = FakeRng.Mischief.NONE;
        device.listener.needsReset();
        assertEquals("entropy source fake/3: the device needs a reset", waiting.get().getMessage());
        await(() -> !published.isEmpty() && published.getFirst() != first);
        published.getFirst().fill(new byte[8]);
    }

    @Test
    void shouldTryAgainWhenTheDeviceDoesNotComeUpAtFirst() throws Exception {
        device.refuse = new RequestException(RequestException.Kind.NO_ANSWER, "no answer from fake/3", null);
        Thread later = Thread.ofPlatform().start(() -> {
            while (device.claims.get() < 2) {
                Thread.onSpinWait();
            }
            device.refuse = null;
        });
        open(20_000, 0).fill(new byte[8]);
        later.join();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 50_000})
    @Timeout(20)
    void shouldFillEverythingInOrderWhenTheDeviceGivesLittle(long pollNanos) throws Exception {
        RemoteEntropy source = open(20_000, pollNanos);
        device.atMost = 7;
        byte[] bytes = new byte[5000];
        source.fill(bytes);
        for (int i = 0; i < bytes.length; i++) {
            assertEquals((byte) (i + 1), bytes[i]);
        }
        source.fill(new byte[0]);
    }

    @Test
    void shouldServeManyCallersOneAfterTheOther() throws Exception {
        RemoteEntropy source = open(20_000, 10_000);
        AtomicReference<Throwable> trouble = new AtomicReference<>();
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            threads[i] = Thread.ofVirtual().start(() -> {
                try {
                    for (int round = 0; round < 50; round++) {
                        byte[] bytes = new byte[100];
                        source.fill(bytes);
                        for (int at = 1; at < bytes.length; at++) {
                            assertEquals((byte) (bytes[0] + at), bytes[at]);
                        }
                    }
                } catch (Throwable failed) {
                    trouble.set(failed);
                }
            });
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertNull(trouble.get());
    }
}
