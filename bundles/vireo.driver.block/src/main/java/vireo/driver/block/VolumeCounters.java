// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static vireo.wire.block.BlockLayout.TYPE_DISCARD;
import static vireo.wire.block.BlockLayout.TYPE_FLUSH;
import static vireo.wire.block.BlockLayout.TYPE_IN;
import static vireo.wire.block.BlockLayout.TYPE_OUT;
import static vireo.wire.block.BlockLayout.TYPE_WRITE_ZEROES;

import java.util.Map;
import vireo.observe.CounterSet;

/** What a volume counts: requests that succeeded, by type, and those that did not. */
final class VolumeCounters {

    private static final int READS = 0;
    private static final int WRITES = 1;
    private static final int FLUSHES = 2;
    private static final int DISCARDS = 3;
    private static final int ZEROES = 4;
    private static final int READ_BYTES = 5;
    private static final int WRITTEN_BYTES = 6;
    private static final int FAILURES = 7;
    private static final int TIMEOUTS = 8;

    private final CounterSet set;

    VolumeCounters(String volume) {
        set = new CounterSet("volume", Map.of("volume", volume), "reads", "writes", "flushes", "discards", "zeroes",
                "read_bytes", "written_bytes", "failures", "timeouts");
    }

    CounterSet set() {
        return set;
    }

    void succeeded(int type, long length) {
        switch (type) {
            case TYPE_IN -> {
                set.increment(READS);
                set.add(READ_BYTES, length);
            }
            case TYPE_OUT -> {
                set.increment(WRITES);
                set.add(WRITTEN_BYTES, length);
            }
            case TYPE_FLUSH -> set.increment(FLUSHES);
            case TYPE_DISCARD -> set.increment(DISCARDS);
            case TYPE_WRITE_ZEROES -> set.increment(ZEROES);
            default -> { }
        }
    }

    void failed() {
        set.increment(FAILURES);
    }

    void late() {
        set.increment(TIMEOUTS);
    }
}
