// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;

/**
 * Drives one remote device for as long as it is there: claims it, opens a volume, publishes it, and when the device
 * needs a reset withdraws it and begins again with a new volume. A volume never comes back to life, so whoever holds
 * one learns from its failure and finds the next one in the registry.
 */
final class VolumeBinding implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(VolumeBinding.class);

    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    /** A device that lived this long is not one that breaks again and again. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RemoteDevice device;
    private final VolumeOptions options;
    private final Function<RemoteVolume, Runnable> publisher;
    private final String name;
    private final Thread thread;
    private Life life;
    private boolean closed;
    private String lastTrouble = "";

    /**
     * Makes a binding; nothing happens before {@link #start()}.
     *
     * @param publisher makes a volume known, and returns what withdraws it
     */
    VolumeBinding(RemoteDevice device, VolumeOptions options, Function<RemoteVolume, Runnable> publisher) {
        this.device = device;
        this.options = options;
        this.publisher = publisher;
        this.name = device.busName() + "/" + device.number();
        this.thread = Thread.ofVirtual().name("vireo-driver-block-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        long pause = FIRST_PAUSE_MILLIS;
        while (true) {
            Life next = new Life();
            synchronized (this) {
                if (closed) {
                    return;
                }
                life = next;
            }
            long start = System.nanoTime();
            if (next.live() && System.nanoTime() - start > STEADY_NANOS) {
                pause = FIRST_PAUSE_MILLIS;
            }
            if (next.isOver()) {
                return;
            }
            pause(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
        }
    }

    private synchronized void pause(long millis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!closed && RequestPool.waitFor(this, deadline)) {
            // Woken for another reason.
            continue;
        }
    }

    /** Says that the device cannot be driven; the same thing only once. */
    private void complain(Exception trouble) {
        String message = String.valueOf(trouble.getMessage());
        if (!message.equals(lastTrouble)) {
            lastTrouble = message;
            LOG.warn("Block device {} cannot be driven, will try again: {}", name, message);
        }
    }

    /** Ends the volume's life without waiting for the device; who waits for it hears why. */
    void stop(String why) {
        Life last;
        synchronized (this) {
            closed = true;
            last = life;
            notifyAll();
        }
        if (last != null) {
            last.end(new IOException(why), true);
        }
    }

    /** Withdraws the volume, fails what is in flight and resets the device; waits for that, but not for ever. */
    @Override
    public void close() {
        stop("the device was withdrawn from its bus");
        try {
            if (Thread.currentThread() != thread && thread.getState() != Thread.State.NEW
                    && !thread.join(Duration.ofNanos(options.timeoutNanos()))) {
                LOG.warn("Block device {} is still being reset after {} ms", name, options.timeoutNanos() / 1_000_000);
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    /** One life of the device, from claim to reset or loss. */
    private final class Life implements RemoteDeviceListener {

        private RemoteVolume volume;
        private boolean capacityChanged;
        private IOException cause;
        private boolean over;

        /** Lives to the end; returns whether there was a volume. */
        boolean live() {
            try {
                RemoteDevice.Claim claim = device.claim("vireo.driver.block", this);
                RemoteVolume opened = null;
                try {
                    opened = VolumeOpener.open(device, options, broken -> end(broken, false));
                    publish(opened);
                    return true;
                } finally {
                    finish(opened, claim);
                }
            } catch (IOException | RuntimeException trouble) {
                if (!isOver()) {
                    complain(trouble);
                }
                return false;
            }
        }

        /** In this order: no request starts, the device is reset and knows no memory, the memory goes. */
        private void finish(RemoteVolume opened, RemoteDevice.Claim claim) {
            if (opened != null) {
                opened.fail(cause());
            }
            claim.close();
            if (opened != null) {
                opened.retire();
            }
        }

        private void publish(RemoteVolume opened) throws IOException {
            synchronized (this) {
                volume = opened;
            }
            refreshCapacity();
            synchronized (this) {
                if (cause != null) {
                    return;
                }
            }
            Runnable withdraw = publisher.apply(opened);
            lastTrouble = "";
            LOG.info("Volume {}: {} bytes in blocks of {}{}", name, opened.capacity(), opened.blockSize(),
                    opened.readOnly() ? ", read-only" : "");
            try {
                awaitEnd();
            } finally {
                withdraw.run();
            }
            LOG.info("Volume {} is gone: {}", name, cause().getMessage());
        }

        private synchronized void awaitEnd() {
            while (cause == null) {
                try {
                    wait();
                } catch (InterruptedException ignored) {
                    // Ended by end() alone.
                    continue;
                }
            }
        }

        private synchronized IOException cause() {
            return cause == null ? new IOException("the volume could not be published") : cause;
        }

        synchronized boolean isOver() {
            return over;
        }

        /** Fails what is in flight at once; the rest happens on the binding's thread. */
        void end(IOException why, boolean forGood) {
            RemoteVolume ended;
            synchronized (this) {
                over |= forGood;
                if (cause == null) {
                    cause = why;
                }
                ended = volume;
                notifyAll();
            }
            // A volume that is withdrawn on purpose is withdrawn first, one that is lost fails its callers first.
            if (ended != null && !(forGood && closedByOwner())) {
                ended.fail(why);
            }
        }

        @Override
        public void needsReset() {
            end(new IOException("the device needs a reset"), false);
        }

        @Override
        public void lost(RequestException why) {
            end(new IOException("the device is gone: " + why.getMessage(), why), true);
        }

        @Override
        public void configChanged(int generation) {
            synchronized (this) {
                capacityChanged = true;
                if (volume == null) {
                    return;
                }
            }
            try {
                refreshCapacity();
            } catch (IOException trouble) {
                LOG.warn("Volume {}: its new capacity cannot be read: {}", name, trouble.getMessage());
            }
        }

        private void refreshCapacity() throws IOException {
            RemoteVolume of;
            synchronized (this) {
                of = volume;
                if (!capacityChanged) {
                    return;
                }
                capacityChanged = false;
            }
            long before = of.capacity();
            long now = VolumeShape.readCapacity(device);
            of.capacity(now);
            if (now != before) {
                LOG.info("Volume {}: {} bytes now, {} before", name, now, before);
            }
        }
    }

    private synchronized boolean closedByOwner() {
        return closed;
    }
}
