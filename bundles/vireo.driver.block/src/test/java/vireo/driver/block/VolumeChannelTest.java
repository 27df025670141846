// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.FeatureSet;
import vireo.wire.block.BlockFeature;

@Timeout(30)
class VolumeChannelTest {

    private static final int CAPACITY = 1 << 20;

    @Test
    void shouldRefuseEverythingWhenClosed() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            SeekableByteChannel channel = rig.volume.channel();
            channel.close();
            channel.close();
            assertFalse(channel.isOpen());
            assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
            assertThrows(ClosedChannelException.class, () -> channel.write(ByteBuffer.allocate(1)));
            assertThrows(ClosedChannelException.class, channel::size);
            assertThrows(ClosedChannelException.class, channel::position);
            assertThrows(ClosedChannelException.class, () -> channel.position(1));
            assertThrows(ClosedChannelException.class, () -> channel.truncate(1));
            assertTrue(rig.volume.isOpen());
            assertEquals(0, rig.disk.flushes.get());
        }
    }

    @Test
    void shouldRefuseWritesWhenTheDeviceIsReadOnly() throws IOException {
        Rig rig = new Rig(CAPACITY);
        rig.device.offered = rig.device.offered.plus(FeatureSet.of(BlockFeature.RO));
        try (rig) {
            rig.open(Rig.USUAL);
            SeekableByteChannel channel = rig.volume.channel();
            assertThrows(NonWritableChannelException.class, () -> channel.write(ByteBuffer.allocate(1)));
            assertEquals(1, channel.read(ByteBuffer.allocate(1)));
        }
    }

    @Test
    void shouldStopAtTheEndOfTheVolume() throws IOException {
        try (Rig rig = Rig.open(CAPACITY); SeekableByteChannel channel = rig.volume.channel()) {
            assertEquals(CAPACITY, channel.size());
            channel.position(CAPACITY - 10L);
            assertEquals(10, channel.write(ByteBuffer.allocate(100)));
            assertThrows(IOException.class, () -> channel.write(ByteBuffer.allocate(100)));
            assertEquals(-1, channel.read(ByteBuffer.allocate(100)));
            channel.position(CAPACITY + 1000L);
            assertEquals(-1, channel.read(ByteBuffer.allocate(100)));
            assertThrows(IllegalArgumentException.class, () -> channel.position(-1));
            assertThrows(UnsupportedOperationException.class, () -> channel.truncate(10));
            assertSame(channel, channel.truncate(CAPACITY));
        }
    }

    @Test
    void shouldFlushWhenClosedAfterAWrite() throws IOException {
        try (Rig rig = Rig.open(CAPACITY)) {
            SeekableByteChannel channel = rig.volume.channel();
            channel.write(ByteBuffer.wrap(new byte[] {1}));
            channel.close();
            assertEquals(1, rig.disk.flushes.get());
        }
    }

    @Test
    void shouldBehaveAsAnArrayWhenReadAndWrittenAtRandom() throws IOException {
        try (Rig rig = Rig.open(CAPACITY); SeekableByteChannel channel = rig.volume.channel()) {
            byte[] model = rig.disk.content.clone();
            Random random = new Random(11);
            for (int i = 0; i < 500; i++) {
                int at = random.nextInt(CAPACITY);
                byte[] bytes = new byte[random.nextInt(i % 10 == 0 ? 300_000 : 3000)];
                ByteBuffer buffer = i % 2 == 0 ? ByteBuffer.wrap(bytes) : ByteBuffer.allocateDirect(bytes.length);
                channel.position(at);
                if (random.nextBoolean()) {
                    random.nextBytes(bytes);
                    buffer.put(bytes).flip();
                    int expected = Math.min(bytes.length, CAPACITY - at);
                    assertEquals(expected, channel.write(buffer));
                    assertEquals(expected, buffer.position());
                    System.arraycopy(bytes, 0, model, at, expected);
                } else {
                    int count = channel.read(buffer);
                    assertEquals(Math.min(bytes.length, CAPACITY - at), count);
                    byte[] got = new byte[count];
                    buffer.flip().get(got);
                    assertArrayEquals(Arrays.copyOfRange(model, at, at + count), got);
                }
                assertEquals(at + buffer.position(), channel.position());
            }
            assertArrayEquals(model, rig.disk.content);
        }
    }

    @Test
    void shouldKeepBothWhenTwoChannelsWriteIntoOneSector() throws Exception {
        try (Rig rig = Rig.open(CAPACITY)) {
            AtomicReference<Throwable> trouble = new AtomicReference<>();
            Thread[] threads = new Thread[2];
            for (int i = 0; i < threads.length; i++) {
                int at = i * 256;
                threads[i] = Thread.ofPlatform().start(() -> {
                    try (SeekableByteChannel channel = rig.volume.channel()) {
                        for (int round = 1; round <= 256; round++) {
                            channel.position(at + round - 1);
                            channel.write(ByteBuffer.wrap(new byte[] {(byte) round}));
                        }
                    } catch (IOException failed) {
                        trouble.set(failed);
                    }
                });
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertNull(trouble.get());
            for (int i = 0; i < 512; i++) {
                assertEquals((byte) (i % 256 + 1), rig.disk.content[i], "byte " + i);
            }
        }
    }
}
