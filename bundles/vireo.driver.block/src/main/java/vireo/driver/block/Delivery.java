// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static vireo.wire.block.BlockLayout.TYPE_IN;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import vireo.api.block.BlockCompletion;

/** Asynchronous requests of one lane that are done and whose callers are still to be told, by the completion thread. */
final class Delivery {

    private static final int BATCH = 32;

    private final String volume;
    private final RequestPool pool;
    private final VolumeCounters counters;
    private final CompletionThread completions;
    private final Request[] ready;
    private final Request[] batch = new Request[BATCH];
    private int count;
    /** The request whose completion runs; that completion may start the next one with it. Completion thread only. */
    private Request gift;

    Delivery(String volume, RequestPool pool, VolumeCounters counters, CompletionThread completions) {
        this.volume = volume;
        this.pool = pool;
        this.counters = counters;
        this.completions = completions;
        this.ready = new Request[pool.all().length];
    }

    synchronized void add(Request request) {
        ready[count++] = request;
    }

    /** Tells the callers of some requests; returns how many. */
    int deliver() {
        int taken = fillBatch();
        for (int i = 0; i < taken; i++) {
            Request request = batch[i];
            batch[i] = null;
            tell(request);
        }
        return taken;
    }

    private synchronized int fillBatch() {
        int taken = Math.min(count, BATCH);
        System.arraycopy(ready, 0, batch, 0, taken);
        count -= taken;
        System.arraycopy(ready, taken, ready, 0, count);
        return taken;
    }

    private void tell(Request request) {
        BlockCompletion completion = request.completion;
        long cookie = request.cookie;
        IOException failure = request.outcome(volume, counters);
        if (failure == null && request.type == TYPE_IN) {
            failure = copyOut(request);
        }
        gift = request;
        completions.tell(completion, cookie, failure);
        Request left = takeGift();
        if (left != null) {
            pool.give(left);
        }
    }

    private IOException copyOut(Request request) {
        try {
            MemorySegment.copy(request.memory, request.data, request.target, request.targetAt, request.length);
            return null;
        } catch (RuntimeException unusable) {
            return request.failure(volume, "the target cannot be written: " + unusable.getMessage(), unusable);
        }
    }

    /** Tells the callers of requests that were sent before a moment and are with the device still. */
    void expire(Lane lane, long latest) {
        for (Request request : pool.all()) {
            BlockCompletion completion;
            long cookie;
            IOException failure;
            synchronized (lane) {
                completion = request.completion;
                cookie = request.cookie;
                failure = lane.expire(request, latest);
            }
            if (failure != null) {
                completions.tell(completion, cookie, failure);
            }
        }
    }

    /** Returns the request of the completion that runs, once, or null; completion thread only. */
    Request takeGift() {
        Request given = gift;
        gift = null;
        if (given != null) {
            given.clear();
            given.state = Request.OWNED;
        }
        return given;
    }
}
