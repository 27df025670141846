// SPDX-License-Identifier: Apache-2.0
package vireo.stress;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryRegion;

/** Driver memory for one state of a test: a piece of one large region, since states are made by the thousand. */
final class Place {

    private static final long SIZE = 4096;
    private static final long COUNT = 32768;
    private static final long BASE = 0x4000_0000L;
    private static final MemorySegment ALL = Arena.global().allocate(SIZE * COUNT, 4096);
    private static final AtomicLong NEXT = new AtomicLong();

    static final GuestMemory MEMORY = GuestMemory.mapped();

    static {
        MEMORY.publish(List.of(new MemoryRegion(BASE, ALL)), () -> { });
    }

    final long address;
    final MemorySegment segment;

    Place() {
        long offset = NEXT.getAndIncrement() % COUNT * SIZE;
        address = BASE + offset;
        segment = ALL.asSlice(offset, SIZE).fill((byte) 0);
    }
}
