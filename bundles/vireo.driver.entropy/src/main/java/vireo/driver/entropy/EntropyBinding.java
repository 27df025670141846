// SPDX-License-Identifier: Apache-2.0
package vireo.driver.entropy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.device.FeatureSet;
import vireo.driver.DmaBuffer;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;

/**
 * Drives one remote entropy device for as long as it is there: claims it, brings it up, publishes a source, and when
 * the device needs a reset withdraws it and begins again with a new one.
 */
final class EntropyBinding implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EntropyBinding.class);

    private static final int QUEUE_SIZE = 2;
    private static final long FIRST_PAUSE_MILLIS = 250;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    /** A device that lived this long is not one that breaks again and again. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final RemoteDevice device;
    private final String name;
    private final long timeoutNanos;
    private final long pollNanos;
    private final Function<RemoteEntropy, Runnable> publisher;
    private final Thread thread;
    private Life life;
    private boolean closed;
    private String lastTrouble = "";

    /**
     * Makes a binding; nothing happens before {@link #start()}.
     *
     * @param publisher makes a source known, and returns what withdraws it
     */
    EntropyBinding(RemoteDevice device, long timeoutNanos, long pollNanos,
            Function<RemoteEntropy, Runnable> publisher) {
        this.device = device;
        this.name = device.busName() + "/" + device.number();
        this.timeoutNanos = timeoutNanos;
        this.pollNanos = pollNanos;
        this.publisher = publisher;
        this.thread = Thread.ofVirtual().name("vireo-driver-entropy-" + name).unstarted(this::run);
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
        for (long left = 1; !closed && left > 0; left = deadline - System.nanoTime()) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(left, TimeUnit.MILLISECONDS.toNanos(1)));
            } catch (InterruptedException ignored) {
                // Ended by stop() alone.
                continue;
            }
        }
    }

    /** Says that the device cannot be driven; the same thing only once. */
    private void complain(Exception trouble) {
        String message = String.valueOf(trouble.getMessage());
        if (!message.equals(lastTrouble)) {
            lastTrouble = message;
            LOG.warn("Entropy device {} cannot be driven, will try again: {}", name, message);
        }
    }

    /** Ends the source's life without waiting for the device; who waits for it hears why. */
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

    /** Withdraws the source, fails who waits for it and resets the device; waits for that, but not for ever. */
    @Override
    public void close() {
        stop("the device was withdrawn from its bus");
        try {
            if (Thread.currentThread() != thread && thread.getState() != Thread.State.NEW
                    && !thread.join(Duration.ofNanos(timeoutNanos))) {
                LOG.warn("Entropy device {} is still being reset after {} ms", name, timeoutNanos / 1_000_000);
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    /** One life of the device, from claim to reset or loss. */
    private final class Life implements RemoteDeviceListener {

        private RemoteEntropy source;
        private IOException cause;
        private boolean over;

        /** Lives to the end; returns whether there was a source. */
        boolean live() {
            try {
                RemoteDevice.Claim claim = device.claim("vireo.driver.entropy", this);
                try {
                    open();
                    publish();
                    return true;
                } finally {
                    finish(claim);
                }
            } catch (IOException | RuntimeException trouble) {
                if (!isOver()) {
                    complain(trouble);
                }
                return false;
            }
        }

        private void open() throws IOException {
            device.negotiate(FeatureSet.NONE);
            DmaBuffer buffer = device.allocate(RemoteEntropy.BUFFER, RemoteEntropy.BUFFER);
            RemoteEntropy opened = new RemoteEntropy(name, buffer, timeoutNanos, pollNanos, this::needsReset);
            synchronized (this) {
                source = opened;
            }
            opened.queue(device.openQueue(0, QUEUE_SIZE, opened::wake));
            device.ready();
        }

        private void publish() {
            Runnable withdraw = publisher.apply(source);
            lastTrouble = "";
            LOG.info("Entropy source {} is there", name);
            try {
                awaitEnd();
            } finally {
                withdraw.run();
            }
            LOG.info("Entropy source {} is gone: {}", name, cause().getMessage());
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
            return cause == null ? new IOException("the device could not be brought up") : cause;
        }

        /** In this order: no request starts, nobody uses the queue, the device is reset, the memory goes. */
        private void finish(RemoteDevice.Claim claim) {
            RemoteEntropy ended;
            synchronized (this) {
                ended = source;
            }
            if (ended != null) {
                ended.fail(cause());
                ended.settle();
            }
            claim.close();
            if (ended != null) {
                ended.retire();
            }
        }

        synchronized boolean isOver() {
            return over;
        }

        void end(IOException why, boolean forGood) {
            RemoteEntropy ended;
            synchronized (this) {
                over |= forGood;
                if (cause == null) {
                    cause = why;
                }
                ended = source;
                notifyAll();
            }
            if (ended != null) {
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
    }
}
