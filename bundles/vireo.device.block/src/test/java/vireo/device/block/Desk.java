// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import vireo.device.Chain;
import vireo.device.ChainHandler;
import vireo.device.ConfigWrite;
import vireo.device.DeviceContext;
import vireo.device.DeviceQueue;
import vireo.device.DeviceSession;
import vireo.device.FeatureSet;

/** A device with one queue, served on the test's thread: slot, context and queue in their simplest form. */
final class Desk implements DeviceContext {

    static final BlockOptions OPTIONS = BlockOptions.of("disk0", Path.of("none"));

    final BlockDevice device;
    final List<String> resets = new ArrayList<>();
    ChainHandler handler;
    DeviceSession session;
    private final FeatureSet features;
    private final byte[] config;

    Desk(BlockDevice device, FeatureSet features) {
        this.device = device;
        this.features = features;
        this.config = device.model().config();
    }

    /** A device that agreed to everything it offers. */
    static Desk of(BlockOptions options, BlockStore store) throws IOException {
        BlockDevice device = new BlockDevice(options, store);
        return new Desk(device, device.model().features()).activate();
    }

    static Desk of(BlockOptions options, BlockStore store, int... features) throws IOException {
        return new Desk(new BlockDevice(options, store), FeatureSet.of(features)).activate();
    }

    Desk activate() throws IOException {
        session = device.activate(this);
        session.queueStarted(new Queue());
        return this;
    }

    /** Serves one request and returns its status. */
    int serve(FakeChain chain) {
        handler.handle(chain);
        return chain.written == chain.writable() && chain.completions == 1 ? chain.status() : -1;
    }

    int serve(int type, long sector, byte[] data, int writable) {
        return serve(FakeChain.request(type, sector, data, writable));
    }

    boolean quiesce() {
        return session.quiesce(System.nanoTime() + TimeUnit.SECONDS.toNanos(5));
    }

    /** What SET_CONFIG does. */
    boolean writeConfig(int offset, byte... bytes) {
        boolean accepted = device.writeConfig(new Write(offset, bytes));
        if (accepted) {
            System.arraycopy(bytes, 0, config, offset, bytes.length);
        }
        return accepted;
    }

    @Override
    public String busName() {
        return "test";
    }

    @Override
    public int deviceNumber() {
        return 1;
    }

    @Override
    public FeatureSet features() {
        return features;
    }

    @Override
    public byte[] config() {
        return config.clone();
    }

    @Override
    public void updateConfig(int offset, byte[] bytes) {
        System.arraycopy(bytes, 0, config, offset, bytes.length);
    }

    @Override
    public void needsReset(String reason) {
        resets.add(reason);
    }

    private final class Write implements ConfigWrite {

        private final int offset;
        private final byte[] data;

        Write(int offset, byte[] data) {
            this.offset = offset;
            this.data = data;
        }

        @Override
        public int offset() {
            return offset;
        }

        @Override
        public byte[] data() {
            return data.clone();
        }

        @Override
        public byte[] config() {
            return config.clone();
        }

        @Override
        public FeatureSet features() {
            return features;
        }

        @Override
        public void also(int at, byte[] bytes) {
            throw new UnsupportedOperationException("also");
        }
    }

    private final class Queue implements DeviceQueue {

        @Override
        public int index() {
            return 0;
        }

        @Override
        public int size() {
            return 256;
        }

        @Override
        public void handler(ChainHandler newHandler) {
            handler = newHandler;
        }

        @Override
        public Chain take() {
            return null;
        }

        @Override
        public void wake() {
        }
    }
}
