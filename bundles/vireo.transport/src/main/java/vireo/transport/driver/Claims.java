// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.driver.RemoteDevice.Claim;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;
import vireo.observe.LogLimit;
import vireo.transport.core.SerialExecutor;

/**
 * Who drives a device, and how he is told what it does: one call at a time, on a thread that may block. However often
 * the device says that its configuration changed, at most one such call waits.
 */
final class Claims {
    private static final Logger LOG = LoggerFactory.getLogger(Claims.class);

    private final String device;
    private final SerialExecutor events;
    private final LogLimit limit = LogLimit.usual();
    private final AtomicReference<Holder> holder = new AtomicReference<>();

    /** Somebody who drives the device. */
    final class Holder implements Claim {
        private final String driver;
        private final RemoteDeviceListener listener;
        private final Runnable release;
        private final AtomicBoolean closed = new AtomicBoolean();
        private final AtomicBoolean configWaits = new AtomicBoolean();
        private final AtomicBoolean resetWaits = new AtomicBoolean();
        private volatile int generation;

        private Holder(String driver, RemoteDeviceListener listener, Runnable release) {
            this.driver = driver;
            this.listener = listener;
            this.release = release;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                try {
                    release.run();
                } finally {
                    holder.compareAndSet(this, null);
                }
            }
        }

        private void configChanged() {
            configWaits.set(false);
            listener.configChanged(generation);
        }
    }

    Claims(String device) {
        this.device = device;
        this.events = new SerialExecutor("vireo-events-" + device);
    }

    /** Takes the claim; {@code release} runs when it is closed, before somebody else can have it. */
    Claim claim(String driver, RemoteDeviceListener listener, Runnable release) {
        Holder made = new Holder(driver, listener, release);
        Holder other = holder.compareAndExchange(null, made);
        if (other != null) {
            throw new IllegalStateException(device + " is driven by " + other.driver + "; stop that first");
        }
        return made;
    }

    /** Who drives the device, or null. */
    String driver() {
        Holder now = holder.get();
        return now == null ? null : now.driver;
    }

    void configChanged(int generation) {
        Holder now = holder.get();
        if (now != null) {
            now.generation = generation;
            if (now.configWaits.compareAndSet(false, true)) {
                events.execute(() -> call(now, listener -> now.configChanged()));
            }
        }
    }

    void needsReset() {
        Holder now = holder.get();
        // A device can say so at any rate, and a listener may take its time: one notice waits, not one for each.
        if (now != null && now.resetWaits.compareAndSet(false, true)) {
            events.execute(() -> {
                now.resetWaits.set(false);
                call(now, RemoteDeviceListener::needsReset);
            });
        }
    }

    /** Tells that the device is gone, after everything else, and goes on with {@code then} when it has been told. */
    void lost(RequestException cause, Runnable then) {
        Holder now = holder.get();
        events.execute(() -> {
            if (now != null) {
                call(now, listener -> listener.lost(cause));
            }
            then.run();
        });
    }

    private void call(Holder who, Consumer<RemoteDeviceListener> what) {
        if (who.closed.get()) {
            return;
        }
        try {
            what.accept(who.listener);
        } catch (RuntimeException | LinkageError failure) {
            long held = limit.permit();
            if (held >= 0) {
                LOG.warn("{}: its driver {} failed to take a notice; {} more were not logged", device, who.driver,
                        held, failure);
            }
        }
    }

    /** Waits until the driver has been told all there was to tell; nothing is told any more. */
    void close() {
        events.close();
    }
}
