// SPDX-License-Identifier: Apache-2.0
package vireo.device.entropy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import vireo.device.DeviceModel;

@Timeout(20)
class EntropyDeviceTest {

    /** Gives 1, 2, 3 and so on, and has an end if one is set. */
    private static final class Counting implements RandomSource {

        private byte next = 1;
        private int left = Integer.MAX_VALUE;
        private boolean closed;

        @Override
        public synchronized void fill(byte[] target, int length) throws IOException {
            if (length > left) {
                throw new IOException("source test has no more bytes");
            }
            left -= length;
            for (int i = 0; i < length; i++) {
                target[i] = next++;
            }
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    private final Counting source = new Counting();
    private final EntropyDevice device = new EntropyDevice("rng", 64, source);

    private long counted(String what) {
        return device.counters().values().get("vireo_entropy_" + what + "_total");
    }

    @Test
    void shouldCompleteWithNothingWhenThereIsSomethingToRead() throws IOException {
        // Rule DT-RNG-01.
        FakeSlot slot = new FakeSlot(device);
        FakeChain chain = new FakeChain(8, 16);
        slot.handler.handle(chain);
        assertEquals(0, chain.written);
        assertArrayEquals(new byte[16], chain.bytes);
        assertEquals(1, counted("malformed"));
    }

    @Test
    void shouldCompleteWithNothingWhenThereIsNoRoom() throws IOException {
        FakeSlot slot = new FakeSlot(device);
        FakeChain chain = new FakeChain(0, 0);
        slot.handler.handle(chain);
        assertEquals(0, chain.written);
        assertEquals(1, counted("malformed"));
    }

    @Test
    void shouldFillABufferWhenItIsSmall() throws IOException {
        FakeSlot slot = new FakeSlot(device);
        FakeChain chain = new FakeChain(0, 5);
        slot.handler.handle(chain);
        assertEquals(5, chain.written);
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5}, chain.bytes);
    }

    @Test
    void shouldGiveNoMoreThanItsLimitWhenABufferIsHuge() throws IOException {
        FakeSlot slot = new FakeSlot(device);
        FakeChain chain = new FakeChain(0, 1 << 20);
        slot.handler.handle(chain);
        assertEquals(EntropySession.LARGEST, chain.written);
        for (int i = 0; i < EntropySession.LARGEST; i++) {
            assertEquals((byte) (i + 1), chain.bytes[i]);
        }
        assertEquals(EntropySession.LARGEST, counted("bytes"));
    }

    @Test
    void shouldGiveWhatThereIsWhenTheSourceEndsInTheMiddle() throws IOException {
        source.left = 5000;
        FakeSlot slot = new FakeSlot(device);
        FakeChain chain = new FakeChain(0, 10_000);
        slot.handler.handle(chain);
        assertEquals(4096, chain.written);
        assertTrue(slot.resets.isEmpty());
    }

    @Test
    void shouldNeedAResetRatherThanGiveNothingWhenTheSourceHasEnded() throws IOException {
        source.left = 3;
        FakeSlot slot = new FakeSlot(device);
        FakeChain chain = new FakeChain(0, 4);
        slot.handler.handle(chain);
        assertEquals(-1, chain.written);
        assertEquals("entropy device rng cannot go on: source test has no more bytes", slot.resets.getFirst());
        slot.handler.handle(new FakeChain(0, 1));
        assertEquals(1, slot.resets.size());
    }

    @Test
    void shouldServeSeveralSlotsWithDifferentBytes() throws IOException {
        assertTrue(device.model().shareable());
        assertEquals(0, device.model().config().length);
        FakeSlot first = new FakeSlot(device);
        FakeSlot second = new FakeSlot(device);
        FakeChain one = new FakeChain(0, 8);
        FakeChain two = new FakeChain(0, 8);
        first.handler.handle(one);
        second.handler.handle(two);
        assertFalse(Arrays.equals(one.bytes, two.bytes));
        assertTrue(first.session.quiesce(System.nanoTime()));
        FakeChain three = new FakeChain(0, 8);
        second.handler.handle(three);
        assertEquals(8, three.written);
    }

    @Test
    void shouldLeaveChainsToTheSuccessorWhenClosed() throws IOException {
        FakeSlot slot = new FakeSlot(device);
        device.close();
        FakeChain chain = new FakeChain(0, 8);
        slot.handler.handle(chain);
        assertEquals(-1, chain.written);
        assertTrue(source.closed);
        assertThrows(IOException.class, () -> device.activate(slot));
    }

    @Test
    void shouldNotBeAtRestWhileARequestIsServed() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        EntropyDevice slow = new EntropyDevice("slow", 64, new RandomSource() {
            @Override
            public void fill(byte[] target, int length) throws IOException {
                inside.countDown();
                try {
                    go.await();
                } catch (InterruptedException over) {
                    throw new IOException(over);
                }
            }

            @Override
            public void close() {
            }
        });
        FakeSlot slot = new FakeSlot(slow);
        FakeChain chain = new FakeChain(0, 8);
        Thread worker = Thread.ofPlatform().start(() -> slot.handler.handle(chain));
        inside.await();
        assertFalse(slot.session.quiesce(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(10)));
        go.countDown();
        assertTrue(slot.session.quiesce(System.nanoTime() + TimeUnit.SECONDS.toNanos(10)));
        worker.join();
        assertEquals(8, chain.written);
    }

    @Test
    void shouldSayWhatToDoWhenTheSourceCannotBeRead(@TempDir Path folder) {
        assertEquals("source /no/such/thing does not exist; name a device such as /dev/hwrng, or leave source away for "
                + "the system's generator", assertThrows(IOException.class,
                () -> EntropyDevice.open("rng", 64, "/no/such/thing")).getMessage());
        assertThrows(IOException.class, () -> EntropyDevice.open("rng", 64, folder.toString()));
    }

    @Test
    void shouldGiveBytesThatDifferWhenTheSourceIsTheSystems() throws IOException {
        for (RandomSource real : new RandomSource[] {RandomSource.open(""), new RandomSource.Generated()}) {
            byte[] one = new byte[4096];
            byte[] two = new byte[4096];
            real.fill(one, 4096);
            real.fill(two, 4000);
            assertFalse(Arrays.equals(one, two));
            assertEquals(96, Arrays.stream(boxed(two)).skip(4000).filter(b -> b == 0).count());
            // A generator that sticks would be all one value.
            assertTrue(Arrays.stream(boxed(one)).distinct().count() > 200);
            real.close();
        }
    }

    private static Byte[] boxed(byte[] bytes) {
        Byte[] boxed = new Byte[bytes.length];
        Arrays.setAll(boxed, i -> bytes[i]);
        return boxed;
    }

    @Test
    void shouldReadAFileToItsEndWhenThatIsTheSource(@TempDir Path folder) throws IOException {
        Path file = Files.write(folder.resolve("bytes"), new byte[] {5, 6, 7});
        EntropyDevice finite = EntropyDevice.open("file", 64, file.toString());
        FakeSlot slot = new FakeSlot(finite);
        FakeChain chain = new FakeChain(0, 2);
        slot.handler.handle(chain);
        assertArrayEquals(new byte[] {5, 6}, chain.bytes);
        slot.handler.handle(new FakeChain(0, 2));
        assertTrue(slot.resets.getFirst().contains("has no more bytes"));
        finite.close();
    }

    @Test
    void shouldNameTheValueWhenTheQueueSizeIsWrong() {
        assertThrows(IllegalArgumentException.class, () -> EntropyDevice.open("rng", 100, ""));
        assertThrows(IllegalArgumentException.class,
                () -> EntropyDevice.open("rng", 2 * DeviceModel.MAX_QUEUE_SIZE, ""));
    }
}
