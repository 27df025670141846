// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import vireo.device.Chain;
import vireo.device.ChainHandler;
import vireo.device.FeatureSet;
import vireo.driver.DriverQueue;
import vireo.driver.UsedHandler;

/** The data path makes no garbage: not on taking and completing, not on submitting and polling. */
@Timeout(60)
class AllocationTest {

    private static final int WARM_UP = 20_000;
    private static final int ROUNDS = 5_000;
    private static final int BATCHES = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    static Stream<FeatureSet> features() {
        return Stream.of(TestQueue.PLAIN, TestQueue.ALL);
    }

    /** Both sides on this thread; the compiler is done when a batch allocates nothing. */
    @ParameterizedTest
    @MethodSource("features")
    void shouldAllocateNothingInSteadyState(FeatureSet features) {
        try (RingPair pair = new RingPair(64, features, 1 << 16)) {
            Round round = new Round(pair);
            for (int i = 0; i < WARM_UP; i++) {
                round.run();
            }
            assertEquals(0, leastAllocated(round));
            assertTrue(round.bytes > 0);
            assertEquals(0, pair.driver.inFlight());
        }
    }

    @Test
    void shouldSeeAllocationWhenThereIsOne() {
        Object[] sink = new Object[1];
        assertTrue(leastAllocated(() -> sink[0] = new byte[16]) >= 16L * ROUNDS);
    }

    private static long leastAllocated(Runnable round) {
        long least = Long.MAX_VALUE;
        for (int batch = 0; batch < BATCHES; batch++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                round.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    /** Submit a few short chains and a long one, serve them, take one by hand, poll. */
    private static final class Round implements Runnable, ChainHandler, UsedHandler {

        private final RingPair pair;
        private final MemorySegment header = Arena.ofAuto().allocate(16);
        long bytes;

        Round(RingPair pair) {
            this.pair = pair;
            pair.engine.handler(this);
        }

        @Override
        public void run() {
            for (int i = 0; i < 8; i++) {
                submit(i == 7 ? 20 : 1);
            }
            pair.driver.kick();
            pair.engine.serve(6);
            Chain chain = pair.engine.take();
            handle(chain);
            pair.engine.serve(64);
            pair.engine.arm();
            pair.driver.poll(this, 64);
            pair.driver.arm();
        }

        private void submit(int elements) {
            pair.driver.readable(pair.data, 16);
            for (int i = 0; i < elements; i++) {
                pair.driver.writable(pair.data + 4096 + 512L * i, 512);
            }
            pair.driver.writable(pair.data + 64, 1);
            if (pair.driver.submit() == DriverQueue.FULL) {
                throw new AssertionError("full");
            }
        }

        @Override
        public void handle(Chain chain) {
            chain.read(0, header, 0, 16);
            chain.write(chain.writable() - 1, header, 0, 1);
            for (int i = 0; i < chain.readableElements() + chain.writableElements(); i++) {
                bytes += chain.base(i).byteSize() + chain.offset(i) + chain.length(i);
            }
            chain.complete(chain.writable());
        }

        @Override
        public void used(int id, long written) {
            bytes += written;
        }
    }
}
