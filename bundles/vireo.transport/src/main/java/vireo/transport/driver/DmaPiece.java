// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;

import vireo.driver.DmaBuffer;
import vireo.memory.MemoryGeneration;

/** A piece of driver memory with a hold on the generation it lies in. */
final class DmaPiece implements DmaBuffer {
    private final DmaMemory memory;
    private final DmaMemory.Piece piece;
    private final MemoryGeneration generation;
    private final long address;
    private final MemorySegment segment;
    private final AtomicBoolean closed = new AtomicBoolean();

    DmaPiece(DmaMemory memory, DmaMemory.Piece piece, MemoryGeneration generation, long address,
            MemorySegment segment) {
        this.memory = memory;
        this.piece = piece;
        this.generation = generation;
        this.address = address;
        this.segment = segment;
    }

    @Override
    public long address() {
        return address;
    }

    @Override
    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            memory.free(piece);
            generation.release();
        }
    }
}
