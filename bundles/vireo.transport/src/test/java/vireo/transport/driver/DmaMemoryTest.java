// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.BitSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryGeneration;
import vireo.memory.MemoryRegion;
import vireo.memory.RemoteMemory;

class DmaMemoryTest {
    private final DmaUser user = new DmaUser(1);

    private static GuestMemory memory(long... addressesAndSizes) {
        GuestMemory memory = GuestMemory.mapped();
        publish(memory, addressesAndSizes);
        return memory;
    }

    private static void publish(GuestMemory memory, long... addressesAndSizes) {
        List<MemoryRegion> regions = new ArrayList<>();
        for (int i = 0; i < addressesAndSizes.length; i += 2) {
            regions.add(new MemoryRegion(addressesAndSizes[i],
                    Arena.ofAuto().allocate(addressesAndSizes[i + 1], 4096)));
        }
        memory.publish(regions, () -> { });
    }

    @Test
    void shouldGiveNothingWhenMemoryIsMissingClosedRemoteOrTooSmall() {
        GuestMemory closed = memory(4096, 4096);
        closed.close();
        assertNull(new DmaMemory(closed).allocate(user, 1, 1));
        assertNull(new DmaMemory(GuestMemory.mapped()).allocate(user, 1, 1));
        assertNull(new DmaMemory(GuestMemory.remote(new NoMemory())).allocate(user, 1, 1));
        DmaMemory small = new DmaMemory(memory(4096, 4096));
        assertNull(small.allocate(user, 4097, 1));
        assertNull(small.allocate(user, Long.MAX_VALUE, 1));
        assertNull(small.allocate(user, 1, 1L << 40));
        assertNull(small.allocate(user, 1, Long.MIN_VALUE));
    }

    @Test
    void shouldNeverGiveAddressZeroAsItMeansNotSetUp() {
        assertNotEquals(0, new DmaMemory(memory(0, 65536)).allocate(user, 16, 16).address());
    }

    @Test
    void shouldNotReuseWhatHungDeviceMayStillWriteUntilItIsReset() {
        DmaMemory memory = new DmaMemory(memory(0x8000, 4096));
        DmaPiece all = memory.allocate(user, 4096, 1);
        user.exposed();
        user.hung();
        all.close();
        assertNull(memory.allocate(new DmaUser(2), 1, 1));
        memory.release(2);
        assertNull(memory.allocate(user, 1, 1));
        user.reset();
        memory.release(1);
        assertEquals(0x8000, memory.allocate(user, 4096, 1).address());
    }

    @Test
    void shouldNotReuseWhatLostDeviceMayStillWriteUntilItIsKnownToBeAbsent() {
        DmaMemory memory = new DmaMemory(memory(0x8000, 4096));
        DmaPiece early = memory.allocate(user, 2048, 1);
        DmaPiece late = memory.allocate(user, 2048, 1);
        user.exposed();
        user.dead();
        early.close();
        assertNull(memory.allocate(new DmaUser(1), 1, 1));
        BitSet present = new BitSet();
        present.set(user.number());
        memory.releaseAbsent(present);
        assertNull(memory.allocate(new DmaUser(1), 1, 1), "a device that is there has to be reset first");
        memory.releaseAbsent(new BitSet());
        assertEquals(0x8000, memory.allocate(new DmaUser(1), 2048, 1).address());
        assertNull(memory.allocate(new DmaUser(1), 1, 1), "the driver still holds the other piece");
        late.close();
        assertEquals(0x8800, memory.allocate(new DmaUser(1), 2048, 1).address());
    }

    @Test
    void shouldReuseAtOnceWhenDeviceObeys() {
        DmaMemory memory = new DmaMemory(memory(0x8000, 4096));
        user.exposed();
        for (int i = 0; i < 100; i++) {
            DmaPiece piece = memory.allocate(user, 4096, 4096);
            assertEquals(0x8000, piece.address());
            piece.close();
            piece.close();
        }
        assertEquals(0, memory.taken());
    }

    @Test
    void shouldZeroMemoryThatWasUsedBefore() {
        DmaMemory memory = new DmaMemory(memory(0x8000, 4096));
        DmaPiece piece = memory.allocate(user, 4096, 1);
        piece.segment().fill((byte) 7);
        piece.close();
        assertEquals(-1, memory.allocate(user, 100, 1).segment().mismatch(Arena.ofAuto().allocate(100)));
    }

    @Test
    void shouldKeepPiecesApartAndAlignedWhateverTheOrder() {
        Random random = new Random(3);
        GuestMemory guest = memory(0x1000, 65536, 0x8000_0000_0000_0000L, 65536, 0xffff_ffff_ffff_0000L, 65536);
        DmaMemory memory = new DmaMemory(guest);
        List<DmaPiece> pieces = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            if (pieces.isEmpty() || random.nextInt(100) < 60) {
                long alignment = 1L << random.nextInt(10);
                DmaPiece made = memory.allocate(user, 1 + random.nextInt(3000), alignment);
                if (made == null) {
                    pieces.remove(random.nextInt(pieces.size())).close();
                    continue;
                }
                assertEquals(0, made.address() & alignment - 1);
                for (DmaPiece other : pieces) {
                    assertTrue(Long.compareUnsigned(made.address() - other.address(), other.segment().byteSize()) >= 0
                            && Long.compareUnsigned(other.address() - made.address(), made.segment().byteSize()) >= 0);
                }
                pieces.add(made);
            } else {
                pieces.remove(random.nextInt(pieces.size())).close();
            }
        }
        assertTrue(pieces.stream().anyMatch(piece -> piece.address() < 0));
        pieces.forEach(DmaPiece::close);
        assertEquals(0, memory.taken());
    }

    @Test
    void shouldKeepPiecesWhenSameMemoryIsPublishedAgain() {
        GuestMemory guest = memory(0x1000, 8192);
        DmaMemory memory = new DmaMemory(guest);
        MemoryGeneration first = guest.acquire();
        DmaPiece before = memory.allocate(user, 4096, 1);
        publish(guest, 0x1000, 8192);
        DmaPiece after = memory.allocate(user, 4096, 1);
        assertEquals(0x2000, after.address());
        first.release();
        assertEquals(1, first.holders());
        before.close();
        assertEquals(0, first.holders());
        after.close();
    }

    /** Memory that is elsewhere. */
    private static final class NoMemory implements RemoteMemory {
        @Override
        public long maxTransfer() {
            return 4096;
        }

        @Override
        public void read(long address, java.lang.foreign.MemorySegment target, long offset, long length,
                Completion completion) {
            throw new AssertionError();
        }

        @Override
        public void write(long address, java.lang.foreign.MemorySegment source, long offset, long length,
                Completion completion) {
            throw new AssertionError();
        }
    }
}
