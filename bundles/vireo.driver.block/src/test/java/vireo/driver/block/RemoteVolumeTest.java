// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.FeatureSet;
import vireo.wire.block.BlockFeature;
import vireo.wire.block.BlockLayout;

@Timeout(30)
class RemoteVolumeTest {

    private static final int CAPACITY = 4 << 20;

    @Test
    void shouldRefuseWhenARangeIsUnalignedOrNegative() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            MemorySegment sector = MemorySegment.ofArray(new byte[512]);
            assertThrows(IllegalArgumentException.class, () -> rig.volume.read(1, sector));
            assertThrows(IllegalArgumentException.class, () -> rig.volume.read(-512, sector));
            assertThrows(IllegalArgumentException.class,
                    () -> rig.volume.read(0, MemorySegment.ofArray(new byte[511])));
            assertThrows(IllegalArgumentException.class, () -> rig.volume.zero(0, 100, false));
            assertThrows(IllegalArgumentException.class, () -> rig.volume.readAsync(0, sector, 0, 0, 0, (c, f) -> { }));
            assertThrows(IndexOutOfBoundsException.class,
                    () -> rig.volume.readAsync(0, sector, 0, 1024, 0, (c, f) -> { }));
            assertEquals(0, rig.disk.requests.get());
        }
    }

    @Test
    void shouldNotAskTheDeviceWhenARangeIsBeyondCapacity() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            MemorySegment two = MemorySegment.ofArray(new byte[1024]);
            IOException failure = assertThrows(IOException.class, () -> rig.volume.write(CAPACITY - 512, two));
            assertEquals("volume fake/7: write of 1024 bytes at " + (CAPACITY - 512) + ": beyond the capacity of "
                    + CAPACITY + " bytes", failure.getMessage());
            assertThrows(IOException.class, () -> rig.volume.read(Long.MAX_VALUE / 512 * 512, two));
            assertThrows(IOException.class, () -> rig.volume.discard(0, Long.MAX_VALUE / 512 * 512));
            assertEquals(0, rig.disk.requests.get());
        }
    }

    @Test
    void shouldRefuseWritesWhenTheDeviceIsReadOnly() throws IOException {
        Rig rig = new Rig(CAPACITY);
        rig.device.offered = rig.device.offered.plus(FeatureSet.of(BlockFeature.RO));
        try (rig) {
            rig.open(Rig.USUAL);
            assertTrue(rig.volume.readOnly());
            IOException failure = assertThrows(IOException.class,
                    () -> rig.volume.write(0, MemorySegment.ofArray(new byte[512])));
            assertTrue(failure.getMessage().endsWith("the device is read-only"), failure.getMessage());
            assertThrows(IOException.class, () -> rig.volume.zero(0, 512, true));
            assertEquals(0, rig.disk.requests.get());
        }
    }

    @Test
    void shouldRefuseWhenTheDeviceDoesNotOfferTheCommand() throws IOException {
        Rig rig = new Rig(CAPACITY);
        rig.device.offered = FeatureSet.of(BlockFeature.FLUSH);
        try (rig) {
            rig.open(Rig.USUAL);
            IOException failure = assertThrows(IOException.class, () -> rig.volume.discard(0, 512));
            assertTrue(failure.getMessage().contains("does not offer DISCARD"), failure.getMessage());
            assertThrows(IOException.class, () -> rig.volume.zero(0, 512, false));
        }
    }

    @Test
    void shouldNotSendAFlushWhenTheDeviceOffersNone() throws Exception {
        Rig rig = new Rig(CAPACITY);
        rig.device.offered = FeatureSet.NONE;
        try (rig) {
            rig.open(Rig.USUAL);
            rig.volume.flush();
            Completions done = new Completions();
            rig.volume.flushAsync(5, done);
            done.awaitSuccess(1);
            assertEquals(0, rig.disk.requests.get());
        }
    }

    @Test
    void shouldReadAndWriteWhatIsOnTheDisk() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            byte[] bytes = new byte[4096];
            rig.volume.read(8192, MemorySegment.ofArray(bytes));
            assertArrayEquals(Arrays.copyOfRange(rig.disk.content, 8192, 12288), bytes);
            Arrays.fill(bytes, (byte) 0x5a);
            rig.volume.write(512, MemorySegment.ofArray(bytes));
            assertArrayEquals(bytes, Arrays.copyOfRange(rig.disk.content, 512, 4608));
            rig.volume.flush();
            assertEquals(1, rig.disk.flushes.get());
            assertEquals("fake-disk", rig.volume.id());
        }
    }

    @Test
    void shouldShowTextOnlyWhenTheIdentityIsGarbage() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            rig.disk.id = "\u001b[2J\u00ff0123456789abcdefXYZ";
            assertEquals("?[2J?0123456789abcde", rig.volume.id());
        }
    }

    @Test
    void shouldMoveEverythingWhenATransferIsLargerThanARequest() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            byte[] all = new byte[CAPACITY];
            rig.volume.read(0, MemorySegment.ofArray(all));
            assertArrayEquals(rig.disk.content, all);
            new Random(3).nextBytes(all);
            rig.volume.write(0, MemorySegment.ofArray(all));
            assertArrayEquals(all, rig.disk.content);
            assertEquals(2 * CAPACITY / rig.volume.maxTransfer(), rig.disk.requests.get());
        }
    }

    @Test
    void shouldCutElementsAndRequestsWhenTheDeviceSetsLimits() throws IOException {
        Rig rig = new Rig(CAPACITY);
        rig.device.offered = rig.device.offered.plus(FeatureSet.of(BlockFeature.SIZE_MAX));
        rig.device.config.putInt(BlockLayout.CONFIG_SIZE_MAX, 1000);
        rig.device.config.putInt(BlockLayout.CONFIG_SEG_MAX, 5);
        try (rig) {
            rig.open(Rig.USUAL);
            assertEquals(5000 / 512 * 512, rig.volume.maxTransfer());
            byte[] bytes = new byte[64 << 10];
            rig.volume.read(0, MemorySegment.ofArray(bytes));
            assertArrayEquals(Arrays.copyOf(rig.disk.content, bytes.length), bytes);
            rig.volume.write(4096, MemorySegment.ofArray(bytes));
            assertArrayEquals(bytes, Arrays.copyOfRange(rig.disk.content, 4096, 4096 + bytes.length));
            assertEquals(7, rig.disk.longest.get());
        }
    }

    @Test
    void shouldWorkWhenTheQueueHoldsOneRequestOnly() throws IOException {
        Rig rig = new Rig(CAPACITY);
        rig.device.queueSize = 4;
        try (rig) {
            rig.open(Rig.USUAL);
            byte[] all = new byte[CAPACITY];
            rig.volume.read(0, MemorySegment.ofArray(all));
            assertArrayEquals(rig.disk.content, all);
        }
    }

    @Test
    void shouldMakeDoWithLessWhenTheBusHasLittleMemory() throws IOException {
        Rig rig = new Rig(CAPACITY);
        rig.device.memoryLimit = 100 << 10;
        try (rig) {
            rig.open(Rig.USUAL);
            byte[] all = new byte[CAPACITY];
            rig.volume.read(0, MemorySegment.ofArray(all));
            assertArrayEquals(rig.disk.content, all);
            assertTrue(rig.volume.maxTransfer() >= 4096);
        }
    }

    @Test
    void shouldDiscardAndZeroInPiecesOfTheDevicesSize() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            rig.volume.zero(512, 200 * 512, true);
            assertEquals(4, rig.disk.requests.get());
            assertEquals(BlockLayout.SEGMENT_UNMAP, rig.disk.lastFlags);
            byte[] zeroes = new byte[200 * 512];
            assertArrayEquals(zeroes, Arrays.copyOfRange(rig.disk.content, 512, 512 + zeroes.length));
            assertFalse(rig.disk.content[0] == 0 && rig.disk.content[1] == 0 && rig.disk.content[2] == 0);
            rig.volume.discard(200 * 512, 512);
            // Rule DT-BLK-09: unmap is for write zeroes alone.
            assertEquals(0, rig.disk.lastFlags);
        }
    }

    @Test
    void shouldNotAskToUnmapWhenTheDeviceCannot() throws IOException {
        Rig rig = new Rig(CAPACITY);
        rig.device.config.put(BlockLayout.CONFIG_WRITE_ZEROES_MAY_UNMAP, (byte) 0);
        try (rig) {
            rig.open(Rig.USUAL);
            rig.volume.zero(0, 512, true);
            assertEquals(0, rig.disk.lastFlags);
        }
    }

    @Test
    void shouldUseSeveralQueuesWhenTheDeviceHasThem() throws Exception {
        Rig rig = new Rig(CAPACITY);
        rig.device.config.putShort(BlockLayout.CONFIG_NUM_QUEUES, (short) 3);
        try (rig) {
            rig.open(Rig.USUAL);
            assertEquals(3, rig.device.queues.size());
            Thread[] threads = new Thread[6];
            for (int i = 0; i < threads.length; i++) {
                int at = i * 8192;
                threads[i] = Thread.ofPlatform().start(() -> readBack(rig, at));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertEquals(threads.length * 20L, rig.volume.counters().get(0));
            assertFalse(rig.device.usedByTwo);
        }
    }

    private static void readBack(Rig rig, int at) {
        byte[] bytes = new byte[8192];
        try {
            for (int i = 0; i < 20; i++) {
                rig.volume.read(at, MemorySegment.ofArray(bytes));
                assertArrayEquals(Arrays.copyOfRange(rig.disk.content, at, at + 8192), bytes);
            }
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }

    @Test
    void shouldLeaveNothingBehindWhenClosed() throws IOException {
        Rig rig = Rig.open(CAPACITY);
        rig.volume.read(0, MemorySegment.ofArray(new byte[512]));
        rig.close();
        assertEquals(0, rig.device.openBuffers.get());
        assertFalse(rig.device.usedAfterReset);
        assertFalse(rig.device.freedBeforeReset);
        assertFalse(rig.volume.isOpen());
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(t -> t.getName().equals("vireo-volume-fake/7")));
        IOException failure = assertThrows(IOException.class,
                () -> rig.volume.read(0, MemorySegment.ofArray(new byte[512])));
        assertEquals("volume fake/7: read of 512 bytes at 0: test over", failure.getMessage());
    }
}
