// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Devices that misbehave: the request fails with its cause, the volume goes on or ends, nobody hangs. */
@Timeout(30)
class VolumeTroubleTest {

    private static final int CAPACITY = 4 << 20;

    private static MemorySegment bytes(int length) {
        return MemorySegment.ofArray(new byte[length]);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            STATUS_255 | the device answered status 255 (not defined)
            IOERR      | the device answered status 1 (IOERR)
            UNSUPP     | the device answered status 2 (UNSUPP)
            SHORT_DATA | the device gave it back unfinished: it wrote 4096 of 4097 bytes
            NO_STATUS  | the device gave it back unfinished: it wrote 0 of 4097 bytes
            """)
    void shouldFailTheRequestAndGoOnWhenItsAnswerIsNoSuccess(FakeDisk.Mischief mischief, String why) throws Exception {
        try (Rig rig = Rig.open(CAPACITY)) {
            rig.disk.mischief = mischief;
            IOException failure = assertThrows(IOException.class, () -> rig.volume.read(512, bytes(4096)));
            assertEquals("volume fake/7: read of 4096 bytes at 512: " + why, failure.getMessage());
            Completions done = new Completions();
            rig.volume.readAsync(512, bytes(4096), 0, 4096, 1, done);
            assertEquals(failure.getMessage(), done.await(1).get(1L).getMessage());
            rig.disk.mischief = FakeDisk.Mischief.NONE;
            rig.volume.read(512, bytes(4096));
            assertTrue(rig.volume.isOpen());
            assertEquals(2, rig.volume.counters().values().get("vireo_volume_failures_total"));
        }
    }

    @Test
    void shouldFailAWriteWhenItsStatusWasNotWritten() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            rig.disk.mischief = FakeDisk.Mischief.NO_STATUS;
            assertThrows(IOException.class, () -> rig.volume.write(0, bytes(512)));
            assertThrows(IOException.class, () -> rig.volume.flush());
        }
    }

    @Test
    void shouldFailOneLargeTransferAndLoseNoRequestWhenOnePieceFails() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            rig.disk.mischief = FakeDisk.Mischief.IOERR;
            for (int i = 0; i < 20; i++) {
                assertThrows(IOException.class, () -> rig.volume.read(0, bytes(CAPACITY)));
            }
            rig.disk.mischief = FakeDisk.Mischief.NONE;
            byte[] all = new byte[CAPACITY];
            rig.volume.read(0, MemorySegment.ofArray(all));
            assertArrayEquals(rig.disk.content, all);
        }
    }

    @Test
    void shouldTimeOutWhenTheDeviceIsSilent() throws Exception {
        Rig rig = new Rig(CAPACITY);
        try (rig) {
            rig.disk.mischief = FakeDisk.Mischief.SILENT;
            rig.open(Rig.timeout(100));
            IOException failure = assertThrows(IOException.class, () -> rig.volume.read(0, bytes(512)));
            assertEquals("volume fake/7: read of 512 bytes at 0: no answer within 100 ms", failure.getMessage());
            Completions done = new Completions();
            rig.volume.writeAsync(512, bytes(512), 0, 512, 9, done);
            assertEquals("volume fake/7: write of 512 bytes at 512: no answer within 100 ms",
                    done.await(1).get(9L).getMessage());
            assertThrows(IOException.class, () -> rig.volume.read(0, bytes(CAPACITY)));
            assertTrue(rig.volume.counters().values().get("vireo_volume_timeouts_total") >= 3);
        }
    }

    @Test
    void shouldNotBelieveALateAnswerWhenItsRequestWasGivenUp() throws Exception {
        Rig rig = new Rig(CAPACITY);
        try (rig) {
            CountDownLatch gate = new CountDownLatch(1);
            rig.disk.gate = gate;
            rig.open(Rig.timeout(50));
            for (int i = 0; i < 6; i++) {
                byte[] target = new byte[512];
                assertThrows(IOException.class, () -> rig.volume.read(0, MemorySegment.ofArray(target)));
                assertArrayEquals(new byte[512], target);
            }
            rig.disk.gate = null;
            gate.countDown();
            Rig.await(() -> rig.device.queues.getFirst().inFlight() == 0 || rig.disk.requests.get() >= 4);
            byte[] target = new byte[4096];
            while (true) {
                try {
                    rig.volume.read(4096, MemorySegment.ofArray(target));
                    break;
                } catch (IOException lateAnswersAreStillOnTheirWay) {
                    Thread.onSpinWait();
                }
            }
            assertArrayEquals(Arrays.copyOfRange(rig.disk.content, 4096, 8192), target);
        }
    }

    @ParameterizedTest
    @CsvSource({"TWICE,false", "TWICE,true", "FOREIGN_ID,false", "FOREIGN_ID,true"})
    void shouldEndTheVolumeWhenTheDeviceUsesWhatItDoesNotHave(FakeDisk.Mischief mischief, boolean raw)
            throws Exception {
        Rig rig = new Rig(CAPACITY);
        try (rig) {
            rig.device.rawIds = raw;
            rig.disk.mischief = mischief;
            rig.open(Rig.USUAL);
            IOException failure = null;
            for (int i = 0; i < 3 && failure == null; i++) {
                try {
                    rig.volume.read(0, bytes(512));
                } catch (IOException expected) {
                    failure = expected;
                }
            }
            assertNotNull(failure);
            assertTrue(failure.getMessage().contains("queue 0 is broken"), failure.getMessage());
            Rig.await(() -> rig.broken != null);
            assertThrows(IOException.class, () -> rig.volume.read(0, bytes(512)));
        }
    }

    @Test
    void shouldFailEverybodyWhenTheDeviceIsLostInFlight() throws Exception {
        Rig rig = new Rig(CAPACITY);
        try (rig) {
            rig.disk.mischief = FakeDisk.Mischief.SILENT;
            rig.open(Rig.USUAL);
            FutureTask<IOException> reader = failing(() -> rig.volume.read(0, bytes(512)));
            FutureTask<IOException> copier = failing(() -> rig.volume.write(0, bytes(CAPACITY)));
            Completions done = new Completions();
            for (int i = 0; i < 10; i++) {
                rig.volume.readAsync(0, bytes(512), 0, 512, i, done);
            }
            FutureTask<IOException> waiter = failing(() -> {
                while (true) {
                    rig.volume.readAsync(0, bytes(512), 0, 512, 1000, (cookie, failure) -> { });
                }
            });
            Rig.await(() -> rig.disk.requests.get() == 32);
            IOException cause = new IOException("the bus fell over");
            rig.volume.fail(cause);
            for (FutureTask<IOException> task : Arrays.asList(reader, copier, waiter)) {
                assertTrue(task.get().getMessage().endsWith(": the bus fell over"), task.get().getMessage());
                assertSame(cause, task.get().getCause());
            }
            assertEquals(10, done.await(10).size());
            done.await(10).forEach((cookie, failure) -> assertSame(cause, failure.getCause()));
            assertFalse(rig.volume.isOpen());
        }
        assertEquals(0, rig.device.openBuffers.get());
        assertFalse(rig.device.usedAfterReset);
    }

    interface Action {
        void run() throws IOException;
    }

    private static FutureTask<IOException> failing(Action action) {
        FutureTask<IOException> task = new FutureTask<>(() -> assertThrows(IOException.class, action::run));
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    @Test
    void shouldFailOneRequestOnlyWhenItsMemoryIsUnusable() throws Exception {
        try (Rig rig = Rig.open(CAPACITY)) {
            MemorySegment closed;
            try (Arena arena = Arena.ofShared()) {
                closed = arena.allocate(512);
            }
            for (int i = 0; i < 100; i++) {
                assertThrows(IOException.class, () -> rig.volume.write(0, closed));
                assertThrows(IOException.class, () -> rig.volume.read(0, closed));
                assertThrows(IOException.class, () -> rig.volume.read(0, bytes(512).asReadOnly()));
                Completions done = new Completions();
                rig.volume.readAsync(0, closed, 0, 512, 1, done);
                assertTrue(done.await(1).get(1L).getMessage().contains("target cannot be written"));
            }
            rig.volume.read(0, bytes(512));
        }
    }

    @Test
    void shouldKeepInterruptionForTheCallerWhenItComesWhileWaiting() throws Exception {
        Rig rig = new Rig(CAPACITY);
        try (rig) {
            CountDownLatch gate = new CountDownLatch(1);
            rig.disk.gate = gate;
            rig.open(Rig.USUAL);
            FutureTask<Boolean> task = new FutureTask<>(() -> {
                Thread.currentThread().interrupt();
                rig.volume.read(0, bytes(512));
                return Thread.interrupted();
            });
            Thread.ofPlatform().daemon().start(task);
            Rig.await(() -> rig.device.queues.getFirst().inFlight() == 1);
            gate.countDown();
            assertTrue(task.get());
        }
    }
}
