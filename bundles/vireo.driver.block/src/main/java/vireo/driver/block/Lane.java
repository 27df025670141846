// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import vireo.api.block.BlockCompletion;
import vireo.device.QueueBrokenException;
import vireo.driver.DriverQueue;
import vireo.driver.UsedHandler;

/**
 * One queue of a volume and the requests in flight on it.
 *
 * <p>The lane's monitor guards the queue, which is for one thread at a time. Used buffers are collected by whoever has
 * reason to: a blocking caller that looks for its own for a moment, else the completion thread. These are the lane's
 * <em>watchers</em>. The invariant that keeps a wake-up from being lost: with requests in flight there is a watcher, or
 * the queue was asked to tell (armed) after it was last looked at.
 */
final class Lane {

    private static final int BATCH = 32;
    private static final int ARM_TRIES = 4;

    private final String volume;
    private final VolumeOptions options;
    private final RequestMemory memory;
    private final long sizeMax;
    private final VolumeCounters counters;
    private final CompletionThread completions;
    private final Consumer<IOException> onBroken;
    private final RequestPool pool;
    private final Delivery delivery;
    private final UsedHandler used = this::used;

    private DriverQueue queue;
    private Request[] sent = {};
    private volatile int inFlight;
    private volatile int asyncInFlight;
    private int watchers;
    private boolean spinner;
    private boolean armed;
    private boolean kickLater;
    private volatile Throwable failed;
    private IOException broken;

    Lane(String volume, VolumeOptions options, RequestMemory memory, long sizeMax, VolumeCounters counters,
            CompletionThread completions, Consumer<IOException> onBroken) {
        this.volume = volume;
        this.options = options;
        this.memory = memory;
        this.sizeMax = sizeMax;
        this.counters = counters;
        this.completions = completions;
        this.onBroken = onBroken;
        this.pool = new RequestPool(volume, options.timeoutNanos(), memory);
        this.delivery = new Delivery(volume, pool, counters, completions);
    }

    /** Gives the lane its queue, whose waker wakes the completion thread. */
    synchronized void queue(DriverQueue opened) {
        queue = opened;
        sent = new Request[opened.size()];
    }

    int inFlight() {
        return inFlight;
    }

    int asyncInFlight() {
        return asyncInFlight;
    }

    /** Takes a request without waiting; null if there is none now. */
    Request tryBegin() {
        Request given = completions.isCurrent() ? delivery.takeGift() : null;
        return given != null ? given : pool.tryTake();
    }

    /** Takes a request, waiting for one to come free. */
    Request begin(int type, long position, long length) throws IOException {
        Request request = tryBegin();
        if (request == null && completions.isCurrent()) {
            throw Request.failure(volume, type, position, length, "all " + memory.requests + " requests of the queue "
                    + "are in flight; a completion may start one request, not more", null);
        }
        return request != null ? request : pool.take(type, position, length);
    }

    /** Gives back a request that is the caller's and not in flight. */
    void release(Request request) {
        pool.give(request);
    }

    /**
     * Sends a prepared request whose result the calling thread takes with {@link #await} or drops.
     *
     * @param last true if it will do so at once, so that the queue need not be armed meanwhile
     * @throws IOException if it could not be sent; it is not the caller's any more
     */
    void send(Request request, boolean last) throws IOException {
        request.waiter = Thread.currentThread();
        submit(request, last && options.pollNanos() > 0);
    }

    /**
     * Sends a prepared request whose result goes to a completion, with the bytes read copied out before that.
     *
     * @throws IOException if it could not be sent; it is not the caller's any more
     */
    void sendAsync(Request request, MemorySegment target, long at, long cookie, BlockCompletion completion)
            throws IOException {
        request.completion = completion;
        request.cookie = cookie;
        request.target = target;
        request.targetAt = at;
        submit(request, false);
    }

    /** Completes a request that needs no device, in the order and on the thread of all others. */
    synchronized void finishAsync(Request request, long cookie, BlockCompletion completion) throws IOException {
        if (failed != null) {
            IOException failure = failure(request, failed.getMessage(), failed);
            release(request);
            throw failure;
        }
        request.completeHere(cookie, completion);
        delivery.add(request);
        completions.wake();
    }

    IOException failure(Request request, String why, Throwable cause) {
        return request.failure(volume, why, cause);
    }

    private void submit(Request request, boolean spins) throws IOException {
        try {
            transmit(request, spins);
        } catch (IOException refused) {
            release(request);
            throw refused;
        }
        completions.watch();
    }

    private synchronized void transmit(Request request, boolean spins) throws IOException {
        request.sentAt = System.nanoTime();
        try {
            sent[enqueue(request)] = request;
            request.state = Request.SENT;
            count(request, 1);
            if (spins) {
                startSpinning(request);
            }
            if (completions.isCurrent()) {
                kickLater = true;
            } else {
                queue.kick();
            }
            settle();
        } catch (RuntimeException | InternalError gone) {
            breakDown(gone);
            if (request.state == Request.OWNED) {
                throw request.failure(volume, failed.getMessage(), failed);
            }
        }
    }

    private int enqueue(Request request) throws IOException {
        while (failed == null) {
            request.addTo(queue, memory.address, sizeMax);
            int id = queue.submit();
            if (id != DriverQueue.FULL) {
                return id;
            }
            boolean waits = inFlight > 0 && !completions.isCurrent();
            if (!waits || !RequestPool.waitFor(this, request.sentAt + options.timeoutNanos())) {
                throw request.failure(volume, "the ring of queue " + queue.index() + " has no room", null);
            }
        }
        throw request.failure(volume, failed.getMessage(), failed);
    }

    private void count(Request request, int change) {
        inFlight += change;
        if (request.completion != null) {
            asyncInFlight += change;
        }
    }

    /** Keeps the invariant: somebody watches, or the queue tells. */
    private void settle() {
        for (int i = 0; i < ARM_TRIES && watchers == 0 && !armed && inFlight > 0 && failed == null; i++) {
            arm();
            if (!armed) {
                collect();
            }
        }
        if (watchers == 0 && !armed && inFlight > 0 && failed == null) {
            completions.wake();
        }
    }

    // Memory that the peer took away shows as InternalError: this queue is broken then, and nothing else.
    private void arm() {
        try {
            armed = queue.arm();
        } catch (RuntimeException | InternalError gone) {
            breakDown(gone);
        }
    }

    /** Takes used buffers from the queue; returns how many. */
    synchronized int collect() {
        if (failed != null || inFlight == 0) {
            return 0;
        }
        armed = false;
        try {
            return queue.poll(used, BATCH);
        } catch (RuntimeException | InternalError gone) {
            breakDown(gone);
            return 0;
        }
    }

    private void used(int id, long written) {
        Request request = id >= 0 && id < sent.length ? sent[id] : null;
        if (request == null) {
            throw new QueueBrokenException("queue " + queue.index() + " gave back id " + id
                    + ", which is not in flight");
        }
        sent[id] = null;
        request.written = written;
        finish(request);
    }

    private void finish(Request request) {
        count(request, -1);
        if (request.abandoned) {
            pool.give(request);
        } else if (request.completion != null) {
            request.state = Request.DONE;
            delivery.add(request);
            completions.wake();
        } else {
            // Once the state is seen the request may be somebody else's.
            Thread waiter = request.waiter;
            request.state = Request.DONE;
            if (waiter != Thread.currentThread()) {
                LockSupport.unpark(waiter);
            }
        }
        // Room in the ring, for callers that found it full.
        notifyAll();
    }

    /**
     * Waits until a request sent by this thread is done and judges it. On success it still has to be released.
     *
     * @throws IOException if it failed; it is not the caller's any more
     */
    void await(Request request) throws IOException {
        Waiting.await(this, request, options);
        IOException failure = request.outcome(volume, counters);
        if (failure != null) {
            release(request);
            throw failure;
        }
    }

    /** Returns whether the calling thread is to look for its request in the ring. */
    synchronized boolean maySpin(Request request) {
        startSpinning(request);
        return request.spinning;
    }

    /** Makes the request's waiter the lane's spinning caller, of which one is enough. */
    private void startSpinning(Request request) {
        if (!spinner && request.state == Request.SENT) {
            request.spinning = true;
            spinner = true;
            watchers++;
        }
    }

    synchronized void stopSpinning(Request request) {
        if (request.spinning) {
            request.spinning = false;
            spinner = false;
            watchers--;
            settle();
        }
    }

    /** Gives up on a request that the device may still have; false if it is done after all. */
    private synchronized boolean abandon(Request request) {
        stopSpinning(request);
        if (request.state != Request.SENT) {
            return false;
        }
        request.abandoned = true;
        return true;
    }

    /** Gives up on a request whose time is up; null if it is done after all. */
    synchronized IOException giveUp(Request request) {
        if (!abandon(request)) {
            return null;
        }
        counters.late();
        return request.failure(volume, "no answer within " + options.timeoutNanos() / 1_000_000 + " ms", null);
    }

    /** Gives back a request that was sent: one in flight comes free when the device is done with it. */
    void drop(Request request) {
        if (!abandon(request)) {
            release(request);
        }
    }

    /** The completion thread starts to watch. */
    synchronized void enter() {
        watchers++;
    }

    /** The completion thread stops watching. */
    synchronized void leave() {
        watchers--;
        settle();
    }

    /**
     * Collects used buffers and tells asynchronous callers; on the completion thread only. Returns how many of both.
     */
    int deliver() {
        int done = collect() + delivery.deliver();
        IOException report = endRound();
        if (report != null) {
            onBroken.accept(report);
        }
        return done;
    }

    /** Notifies the device once of all that completions started. */
    private synchronized IOException endRound() {
        if (kickLater && failed == null) {
            kickLater = false;
            try {
                queue.kick();
            } catch (RuntimeException | InternalError gone) {
                breakDown(gone);
            }
        }
        IOException report = broken;
        broken = null;
        return report;
    }

    /** Fails asynchronous requests whose time is up; on the completion thread only. */
    void expire() {
        if (asyncInFlight > 0) {
            delivery.expire(this, System.nanoTime() - options.timeoutNanos());
            endRound();
        }
    }

    /** Gives up on an asynchronous request sent before a moment; null if it is not that or is done. */
    synchronized IOException expire(Request request, long latest) {
        boolean late = request.state == Request.SENT && request.completion != null && !request.abandoned
                && request.sentAt - latest < 0;
        return late ? giveUp(request) : null;
    }

    /** The queue cannot be used any more; the volume hears of it from the completion thread, outside the monitor. */
    private void breakDown(Throwable gone) {
        if (failed == null) {
            broken = new IOException("queue " + queue.index() + " is broken: " + gone.getMessage(), gone);
            failAll(broken);
        }
        completions.wake();
    }

    /** Fails every request in flight and every later one. */
    synchronized void fail(Throwable why) {
        if (failed == null) {
            failAll(why);
        }
        completions.wake();
    }

    private void failAll(Throwable why) {
        failed = why;
        pool.fail(why);
        for (int id = 0; id < sent.length; id++) {
            Request request = sent[id];
            if (request != null) {
                sent[id] = null;
                request.cause = why;
                finish(request);
            }
        }
        notifyAll();
    }

    /** Lets the memory go as soon as nobody copies from or to it; the device must not have it any more. */
    void retire() {
        pool.retire();
    }

    @Override
    public String toString() {
        return "volume " + volume;
    }
}
