// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Put and get of one 48-byte message on one thread: the same work as "ring one" in ring.c. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RingBench {

    private static final int SLOTS = 62;
    private static final int SIZE = 48;

    private final MemorySegment page = Arena.global().allocate(4096, 4096);
    private final MemorySegment message = Arena.global().allocate(SlotRing.SLOT_BYTES, SlotRing.SLOT_BYTES);
    private final MemorySegment copy = Arena.global().allocate(SlotRing.SLOT_BYTES, SlotRing.SLOT_BYTES);
    private final SlotProducer producer = SlotRing.producer(page, 0, SLOTS);
    private final SlotConsumer consumer = SlotRing.consumer(page, 0, SLOTS);
    private int size = SIZE;
    private byte count;

    /**
     * Puts a message and gets it back.
     *
     * @return a byte of what came back
     */
    @Benchmark
    public byte putAndGet() {
        message.set(ValueLayout.JAVA_BYTE, 8, count++);
        if (producer.put(message, 0, size) != SlotRing.DONE || consumer.take(copy, 0) != SlotRing.DONE) {
            throw new IllegalStateException("the ring lost its message");
        }
        return copy.get(ValueLayout.JAVA_BYTE, 8);
    }
}
