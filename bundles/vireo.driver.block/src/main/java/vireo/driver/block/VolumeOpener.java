// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.driver.DriverQueue;
import vireo.driver.RemoteDevice;
import vireo.driver.RequestException;

/** Brings a claimed device up, from reset to DRIVER_OK, and makes a volume of it. */
final class VolumeOpener {

    private static final Logger LOG = LoggerFactory.getLogger(VolumeOpener.class);

    private static final int QUEUE_SIZE = 256;

    private final RemoteDevice device;
    private final VolumeOptions options;
    private final String name;
    private final VolumeCounters counters;
    private final CompletionThread completions;
    private final Consumer<IOException> onBroken;
    private final List<Lane> lanes = new ArrayList<>();
    private int maxTransfer;

    private VolumeOpener(RemoteDevice device, VolumeOptions options, Consumer<IOException> onBroken) {
        this.device = device;
        this.options = options;
        this.onBroken = onBroken;
        this.name = device.busName() + "/" + device.number();
        this.counters = new VolumeCounters(name);
        this.completions = new CompletionThread(name, options.pollNanos());
        this.maxTransfer = options.maxTransfer();
    }

    /**
     * Opens a volume.
     *
     * @param onBroken told, on the volume's thread, that its device has to be reset
     * @throws IOException if the device did not go along; what was allocated is freed, and closing the claim resets it
     */
    static RemoteVolume open(RemoteDevice device, VolumeOptions options, Consumer<IOException> onBroken)
            throws IOException {
        VolumeOpener opener = new VolumeOpener(device, options, onBroken);
        try {
            return opener.open();
        } catch (IOException | RuntimeException failed) {
            // Not live yet, so the device has no request whose memory it could still touch.
            opener.lanes.forEach(Lane::retire);
            throw failed;
        }
    }

    private RemoteVolume open() throws IOException {
        VolumeShape shape = VolumeShape.read(device, device.negotiate(VolumeShape.WANTED));
        int queues = Math.max(1, Math.min(options.queues(), Math.min(shape.queues(), device.info().maxQueues())));
        for (int i = 0; i < queues; i++) {
            try {
                openLane(i, shape);
            } catch (RequestException refused) {
                if (lanes.isEmpty()) {
                    throw refused;
                }
                // Commonly the bus's memory is used up; the queues there are do the work.
                LOG.info("Volume {} uses {} of {} queues: {}", name, lanes.size(), queues, refused.getMessage());
                break;
            }
        }
        device.ready();
        completions.start(lanes);
        return new RemoteVolume(name, shape, lanes, maxTransfer, counters, completions);
    }

    private void openLane(int index, VolumeShape shape) throws IOException {
        DriverQueue queue = device.openQueue(index, QUEUE_SIZE, completions::wake);
        int pieces = Math.min(shape.segMax(), queue.room() - 2);
        long transfer = Math.min(options.maxTransfer(), shape.sizeMax() * Math.max(0, pieces));
        transfer -= transfer % RemoteVolume.SECTOR;
        if (transfer == 0) {
            throw new IOException("volume " + name + ": no request of one sector fits, with size_max=" + shape.sizeMax()
                    + ", seg_max=" + shape.segMax() + " and a queue of " + queue.size());
        }
        int descriptors = (int) ((transfer + shape.sizeMax() - 1) / shape.sizeMax()) + 2;
        int requests = Math.clamp(queue.size() / descriptors, 1, options.requests());
        RequestMemory memory = RequestMemory.allocate(device, requests, (int) transfer);
        maxTransfer = Math.min(maxTransfer, memory.maxTransfer);
        Lane lane = new Lane(name, options, memory, shape.sizeMax(), counters, completions, onBroken);
        lane.queue(queue);
        lanes.add(lane);
    }
}
