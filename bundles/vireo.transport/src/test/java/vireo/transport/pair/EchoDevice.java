// SPDX-License-Identifier: Apache-2.0
package vireo.transport.pair;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

import vireo.device.Chain;
import vireo.device.ConfigWrite;
import vireo.device.DeviceContext;
import vireo.device.DeviceModel;
import vireo.device.DeviceQueue;
import vireo.device.DeviceSession;
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;

/** Gives back what it is given, byte for byte, on every queue. */
final class EchoDevice implements VirtioDevice {
    static final int TYPE = 0x4000;
    volatile DeviceContext context;

    @Override
    public DeviceModel model() {
        byte[] config = new byte[500];
        for (int i = 0; i < config.length; i++) {
            config[i] = (byte) i;
        }
        return new DeviceModel(TYPE, 7, FeatureSet.of(3), config, List.of(64, 16), false);
    }

    @Override
    public boolean writeConfig(ConfigWrite write) {
        return write.offset() >= 100;
    }

    @Override
    public DeviceSession activate(DeviceContext made) {
        context = made;
        return new Session();
    }

    /** One activation. */
    private static final class Session implements DeviceSession {
        @Override
        public void queueStarted(DeviceQueue queue) {
            MemorySegment copy = Arena.ofAuto().allocate(65536);
            queue.handler(chain -> echo(chain, copy));
        }

        private static void echo(Chain chain, MemorySegment copy) {
            long length = Math.min(copy.byteSize(), Math.min(chain.readable(), chain.writable()));
            chain.read(0, copy, 0, length);
            chain.write(0, copy, 0, length);
            chain.complete(length);
        }

        @Override
        public void queueStopping(DeviceQueue queue) {
            // Nothing is kept beyond the handler's call.
        }

        @Override
        public boolean quiesce(long deadlineNanos) {
            return true;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
