// SPDX-License-Identifier: Apache-2.0
package vireo.device.entropy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import vireo.device.DeviceContext;
import vireo.device.DeviceModel;
import vireo.device.DeviceSession;
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;
import vireo.observe.CounterSet;

/**
 * A virtio entropy device (type 4). It has no state of its own, so one device may be in many slots at once. Needs
 * nothing of OSGi: whoever makes one gives it to a transport and closes it afterwards.
 */
public final class EntropyDevice implements VirtioDevice, AutoCloseable {

    /** Indices of the counters. */
    static final int REQUESTS = 0;
    static final int BYTES = 1;
    static final int MALFORMED = 2;
    static final int FAILED = 3;

    private static final long CLOSE_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final String name;
    private final RandomSource source;
    private final DeviceModel model;
    private final CounterSet counters;
    private final Set<EntropySession> sessions = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    EntropyDevice(String name, int queueSize, RandomSource source) {
        this.name = name;
        this.source = source;
        this.model = new DeviceModel(EntropyLayout.DEVICE_ID, DeviceModel.VENDOR_VIREO, FeatureSet.NONE, new byte[0],
                List.of(queueSize), true);
        this.counters = new CounterSet("entropy", Map.of("device", name), "requests", "bytes", "malformed", "failed");
    }

    /**
     * Opens a source and makes a device of it.
     *
     * @param name name of the device, for display
     * @param queueSize largest size of the queue, a power of two, 1 to 32768
     * @param source path of a file or device with random bytes, or blank for the system's generator
     * @return the device, which keeps the source open until it is closed
     * @throws IOException if the source cannot be read; the message names it and says what to do
     * @throws IllegalArgumentException if the queue size is out of range
     */
    public static EntropyDevice open(String name, int queueSize, String source) throws IOException {
        RandomSource opened = RandomSource.open(source);
        try {
            return new EntropyDevice(name, queueSize, opened);
        } catch (RuntimeException refused) {
            opened.close();
            throw refused;
        }
    }

    /**
     * Returns what the device counts.
     *
     * @return the counters, the same set every time
     */
    public CounterSet counters() {
        return counters;
    }

    @Override
    public DeviceModel model() {
        return model;
    }

    @Override
    public DeviceSession activate(DeviceContext context) throws IOException {
        EntropySession session = new EntropySession(this, source, counters, context);
        sessions.add(session);
        if (closed) {
            sessions.remove(session);
            throw new IOException("entropy device " + name + " is closed");
        }
        return session;
    }

    void closed(EntropySession session) {
        sessions.remove(session);
    }

    /** Lets go of the source; requests in progress end first, later ones stay with their slot. Idempotent. */
    @Override
    public void close() {
        closed = true;
        sessions.forEach(session -> session.quiesce(System.nanoTime() + CLOSE_NANOS));
        source.close();
    }

    @Override
    public String toString() {
        return name;
    }
}
