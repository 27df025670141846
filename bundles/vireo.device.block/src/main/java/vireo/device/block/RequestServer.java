// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static vireo.wire.block.BlockLayout.ID_SIZE;
import static vireo.wire.block.BlockLayout.REQUEST_SECTOR;
import static vireo.wire.block.BlockLayout.REQUEST_SIZE;
import static vireo.wire.block.BlockLayout.REQUEST_TYPE;
import static vireo.wire.block.BlockLayout.SECTOR_SIZE;
import static vireo.wire.block.BlockLayout.SEGMENT_UNMAP;
import static vireo.wire.block.BlockLayout.STATUS_SIZE;
import static vireo.wire.block.BlockLayout.TYPE_DISCARD;
import static vireo.wire.block.BlockLayout.TYPE_FLUSH;
import static vireo.wire.block.BlockLayout.TYPE_GET_ID;
import static vireo.wire.block.BlockLayout.TYPE_GET_LIFETIME;
import static vireo.wire.block.BlockLayout.TYPE_IN;
import static vireo.wire.block.BlockLayout.TYPE_OUT;
import static vireo.wire.block.BlockLayout.TYPE_SECURE_ERASE;
import static vireo.wire.block.BlockLayout.TYPE_WRITE_ZEROES;
import static vireo.wire.block.BlockLayout.TYPE_ZONE_APPEND;
import static vireo.wire.block.BlockLayout.TYPE_ZONE_REPORT;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import vireo.device.Chain;
import vireo.device.ChainHandler;
import vireo.wire.block.BlockFeature;

/**
 * Serves the requests of one queue: copies the header, checks everything, does the work, writes the status. One request
 * costs one request: whatever is wrong with it, the next one is served.
 */
final class RequestServer implements ChainHandler {

    /** Most data of one request (rule VQ-ROB-09), so that no driver keeps a worker that others share for long. */
    static final long LARGEST = 64 << 20;

    private static final ValueLayout.OfInt LE32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final MemorySegment ZEROES = Arena.ofAuto().allocate(1 << 16);

    private final BlockSession session;
    private final BlockStore store;
    private final BlockCounters counters;
    private final Gate gate = new Gate();
    private final BlockData data = new BlockData();
    private final SegmentList segments = new SegmentList();
    private final MemorySegment header = Arena.ofAuto().allocate(REQUEST_SIZE, Long.BYTES);
    private final MemorySegment status = Arena.ofAuto().allocate(STATUS_SIZE);
    private final MemorySegment identity;
    /** How many bytes of the writable part were written. */
    private long written;

    RequestServer(BlockSession session, BlockStore store, BlockCounters counters, MemorySegment identity) {
        this.session = session;
        this.store = store;
        this.counters = counters;
        this.identity = identity;
    }

    /** Brings the queue to rest; chains that come afterwards stay with the slot. */
    boolean close(long deadlineNanos) {
        return gate.close(deadlineNanos);
    }

    @Override
    public void handle(Chain chain) {
        if (!gate.enter()) {
            return;
        }
        try {
            if (chain.writable() < STATUS_SIZE) {
                counters.noStatus();
                chain.complete(0);
            } else {
                serve(chain);
            }
        } finally {
            data.unwrap();
            gate.leave();
        }
    }

    private void serve(Chain chain) {
        int type = -1;
        written = 0;
        Outcome outcome = Outcome.MALFORMED;
        if (chain.readable() >= REQUEST_SIZE) {
            chain.read(0, header, 0, REQUEST_SIZE);
            type = header.get(LE32, REQUEST_TYPE);
            outcome = chain.redelivered() && !isRepeatable(type) ? Outcome.NOT_REPEATABLE
                    : execute(chain, type, header.get(LE64, REQUEST_SECTOR));
        }
        counters.count(outcome, type, data.length());
        long room = chain.writable() - STATUS_SIZE;
        // What was not written is undefined and yet delivered with the status behind it: it must not be somebody's
        // data.
        for (long at = outcome == Outcome.OK ? written : 0; at < room; at += ZEROES.byteSize()) {
            chain.write(at, ZEROES, 0, Math.min(room - at, ZEROES.byteSize()));
        }
        status.set(JAVA_BYTE, 0, (byte) outcome.status());
        chain.write(room, status, 0, STATUS_SIZE);
        chain.complete(chain.writable());
    }

    private Outcome execute(Chain chain, int type, long sector) {
        try {
            return switch (type) {
                case TYPE_IN -> read(chain, sector);
                case TYPE_OUT -> write(chain, sector);
                case TYPE_FLUSH -> flush(chain);
                case TYPE_GET_ID -> identify(chain);
                case TYPE_DISCARD -> discard(chain);
                case TYPE_WRITE_ZEROES -> zero(chain);
                // Lifetime, secure erase and zones are not offered (rules DT-BLK-11 and 13), the rest is not known.
                default -> Outcome.UNSUPPORTED;
            };
        } catch (IOException | IllegalArgumentException failure) {
            session.failed(type, sector, failure);
            return Outcome.FAILED;
        }
    }

    /**
     * Tells whether a request that a predecessor may have done, in part or wholly, can be done again. Its data is still
     * what the driver gave, and until it is completed the driver cannot rely on any order between it and others.
     */
    private static boolean isRepeatable(int type) {
        return switch (type) {
            // Reading changes nothing.
            case TYPE_IN, TYPE_GET_ID, TYPE_GET_LIFETIME, TYPE_ZONE_REPORT -> true;
            // The same bytes go to the same place.
            case TYPE_OUT, TYPE_WRITE_ZEROES -> true;
            // What is durable, gone or erased stays so.
            case TYPE_FLUSH, TYPE_DISCARD, TYPE_SECURE_ERASE -> true;
            // Appending writes somewhere else each time.
            case TYPE_ZONE_APPEND -> false;
            // Answered, not done, so that there is nothing to repeat.
            default -> true;
        };
    }

    private Outcome read(Chain chain, long sector) throws IOException {
        long length = chain.writable() - STATUS_SIZE;
        if (chain.readable() != REQUEST_SIZE || length % SECTOR_SIZE != 0 || length > LARGEST) {
            return Outcome.MALFORMED;
        }
        if (!inRange(sector, length / SECTOR_SIZE)) {
            return Outcome.OUT_OF_RANGE;
        }
        if (length > 0) {
            store.read(sector * SECTOR_SIZE, data.target(chain, length));
        }
        written = length;
        return Outcome.OK;
    }

    private Outcome write(Chain chain, long sector) throws IOException {
        long length = chain.readable() - REQUEST_SIZE;
        if (length % SECTOR_SIZE != 0 || length > LARGEST) {
            return Outcome.MALFORMED;
        }
        // Rule DT-BLK-01.
        if (session.readOnly()) {
            return Outcome.READ_ONLY;
        }
        if (!inRange(sector, length / SECTOR_SIZE)) {
            return Outcome.OUT_OF_RANGE;
        }
        if (length > 0) {
            store.write(sector * SECTOR_SIZE, data.source(chain, REQUEST_SIZE, length));
            makeStable();
        }
        return Outcome.OK;
    }

    /** Rule DT-BLK-04: without a cache to flush, a write is durable before it is completed. */
    private void makeStable() throws IOException {
        if (session.isWriteThrough()) {
            store.flush();
        }
    }

    private Outcome flush(Chain chain) throws IOException {
        if (!session.has(BlockFeature.FLUSH)) {
            return Outcome.UNSUPPORTED;
        }
        if (chain.readable() != REQUEST_SIZE) {
            return Outcome.MALFORMED;
        }
        if (!session.readOnly()) {
            store.flush();
        }
        return Outcome.OK;
    }

    private Outcome identify(Chain chain) {
        if (chain.readable() != REQUEST_SIZE || chain.writable() < ID_SIZE + STATUS_SIZE) {
            return Outcome.MALFORMED;
        }
        chain.write(0, identity, 0, ID_SIZE);
        written = ID_SIZE;
        return Outcome.OK;
    }

    private Outcome discard(Chain chain) throws IOException {
        if (!session.has(BlockFeature.DISCARD)) {
            return Outcome.UNSUPPORTED;
        }
        // Rule DT-BLK-02: no flag is known for discards, unmap included.
        Outcome outcome = segments.read(chain, 0, BlockModel.MAX_DISCARD_SECTORS, store.size() / SECTOR_SIZE);
        for (int i = 0; outcome == Outcome.OK && i < segments.count(); i++) {
            if (segments.length(i) > 0) {
                store.discard(segments.position(i), segments.length(i));
            }
        }
        return outcome;
    }

    private Outcome zero(Chain chain) throws IOException {
        if (!session.has(BlockFeature.WRITE_ZEROES)) {
            return Outcome.UNSUPPORTED;
        }
        Outcome outcome = segments.read(chain, SEGMENT_UNMAP, BlockModel.MAX_ZERO_SECTORS,
                store.size() / SECTOR_SIZE);
        for (int i = 0; outcome == Outcome.OK && i < segments.count(); i++) {
            if (segments.length(i) > 0) {
                store.zero(segments.position(i), segments.length(i), segments.unmap(i));
            }
        }
        if (outcome == Outcome.OK) {
            makeStable();
        }
        return outcome;
    }

    private boolean inRange(long sector, long sectors) {
        long capacity = store.size() / SECTOR_SIZE;
        return sector >= 0 && sector <= capacity && sectors <= capacity - sector;
    }
}
