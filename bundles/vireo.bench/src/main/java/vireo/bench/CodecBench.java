// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import vireo.bus.WireProfile;
import vireo.codec.Reason;
import vireo.codec.Validator;
import vireo.codec.queue.SetVqueueRequest;

/** SET_VQUEUE, 64 messages a round: the same work as codec.c. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecBench {

    private static final int MESSAGES = 64;
    private static final int SLOT = 64;

    private final MemorySegment buffer = Arena.global().allocate(MESSAGES * SLOT, SLOT);
    private final Validator validator = new Validator(WireProfile.RFC3, 264);
    private final SetVqueueRequest writer = SetVqueueRequest.of(WireProfile.RFC3);
    private final SetVqueueRequest reader = SetVqueueRequest.of(WireProfile.RFC3);
    private int round;

    /** Fills the buffer, so that decoding has something to read. */
    @Setup
    public void fill() {
        encodeAll(1);
    }

    /** Encodes. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public void encode() {
        encodeAll(round++);
    }

    /**
     * Validates and decodes.
     *
     * @return a sum of all fields
     */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long decode() {
        return decodeAll();
    }

    /**
     * Encodes, validates and decodes.
     *
     * @return a sum of all fields
     */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public long both() {
        encodeAll(round++);
        return decodeAll();
    }

    private void encodeAll(int n) {
        for (int i = 0; i < MESSAGES; i++) {
            writer.create(buffer, (long) i * SLOT, n + i & 0xffff, i + 1, i, 256, 0x10000L + n, 0x20000L + n, 0x30000L + n);
        }
    }

    private long decodeAll() {
        long sum = 0;
        for (int i = 0; i < MESSAGES; i++) {
            long at = (long) i * SLOT;
            if (validator.check(buffer, at, SLOT) != Reason.OK) {
                throw new IllegalStateException("message " + i + " is refused");
            }
            reader.wrap(buffer, at);
            sum += reader.deviceNumber() + reader.token() + reader.index() + reader.size() + reader.descriptors()
                    + reader.driver() + reader.device();
        }
        return sum;
    }
}
