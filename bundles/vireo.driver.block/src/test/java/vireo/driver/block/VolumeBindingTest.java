// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;
import vireo.wire.block.BlockLayout;

@Timeout(30)
class VolumeBindingTest {

    private static final int CAPACITY = 1 << 20;

    private final Rig rig = new Rig(CAPACITY);
    private final List<RemoteVolume> published = new CopyOnWriteArrayList<>();
    private VolumeBinding binding;

    @BeforeEach
    void bind() {
        binding = new VolumeBinding(rig.device, Rig.USUAL, volume -> {
            published.add(volume);
            return () -> {
                // Withdrawn before anything is torn down: a device that is lost is torn down already.
                published.remove(volume);
            };
        });
    }

    @AfterEach
    void unbind() {
        binding.close();
        assertEquals(0, rig.device.openBuffers.get(), "buffers left behind");
        assertFalse(rig.device.usedAfterReset, "queue used after reset");
        assertFalse(rig.device.freedBeforeReset, "memory freed before the device was reset");
        assertEquals(rig.device.claims.get(), rig.device.resets.get(), "claims left behind");
        rig.close();
    }

    private RemoteVolume volume() throws InterruptedException {
        Rig.await(() -> !published.isEmpty());
        return published.getFirst();
    }

    private static void readFirst(RemoteVolume volume, FakeDisk disk) throws IOException {
        byte[] bytes = new byte[512];
        volume.read(0, MemorySegment.ofArray(bytes));
        assertArrayEquals(Arrays.copyOf(disk.content, 512), bytes);
    }

    @Test
    void shouldPublishAVolumeWhenTheDeviceComesUp() throws Exception {
        binding.start();
        readFirst(volume(), rig.disk);
        binding.close();
        assertTrue(published.isEmpty());
    }

    @Test
    void shouldTryAgainWhenTheDeviceDoesNotComeUpAtFirst() throws Exception {
        rig.device.refuse = new RequestException(RequestException.Kind.NO_ANSWER, "no answer from fake/7", null);
        binding.start();
        Rig.await(() -> rig.device.claims.get() >= 2);
        assertTrue(published.isEmpty());
        rig.device.refuse = null;
        readFirst(volume(), rig.disk);
    }

    @Test
    void shouldWaitForItsTurnWhenSomebodyElseDrivesTheDevice() throws Exception {
        RemoteDevice.Claim other = rig.device.claim("somebody else", new RemoteDeviceListener() { });
        binding.start();
        other.close();
        readFirst(volume(), rig.disk);
    }

    @Test
    void shouldPublishANewVolumeWhenTheDeviceNeedsAReset() throws Exception {
        binding.start();
        RemoteVolume first = volume();
        rig.disk.mischief = FakeDisk.Mischief.SILENT;
        FutureTask<IOException> reader = new FutureTask<>(
                () -> assertThrows(IOException.class, () -> first.read(0, MemorySegment.ofArray(new byte[512]))));
        Thread.ofPlatform().daemon().start(reader);
        Rig.await(() -> rig.disk.requests.get() == 1);
        rig.disk.mischief = FakeDisk.Mischief.NONE;
        rig.device.listener.needsReset();
        assertEquals("volume fake/7: read of 512 bytes at 0: the device needs a reset", reader.get().getMessage());
        Rig.await(() -> !published.isEmpty() && published.getFirst() != first);
        assertFalse(first.isOpen());
        assertThrows(IOException.class, () -> first.flush());
        assertNotSame(first, published.getFirst());
        readFirst(published.getFirst(), rig.disk);
    }

    @Test
    void shouldResetTheDeviceWhenItsQueueIsBroken() throws Exception {
        binding.start();
        RemoteVolume first = volume();
        rig.disk.mischief = FakeDisk.Mischief.FOREIGN_ID;
        assertThrows(IOException.class, () -> first.read(0, MemorySegment.ofArray(new byte[512])));
        rig.disk.mischief = FakeDisk.Mischief.NONE;
        Rig.await(() -> !published.isEmpty() && published.getFirst() != first);
        readFirst(published.getFirst(), rig.disk);
    }

    @Test
    void shouldWithdrawTheVolumeForGoodWhenTheDeviceIsLost() throws Exception {
        binding.start();
        RemoteVolume volume = volume();
        rig.device.listener.lost(new RequestException(RequestException.Kind.TRANSMISSION, "bus fake was closed", null));
        IOException failure = assertThrows(IOException.class, () -> volume.flush());
        assertEquals("volume fake/7: flush: the device is gone: bus fake was closed", failure.getMessage());
        Rig.await(published::isEmpty);
        Rig.await(() -> rig.device.resets.get() == 1);
        assertEquals(1, rig.device.claims.get());
    }

    @Test
    void shouldFollowTheCapacityWhenTheDeviceChangesIt() throws Exception {
        binding.start();
        RemoteVolume volume = volume();
        rig.device.config.putLong(BlockLayout.CONFIG_CAPACITY, CAPACITY / 1024);
        rig.device.listener.configChanged(2);
        assertEquals(CAPACITY / 2, volume.capacity());
        assertThrows(IOException.class, () -> volume.read(CAPACITY / 2, MemorySegment.ofArray(new byte[512])));
        rig.device.config.putLong(BlockLayout.CONFIG_CAPACITY, -1);
        rig.device.listener.configChanged(3);
        assertEquals(CAPACITY / 2, volume.capacity());
    }

    @Test
    void shouldFailWhatIsInFlightWhenItIsClosed() throws Exception {
        binding.start();
        RemoteVolume volume = volume();
        rig.disk.mischief = FakeDisk.Mischief.SILENT;
        Completions done = new Completions();
        volume.flushAsync(1, done);
        binding.stop("the block driver was stopped");
        binding.close();
        assertEquals("volume fake/7: flush: the block driver was stopped", done.await(1).get(1L).getMessage());
    }

    @Test
    void shouldEndAtOnceWhenClosedBeforeTheDeviceCameUp() {
        rig.device.refuse = new RequestException(RequestException.Kind.NO_ANSWER, "no answer from fake/7", null);
        binding.start();
        binding.close();
        assertTrue(published.isEmpty());
    }
}
