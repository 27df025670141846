// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.Chain;

/** Copying in and out of chains. */
@Timeout(20)
class ChainTest {

    private final TestQueue queue = new TestQueue(64, TestQueue.ALL);

    @AfterEach
    void close() {
        queue.close();
    }

    private Chain chain(int[] readable, int[] writable) {
        for (int length : readable) {
            queue.driver.readable(queue.driver.allocate(length), length);
        }
        for (int length : writable) {
            queue.driver.writable(queue.driver.allocate(length), length);
        }
        queue.driver.submit();
        return queue.take();
    }

    @Test
    void shouldRefuseWhenRangeLeavesPartOrBuffer() {
        Chain chain = chain(new int[] {8, 8}, new int[] {4});
        MemorySegment buffer = MemorySegment.ofArray(new byte[32]);
        for (long[] bad : new long[][] {{0, 0, 17}, {16, 0, 1}, {-1, 0, 1}, {0, 31, 2}, {0, -1, 1}, {0, 0, -1},
            {Long.MAX_VALUE, 0, 1}, {1, 0, Long.MAX_VALUE}}) {
            assertThrows(IndexOutOfBoundsException.class, () -> chain.read(bad[0], buffer, bad[1], bad[2]));
        }
        assertThrows(IndexOutOfBoundsException.class, () -> chain.write(0, buffer, 0, 5));
        assertThrows(IndexOutOfBoundsException.class, () -> chain.write(4, buffer, 0, 1));
        assertThrows(IndexOutOfBoundsException.class, () -> chain.base(3));
        assertThrows(IndexOutOfBoundsException.class, () -> chain.offset(-1));
        assertThrows(IndexOutOfBoundsException.class, () -> chain.length(3));
        chain.read(16, buffer, 32, 0);
        chain.write(4, buffer, 0, 0);
    }

    @Test
    void shouldRefuseWhenThereIsNoPart() {
        Chain chain = chain(new int[] {}, new int[] {4});
        MemorySegment buffer = MemorySegment.ofArray(new byte[4]);
        assertThrows(IndexOutOfBoundsException.class, () -> chain.read(0, buffer, 0, 1));
        chain.read(0, buffer, 0, 0);
        chain.write(0, buffer, 0, 4);
    }

    @Test
    void shouldGiveElementsAsMemory() {
        Chain chain = chain(new int[] {16}, new int[] {5, 7});
        assertEquals(1, chain.readableElements());
        assertEquals(2, chain.writableElements());
        assertEquals(7, chain.length(2));
        chain.base(2).set(ValueLayout.JAVA_BYTE, chain.offset(2), (byte) 9);
        byte[] written = new byte[1];
        MemorySegment.copy(queue.driver.memory(), chain.offset(2), MemorySegment.ofArray(written), 0, 1);
        assertEquals(9, written[0]);
    }

    @Test
    void shouldCopyLikeOnePieceWhereverElementsAreCut() {
        Random random = new Random(7);
        for (int round = 0; round < 50; round++) {
            int[] readable = random.ints(1 + random.nextInt(12), 1, 40).toArray();
            int[] writable = random.ints(1 + random.nextInt(12), 1, 40).toArray();
            Chain chain = chain(readable, writable);
            byte[] in = new byte[(int) chain.readable()];
            byte[] out = new byte[(int) chain.writable()];
            random.nextBytes(in);
            spread(chain, in);
            MemorySegment model = MemorySegment.ofArray(out);
            MemorySegment piece = MemorySegment.ofArray(new byte[64]);
            for (int step = 0; step < 60; step++) {
                if (random.nextBoolean()) {
                    int at = random.nextInt(in.length);
                    int length = random.nextInt(Math.min(32, in.length - at) + 1);
                    chain.read(at, piece, 3, length);
                    assertEquals(-1, piece.asSlice(3, length).mismatch(MemorySegment.ofArray(in).asSlice(at, length)));
                } else {
                    int at = random.nextInt(out.length);
                    int length = random.nextInt(Math.min(32, out.length - at) + 1);
                    chain.write(at, piece, 1, length);
                    MemorySegment.copy(piece, 1, model, at, length);
                }
            }
            assertArrayEquals(out, gather(chain));
            chain.complete(0);
            queue.driver.poll();
        }
    }

    private static void spread(Chain chain, byte[] bytes) {
        int at = 0;
        for (int i = 0; i < chain.readableElements(); i++) {
            MemorySegment.copy(MemorySegment.ofArray(bytes), at, chain.base(i), chain.offset(i), chain.length(i));
            at += (int) chain.length(i);
        }
    }

    private static byte[] gather(Chain chain) {
        byte[] bytes = new byte[(int) chain.writable()];
        int at = 0;
        for (int i = chain.readableElements(); i < chain.readableElements() + chain.writableElements(); i++) {
            MemorySegment.copy(chain.base(i), chain.offset(i), MemorySegment.ofArray(bytes), at, chain.length(i));
            at += (int) chain.length(i);
        }
        return bytes;
    }
}
