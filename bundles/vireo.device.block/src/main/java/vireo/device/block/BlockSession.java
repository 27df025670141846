// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.device.DeviceContext;
import vireo.device.DeviceModel;
import vireo.device.DeviceQueue;
import vireo.device.DeviceSession;
import vireo.device.FeatureSet;
import vireo.observe.LogLimit;
import vireo.wire.block.BlockFeature;
import vireo.wire.block.BlockLayout;

/** A block device at work for one driver: what was agreed on, the cache mode, and a server for each queue. */
final class BlockSession implements DeviceSession {

    private static final Logger LOG = LoggerFactory.getLogger(BlockSession.class);

    private final String name;
    private final BlockStore store;
    private final BlockCounters counters;
    private final FeatureSet features;
    private final boolean readOnly;
    private final MemorySegment identity = Arena.ofAuto().allocate(BlockLayout.ID_SIZE);
    /** By queue index; one stays after its queue stopped, as its last request may not be through yet. */
    private final AtomicReferenceArray<RequestServer> servers = new AtomicReferenceArray<>(DeviceModel.MAX_QUEUES);
    private final LogLimit limit = LogLimit.usual();
    private volatile boolean writeThrough;

    BlockSession(BlockOptions options, BlockStore store, BlockCounters counters, DeviceContext context) {
        this.name = options.name();
        this.store = store;
        this.counters = counters;
        this.features = context.features();
        this.readOnly = options.readOnly();
        byte[] id = options.id().getBytes(StandardCharsets.US_ASCII);
        MemorySegment.copy(id, 0, identity, JAVA_BYTE, 0, id.length);
        setUpCache(options, context);
    }

    /** Rules DT-BLK-04 and 06: what the driver could agree to decides whether there may be a cache at all. */
    private void setUpCache(BlockOptions options, DeviceContext context) {
        boolean flushable = features.has(BlockFeature.FLUSH);
        if (features.has(BlockFeature.CONFIG_WCE)) {
            boolean writeback = context.config()[BlockLayout.CONFIG_WRITEBACK] != 0;
            if (writeback && !flushable) {
                context.updateConfig(BlockLayout.CONFIG_WRITEBACK, new byte[] {0});
            }
            writeThrough = !writeback || !flushable;
        } else {
            writeThrough = !flushable || !options.writeback();
        }
    }

    /** The driver chose another cache mode; writes that start from now on follow it. */
    void writeback(boolean on) {
        writeThrough = !on;
    }

    boolean has(int feature) {
        return features.has(feature);
    }

    boolean readOnly() {
        return readOnly;
    }

    boolean isWriteThrough() {
        return writeThrough;
    }

    void failed(int type, long sector, Exception failure) {
        long held = limit.permit();
        if (held >= 0) {
            LOG.warn("Block device {}: {} at sector {} failed: {}{}", name, BlockLayout.typeName(type), sector,
                    failure.getMessage(), held == 0 ? "" : " (and " + held + " more)");
        }
    }

    @Override
    public void queueStarted(DeviceQueue queue) {
        RequestServer server = new RequestServer(this, store, counters, identity);
        servers.set(queue.index(), server);
        queue.handler(server);
    }

    @Override
    public void queueStopping(DeviceQueue queue) {
        // Every request is completed before its handler returns, so that there is none to give back.
    }

    @Override
    public boolean quiesce(long deadlineNanos) {
        boolean atRest = true;
        for (int i = 0; i < servers.length(); i++) {
            RequestServer server = servers.get(i);
            atRest &= server == null || server.close(deadlineNanos);
        }
        return atRest;
    }

    @Override
    public void close() {
        // At rest since quiesce; the store is the device's.
    }
}
