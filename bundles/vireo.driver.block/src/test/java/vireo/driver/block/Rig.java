// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.io.IOException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;

/** A fake device with a fake disk behind it, claimed and opened as a volume. */
final class Rig implements AutoCloseable {

    static final VolumeOptions USUAL =
            new VolumeOptions(128 << 10, 32, 4, TimeUnit.SECONDS.toNanos(20), TimeUnit.MICROSECONDS.toNanos(50));

    final FakeDevice device;
    final FakeDisk disk;
    volatile IOException broken;
    RemoteVolume volume;
    private RemoteDevice.Claim claim;

    Rig(int capacity) {
        device = new FakeDevice(capacity);
        disk = new FakeDisk(device, capacity);
        new Random(7).nextBytes(disk.content);
    }

    static Rig open(int capacity) throws IOException {
        return new Rig(capacity).open(USUAL);
    }

    Rig open(VolumeOptions options) throws IOException {
        claim = device.claim("test", new RemoteDeviceListener() { });
        volume = VolumeOpener.open(device, options, cause -> broken = cause);
        return this;
    }

    static VolumeOptions timeout(long millis) {
        return new VolumeOptions(128 << 10, 4, 1, TimeUnit.MILLISECONDS.toNanos(millis), 20_000);
    }

    interface Condition {
        boolean holds();
    }

    static void await(Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            Thread.sleep(1);
        }
    }

    @Override
    public void close() {
        if (volume != null) {
            volume.fail(new IOException("test over"));
        }
        if (claim != null) {
            claim.close();
        }
        if (volume != null) {
            volume.retire();
        }
        disk.close();
        device.arena.close();
    }
}
