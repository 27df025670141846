// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static vireo.wire.block.BlockLayout.TYPE_DISCARD;
import static vireo.wire.block.BlockLayout.TYPE_FLUSH;
import static vireo.wire.block.BlockLayout.TYPE_IN;
import static vireo.wire.block.BlockLayout.TYPE_OUT;
import static vireo.wire.block.BlockLayout.TYPE_WRITE_ZEROES;

import java.util.Map;
import vireo.observe.CounterSet;

/** What a block device counts. */
final class BlockCounters {

    private static final int READS = 0;
    private static final int WRITES = 1;
    private static final int FLUSHES = 2;
    private static final int DISCARDS = 3;
    private static final int ZEROES = 4;
    private static final int READ_BYTES = 5;
    private static final int WRITTEN_BYTES = 6;
    private static final int FIRST_FAILURE = 7;
    private static final int NO_STATUS = 13;

    private final CounterSet set;

    BlockCounters(String device) {
        set = new CounterSet("block", Map.of("device", device), "reads", "writes", "flushes", "discards", "zeroes",
                "read_bytes", "written_bytes", "malformed", "out_of_range", "read_only", "unsupported", "failed",
                "not_repeatable", "no_status");
    }

    CounterSet set() {
        return set;
    }

    void count(Outcome outcome, int type, long bytes) {
        if (outcome != Outcome.OK) {
            set.increment(FIRST_FAILURE + outcome.ordinal() - 1);
            return;
        }
        switch (type) {
            case TYPE_IN -> {
                set.increment(READS);
                set.add(READ_BYTES, bytes);
            }
            case TYPE_OUT -> {
                set.increment(WRITES);
                set.add(WRITTEN_BYTES, bytes);
            }
            case TYPE_FLUSH -> set.increment(FLUSHES);
            case TYPE_DISCARD -> set.increment(DISCARDS);
            case TYPE_WRITE_ZEROES -> set.increment(ZEROES);
            default -> { }
        }
    }

    /** A request in which there is no room for a status. */
    void noStatus() {
        set.increment(NO_STATUS);
    }
}
