// SPDX-License-Identifier: Apache-2.0
package vireo.driver.entropy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import vireo.api.entropy.EntropySource;
import vireo.device.QueueBrokenException;
import vireo.driver.DmaBuffer;
import vireo.driver.DriverQueue;
import vireo.observe.CounterSet;

/**
 * A source on a remote entropy device. One buffer goes back and forth; whoever asks has it to himself meanwhile, looks
 * for its return for a moment and then sleeps. One object is good for one life of the device.
 */
final class RemoteEntropy implements EntropySource {

    /** Size of the buffer. */
    static final int BUFFER = 4096;

    private static final int REQUESTS = 0;
    private static final int BYTES = 1;
    private static final int FAILURES = 2;
    /** A device may give less than was asked for, but not nothing for ever (rule DT-RNG-02). */
    private static final int MOST_EMPTY = 3;
    private static final long TICK_NANOS = 200_000_000;

    private final String name;
    private final long timeoutNanos;
    private final long pollNanos;
    private final DmaBuffer buffer;
    private final Runnable onBroken;
    private final CounterSet counters;
    private final ReentrantLock lock = new ReentrantLock(true);
    private DriverQueue queue;
    /** How much the device was asked for, 0 if it does not have the buffer. */
    private int asked;
    private long given = -1;
    private volatile Thread waiter;
    private volatile IOException failed;

    RemoteEntropy(String name, DmaBuffer buffer, long timeoutNanos, long pollNanos, Runnable onBroken) {
        this.name = name;
        this.buffer = buffer;
        this.timeoutNanos = timeoutNanos;
        this.pollNanos = pollNanos;
        this.onBroken = onBroken;
        this.counters = new CounterSet("entropy_source", Map.of("source", name), "requests", "bytes", "failures");
    }

    /** Gives the source its queue, whose waker is {@link #wake()}. */
    void queue(DriverQueue opened) {
        queue = opened;
    }

    @Override
    public String name() {
        return name;
    }

    CounterSet counters() {
        return counters;
    }

    @Override
    public void fill(byte[] target) throws IOException {
        lock.lock();
        try {
            fillLocked(target);
        } catch (IOException failure) {
            counters.increment(FAILURES);
            throw failure;
        } catch (QueueBrokenException | IllegalStateException broken) {
            counters.increment(FAILURES);
            IOException cause = new IOException("its queue is broken: " + broken.getMessage(), broken);
            fail(cause);
            onBroken.run();
            throw failure(cause);
        } finally {
            lock.unlock();
        }
    }

    private void fillLocked(byte[] target) throws IOException {
        int empty = 0;
        for (int done = 0; done < target.length; ) {
            if (asked == 0) {
                ask(Math.min(target.length - done, BUFFER));
            }
            int got = await();
            int used = Math.min(got, target.length - done);
            MemorySegment.copy(buffer.segment(), JAVA_BYTE, 0, target, done, used);
            // What one caller got is nobody else's, also not what was left over of an answer that came late.
            buffer.segment().asSlice(0, got).fill((byte) 0);
            done += used;
            empty = got == 0 ? empty + 1 : 0;
            if (empty == MOST_EMPTY) {
                throw failure(new IOException("the device gave nothing " + MOST_EMPTY + " times"));
            }
        }
    }

    private void ask(int bytes) throws IOException {
        check();
        queue.writable(buffer.address(), bytes);
        if (queue.submit() == DriverQueue.FULL) {
            check();
            throw failure(new IOException("its queue takes no request"));
        }
        asked = bytes;
        given = -1;
        queue.kick();
        counters.increment(REQUESTS);
    }

    /** Waits for the buffer. On a time-out the device keeps it, and what comes then is for the next caller. */
    private int await() throws IOException {
        long start = System.nanoTime();
        boolean interrupted = false;
        waiter = Thread.currentThread();
        try {
            while (!returned()) {
                long waited = System.nanoTime() - start;
                if (waited >= timeoutNanos) {
                    throw failure(new IOException("no answer within " + timeoutNanos / 1_000_000 + " ms"));
                }
                if (waited < pollNanos) {
                    Thread.onSpinWait();
                } else if (queue.arm()) {
                    LockSupport.parkNanos(this, Math.min(timeoutNanos - waited, TICK_NANOS));
                    interrupted |= Thread.interrupted();
                }
            }
        } finally {
            waiter = null;
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        // The device may say that it wrote more than it was asked for; the queue sees to it, and this sees to it again.
        int got = (int) Math.min(given, asked);
        asked = 0;
        counters.add(BYTES, got);
        return got;
    }

    private boolean returned() throws IOException {
        check();
        if (given < 0) {
            queue.poll((id, written) -> given = written, 1);
        }
        return given >= 0;
    }

    private void check() throws IOException {
        IOException cause = failed;
        if (cause != null) {
            throw failure(cause);
        }
    }

    private IOException failure(IOException cause) {
        return new IOException("entropy source " + name + ": " + cause.getMessage(), cause);
    }

    /** The device may have given the buffer back; never waits. */
    void wake() {
        LockSupport.unpark(waiter);
    }

    /** Fails the request in progress and every later one; never waits. */
    void fail(IOException cause) {
        if (failed == null) {
            failed = cause;
        }
        wake();
    }

    /** Returns when nobody uses the queue any more; after {@link #fail}. */
    void settle() {
        lock.lock();
        lock.unlock();
    }

    /** Gives the buffer back; the device must not have it any more. */
    void retire() {
        buffer.close();
    }
}
