// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import vireo.device.ConfigWrite;
import vireo.device.DeviceContext;
import vireo.device.DeviceModel;
import vireo.device.DeviceSession;
import vireo.device.VirtioDevice;
import vireo.observe.CounterSet;
import vireo.wire.block.BlockFeature;
import vireo.wire.block.BlockLayout;

/**
 * A virtio block device (type 2) over a raw image. Writes go to the page cache and become durable by a flush, or one by
 * one if the driver or the configuration wants that. Needs nothing of OSGi: whoever makes one gives it to a transport
 * and closes it afterwards.
 *
 * <p>Requests are done on the queue's worker. What a predecessor took and did not complete is done again, which does no
 * harm for any request that this device knows.
 */
public final class BlockDevice implements VirtioDevice, AutoCloseable {

    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final BlockOptions options;
    private final BlockStore store;
    private final DeviceModel model;
    private final BlockCounters counters;
    private volatile BlockSession session;
    private volatile boolean closed;

    BlockDevice(BlockOptions options, BlockStore store) {
        this.options = options;
        this.store = store;
        this.model = BlockModel.of(options, store.size());
        this.counters = new BlockCounters(options.name());
    }

    /**
     * Opens and locks an image, and makes a device of it.
     *
     * @param options what to make
     * @return the device, which keeps the image open and locked until it is closed
     * @throws IOException if the image cannot serve; the message names it, what is wrong and what to do
     */
    public static BlockDevice open(BlockOptions options) throws IOException {
        BlockStore store = ImageFile.open(options);
        try {
            return new BlockDevice(options, store);
        } catch (RuntimeException refused) {
            store.close();
            throw refused;
        }
    }

    /**
     * Returns what the device counts.
     *
     * @return the counters, the same set every time
     */
    public CounterSet counters() {
        return counters.set();
    }

    /**
     * Returns the size of the image.
     *
     * @return bytes
     */
    public long capacity() {
        return store.size();
    }

    @Override
    public DeviceModel model() {
        return model;
    }

    @Override
    public DeviceSession activate(DeviceContext context) throws IOException {
        if (closed) {
            throw new IOException("block device " + options.name() + " is closed");
        }
        BlockSession opened = new BlockSession(options, store, counters, context);
        session = opened;
        return opened;
    }

    /** Accepts a change of the cache mode, and of nothing else. */
    @Override
    public boolean writeConfig(ConfigWrite write) {
        byte[] bytes = write.data();
        byte[] config = write.config();
        int mode = -1;
        for (int i = 0; i < bytes.length; i++) {
            int at = write.offset() + i;
            if (at == BlockLayout.CONFIG_WRITEBACK) {
                mode = bytes[i];
            } else if (bytes[i] != config[at]) {
                return false;
            }
        }
        boolean flushable = write.features().has(BlockFeature.FLUSH);
        if (!write.features().has(BlockFeature.CONFIG_WCE) || mode < 0 || mode > (flushable ? 1 : 0)) {
            return false;
        }
        BlockSession now = session;
        if (now != null) {
            now.writeback(mode == 1);
        }
        return true;
    }

    /** Lets go of the image; requests in progress end first, later ones stay with the slot. Idempotent. */
    @Override
    public void close() {
        closed = true;
        BlockSession last = session;
        if (last != null) {
            last.quiesce(System.nanoTime() + CLOSE_NANOS);
        }
        store.close();
    }
}
