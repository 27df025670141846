// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.io.IOException;
import java.util.List;
import vireo.device.FeatureSet;
import vireo.driver.DriverQueue;
import vireo.driver.RequestException;
import vireo.driver.UsedHandler;

/** A queue that gives every chain back at once and makes no objects, for measuring the driver alone. */
final class NullDevice implements DriverQueue, AutoCloseable {

    final RemoteVolume volume;
    private final FakeDevice device;
    private final CompletionThread completions;
    private long status;
    private long length;
    private boolean waiting;

    NullDevice(Rig rig) throws IOException {
        device = rig.device;
        VolumeCounters counters = new VolumeCounters("null");
        completions = new CompletionThread("null", 0);
        Lane lane = new Lane("null", Rig.USUAL, memory(), 1 << 20, counters, completions, cause -> { });
        lane.queue(this);
        completions.start(List.of(lane));
        volume = new RemoteVolume("null", VolumeShape.read(device, FeatureSet.NONE), List.of(lane), 1 << 17, counters,
                completions);
    }

    private RequestMemory memory() throws RequestException {
        return RequestMemory.allocate(device, 4, 1 << 17);
    }

    @Override
    public int index() {
        return 0;
    }

    @Override
    public int size() {
        return 4;
    }

    @Override
    public int room() {
        return 4;
    }

    @Override
    public void readable(long address, long bytes) {
        length = 0;
    }

    @Override
    public void writable(long address, long bytes) {
        status = address;
        length += bytes;
    }

    @Override
    public int submit() {
        waiting = true;
        return 1;
    }

    @Override
    public void kick() {
    }

    @Override
    public int poll(UsedHandler handler, int limit) {
        if (!waiting) {
            return 0;
        }
        waiting = false;
        device.poke(status, (byte) 0);
        handler.used(1, length);
        return 1;
    }

    @Override
    public boolean arm() {
        return !waiting;
    }

    @Override
    public int inFlight() {
        return waiting ? 1 : 0;
    }

    @Override
    public void close() {
        volume.fail(new IOException("over"));
        volume.retire();
    }
}
