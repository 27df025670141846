// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Predicate;

import vireo.device.Chain;
import vireo.device.ConfigWrite;
import vireo.device.DeviceContext;
import vireo.device.DeviceModel;
import vireo.device.DeviceQueue;
import vireo.device.DeviceSession;
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;

/** A device that does what a test says, and takes notes of what is asked of it. */
final class FakeDevice implements VirtioDevice {
    static final int TYPE = 2;

    final List<String> notes = new CopyOnWriteArrayList<>();
    /** Chains that were handed out and are kept. */
    final ConcurrentLinkedQueue<Chain> kept = new ConcurrentLinkedQueue<>();
    final ConcurrentLinkedQueue<DeviceContext> contexts = new ConcurrentLinkedQueue<>();
    volatile DeviceModel model;
    volatile DeviceContext context;
    volatile DeviceQueue queue;
    volatile boolean keeps;
    volatile boolean restless;
    volatile CountDownLatch quiesceGate;
    volatile Predicate<ConfigWrite> writes = write -> true;
    volatile Predicate<FeatureSet> accepts = features -> true;
    volatile Function<DeviceContext, RuntimeException> refusesActivation = context -> null;
    volatile Runnable onChain = () -> { };

    FakeDevice() {
        this(new DeviceModel(TYPE, 0x1234, FeatureSet.of(5, 9), new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, List.of(64, 16),
                false));
    }

    FakeDevice(DeviceModel model) {
        this.model = model;
    }

    static DeviceModel model(int type, FeatureSet features, byte[] config, Integer... sizes) {
        return new DeviceModel(type, 0x1234, features, config, List.of(sizes), false);
    }

    @Override
    public DeviceModel model() {
        return model;
    }

    @Override
    public DeviceSession activate(DeviceContext made) {
        notes.add("activate " + made.busName() + " " + made.deviceNumber());
        RuntimeException refusal = refusesActivation.apply(made);
        if (refusal != null) {
            throw refusal;
        }
        context = made;
        contexts.add(made);
        return new Session();
    }

    @Override
    public boolean writeConfig(ConfigWrite write) {
        notes.add("write " + write.offset() + " " + write.data().length);
        return writes.test(write);
    }

    @Override
    public boolean acceptFeatures(FeatureSet selected) {
        return accepts.test(selected);
    }

    /** Completes each chain with as many bytes as it may write, or keeps it. */
    private void handle(Chain chain) {
        onChain.run();
        notes.add("chain" + (chain.redelivered() ? " again" : ""));
        if (keeps) {
            kept.add(chain);
        } else {
            chain.complete(chain.writable());
        }
    }

    /** One activation. */
    private final class Session implements DeviceSession {
        @Override
        public void queueStarted(DeviceQueue started) {
            notes.add("started " + started.index());
            if (started.index() == 0) {
                queue = started;
            }
            started.handler(FakeDevice.this::handle);
        }

        @Override
        public void queueStopping(DeviceQueue stopping) {
            notes.add("stopping " + stopping.index());
        }

        @Override
        public boolean quiesce(long deadlineNanos) {
            notes.add("quiesce");
            CountDownLatch gate = quiesceGate;
            while (gate != null && gate.getCount() > 0) {
                try {
                    gate.await();
                } catch (InterruptedException ignored) {
                    continue;
                }
            }
            return !restless;
        }

        @Override
        public void close() {
            notes.add("close");
        }
    }
}
