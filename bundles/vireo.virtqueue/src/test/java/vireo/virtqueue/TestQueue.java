// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.util.ArrayList;
import java.util.List;
import vireo.device.Chain;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.memory.GuestMemory;
import vireo.virtqueue.mock.MockDriver;
import vireo.virtqueue.mock.RawRing;

/** A mock driver, an engine over its ring, and a record of what the engine told. */
final class TestQueue implements QueueEvents, AutoCloseable {

    static final FeatureSet PLAIN = FeatureSet.of(FeatureSet.VERSION_1);
    static final FeatureSet ALL = FeatureSet.of(FeatureSet.VERSION_1, FeatureSet.INDIRECT_DESC, FeatureSet.EVENT_IDX);
    static final FeatureSet INDIRECT = FeatureSet.of(FeatureSet.VERSION_1, FeatureSet.INDIRECT_DESC);
    static final FeatureSet EVENTS = FeatureSet.of(FeatureSet.VERSION_1, FeatureSet.EVENT_IDX);

    static final int INDEX = 3;

    final MockDriver driver;
    final RawRing ring;
    final QueueSpec spec;
    volatile QueueEngine engine;

    volatile int notified;
    volatile int dropped;
    volatile int woken;
    volatile int drained;
    final List<String> broken = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();

    TestQueue(int size, FeatureSet features) {
        this(size, features, 1 << 20, 0);
    }

    TestQueue(int size, FeatureSet features, long bytes, int position) {
        driver = new MockDriver(size, features, bytes);
        ring = driver.ring();
        spec = spec(driver, size, features);
        if (position != 0) {
            driver.startAt(position);
        }
        engine = QueueEngines.open(spec, driver.guest(), this, position, position, new int[0], 1);
    }

    static QueueSpec spec(MockDriver driver, int size, FeatureSet features) {
        return new QueueSpec(INDEX, size, driver.descriptorsAddress(), driver.driverAddress(), driver.deviceAddress(),
                features);
    }

    QueueEngine reopen(GuestMemory memory, int position, int used, int... heads) {
        engine.close();
        engine = QueueEngines.open(spec, memory, this, position, used, heads, 2);
        return engine;
    }

    /** Makes a chain of one writable element available. */
    int offerWritable(int length) {
        return driver.writable(driver.allocate(length), length).submit();
    }

    /** Takes a chain that must be there. */
    Chain take() {
        Chain chain = engine.take();
        if (chain == null) {
            throw new AssertionError("no chain");
        }
        return chain;
    }

    /** Takes a chain that must turn out malformed, and gives the reason. */
    String takeBroken() {
        try {
            Chain chain = engine.take();
            throw new AssertionError("not broken: " + (chain == null ? "empty" : "chain of " + chain.readable()));
        } catch (QueueBrokenException expected) {
            return expected.getMessage();
        }
    }

    @Override
    public void notifyDriver(int queue) {
        require(queue);
        notified++;
    }

    @Override
    public void broken(int queue, String reason) {
        require(queue);
        broken.add(reason);
    }

    @Override
    public void dropped(int queue) {
        require(queue);
        dropped++;
    }

    @Override
    public void wake(int queue) {
        require(queue);
        woken++;
    }

    @Override
    public void handlerFailed(int queue, Throwable thrown) {
        require(queue);
        failures.add(thrown);
    }

    @Override
    public void drained(int queue) {
        require(queue);
        drained++;
    }

    private static void require(int queue) {
        if (queue != INDEX) {
            throw new AssertionError("event for queue " + queue);
        }
    }

    @Override
    public void close() {
        engine.close();
        driver.close();
    }
}
