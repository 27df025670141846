// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static vireo.wire.block.BlockLayout.TYPE_IN;
import static vireo.wire.block.BlockLayout.TYPE_OUT;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/**
 * Blocking reads and writes of any length. What does not fit one request is cut, and several pieces are in flight at a
 * time, so that the device works on the next ones while this side copies.
 */
final class Transfer {

    private static final int WINDOW = 8;

    private final Lane lane;
    private final int type;
    private final long position;
    private final MemorySegment memory;
    private final int piece;
    private final Request[] window;
    private int head;
    private int count;

    private Transfer(Lane lane, int type, long position, MemorySegment memory, int piece) {
        this.lane = lane;
        this.type = type;
        this.position = position;
        this.memory = memory;
        this.piece = piece;
        this.window = new Request[WINDOW];
    }

    /** Moves all of a segment; one request does without any allocation. */
    static void run(Lane lane, int type, long position, MemorySegment memory, int piece) throws IOException {
        long length = memory.byteSize();
        if (length > piece) {
            new Transfer(lane, type, position, memory, piece).run();
        } else if (length > 0) {
            Request request = lane.begin(type, position, length);
            start(lane, request, type, position, memory, 0, length, true);
            finish(lane, request, memory, 0);
        }
    }

    private void run() throws IOException {
        long size = memory.byteSize();
        long sent = 0;
        long done = 0;
        try {
            while (done < size) {
                while (sent < size && count < window.length) {
                    long length = Math.min(piece, size - sent);
                    // With pieces of its own in flight a caller takes one of those back rather than wait for others'.
                    Request request = count == 0 ? lane.begin(type, position + sent, length) : lane.tryBegin();
                    if (request == null) {
                        break;
                    }
                    start(lane, request, type, position + sent, memory, sent, length, false);
                    window[(head + count++) % window.length] = request;
                    sent += length;
                }
                Request oldest = next();
                long length = oldest.length;
                finish(lane, oldest, memory, done);
                done += length;
            }
        } finally {
            while (count > 0) {
                lane.drop(next());
            }
        }
    }

    private Request next() {
        Request oldest = window[head];
        head = (head + 1) % window.length;
        count--;
        return oldest;
    }

    private static void start(Lane lane, Request request, int type, long position, MemorySegment memory, long at,
            long length, boolean last) throws IOException {
        if (type == TYPE_OUT) {
            fill(lane, request, position, memory, at, length);
        } else {
            request.prepare(TYPE_IN, position, length);
        }
        lane.send(request, last);
    }

    /** Prepares a write; the request is given back if its source cannot be read. */
    static void fill(Lane lane, Request request, long position, MemorySegment source, long at, long length)
            throws IOException {
        try {
            request.prepare(TYPE_OUT, position, length);
            MemorySegment.copy(source, at, request.memory, request.data, length);
        } catch (RuntimeException unusable) {
            throw giveUp(lane, request, unusable);
        }
    }

    private static void finish(Lane lane, Request request, MemorySegment memory, long at) throws IOException {
        lane.await(request);
        if (request.type == TYPE_IN) {
            try {
                MemorySegment.copy(request.memory, request.data, memory, at, request.length);
            } catch (RuntimeException unusable) {
                throw giveUp(lane, request, unusable);
            }
        }
        lane.release(request);
    }

    private static IOException giveUp(Lane lane, Request request, RuntimeException unusable) {
        IOException failure = lane.failure(request, "its memory cannot be used: " + unusable.getMessage(), unusable);
        lane.release(request);
        return failure;
    }
}
