// SPDX-License-Identifier: Apache-2.0
package vireo.device.entropy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import vireo.device.Chain;
import vireo.device.DeviceContext;
import vireo.device.DeviceQueue;
import vireo.device.DeviceSession;
import vireo.observe.CounterSet;

/**
 * An entropy device at work for one driver. A request is filled from the start with as much as one request gets; asking
 * again gives more. A request taken by a predecessor is simply filled: other random bytes are as good.
 */
final class EntropySession implements DeviceSession {

    /** Most bytes that one request gets, so that one driver cannot keep a worker for itself. */
    static final int LARGEST = 64 << 10;

    private static final int PIECE = 4096;

    private final EntropyDevice device;
    private final RandomSource source;
    private final CounterSet counters;
    private final DeviceContext context;
    private final byte[] bytes = new byte[PIECE];
    private final MemorySegment segment = MemorySegment.ofArray(bytes);
    /** Held while a request is filled. There is one queue, so that nobody waits for it but who brings it to rest. */
    private final ReentrantLock filling = new ReentrantLock();
    private boolean atRest;

    EntropySession(EntropyDevice device, RandomSource source, CounterSet counters, DeviceContext context) {
        this.device = device;
        this.source = source;
        this.counters = counters;
        this.context = context;
    }

    @Override
    public void queueStarted(DeviceQueue queue) {
        if (queue.index() == EntropyLayout.REQUEST_QUEUE) {
            queue.handler(this::handle);
        }
    }

    @Override
    public void queueStopping(DeviceQueue queue) {
        // Every request is completed before its handler returns, so that there is none to give back.
    }

    private void handle(Chain chain) {
        filling.lock();
        try {
            if (!atRest) {
                serve(chain);
            }
        } catch (IOException empty) {
            // Rule DT-RNG-02 asks for at least one byte, and there is none: the request stays with the slot.
            counters.increment(EntropyDevice.FAILED);
            atRest = true;
            context.needsReset("entropy device " + device + " cannot go on: " + empty.getMessage());
        } finally {
            filling.unlock();
        }
    }

    private void serve(Chain chain) throws IOException {
        // Rule DT-RNG-01: a driver gives buffers to be written, and nothing to be read.
        if (chain.readable() > 0 || chain.writable() == 0) {
            counters.increment(EntropyDevice.MALFORMED);
            chain.complete(0);
            return;
        }
        int wanted = (int) Math.min(chain.writable(), LARGEST);
        int done = 0;
        try {
            while (done < wanted) {
                int piece = Math.min(wanted - done, PIECE);
                source.fill(bytes, piece);
                chain.write(done, segment, 0, piece);
                done += piece;
            }
        } catch (IOException empty) {
            if (done == 0) {
                throw empty;
            }
        } finally {
            // What one driver got stays with it.
            Arrays.fill(bytes, (byte) 0);
        }
        counters.increment(EntropyDevice.REQUESTS);
        counters.add(EntropyDevice.BYTES, done);
        chain.complete(done);
    }

    @Override
    public boolean quiesce(long deadlineNanos) {
        try {
            if (!filling.tryLock(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                return false;
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
            return false;
        }
        atRest = true;
        filling.unlock();
        return true;
    }

    @Override
    public void close() {
        device.closed(this);
    }
}
