// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vireo.wire.block.BlockLayout.TYPE_IN;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.device.FeatureSet;
import vireo.wire.block.BlockFeature;
import vireo.wire.block.BlockLayout;

@Timeout(20)
class BlockDeviceTest {

    private static final int CAPACITY = 64 << 20;

    private static BlockOptions options(int queues, int blockSize, FeatureSet without) {
        return new BlockOptions("disk0", Path.of("none"), false, 0, "", queues, 256, blockSize, true, without);
    }

    private static ByteBuffer config(BlockOptions options) {
        return ByteBuffer.wrap(BlockModel.of(options, CAPACITY).config()).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Test
    void shouldFillEveryFieldWhoseFeatureIsOffered() {
        ByteBuffer config = config(options(3, 1024, FeatureSet.NONE));
        assertEquals(60, config.limit());
        assertEquals(CAPACITY / 512, config.getLong(0));
        assertEquals(1 << 20, config.getInt(8));
        assertEquals(254, config.getInt(12));
        assertEquals(CAPACITY / 512 / 16 / 63, config.getShort(16));
        assertEquals(16, config.get(18));
        assertEquals(63, config.get(19));
        assertEquals(1024, config.getInt(20));
        assertEquals(2, config.get(24));
        assertEquals(0, config.get(25));
        assertEquals(4, config.getShort(26));
        assertEquals(1024, config.getInt(28));
        assertEquals(1, config.get(32));
        assertEquals(0, config.get(33));
        assertEquals(3, config.getShort(34));
        assertEquals(BlockModel.MAX_DISCARD_SECTORS, config.getInt(36));
        assertEquals(BlockModel.MAX_SEGMENTS, config.getInt(40));
        assertEquals(8, config.getInt(44));
        assertEquals(BlockModel.MAX_ZERO_SECTORS, config.getInt(48));
        assertEquals(BlockModel.MAX_SEGMENTS, config.getInt(52));
        assertEquals(1, config.get(56));
        assertEquals(0, config.get(57) | config.get(58) | config.get(59));
        assertEquals(List.of(256, 256, 256), BlockModel.of(options(3, 1024, FeatureSet.NONE), CAPACITY).queueSizes());
    }

    @Test
    void shouldLeaveFieldsZeroWhenTheirFeatureIsNotOffered() {
        FeatureSet all = BlockModel.of(options(1, 512, FeatureSet.NONE), CAPACITY).features();
        byte[] config = BlockModel.of(options(1, 4096, all), CAPACITY).config();
        for (int i = 8; i < config.length; i++) {
            assertEquals(0, config[i], "byte " + i);
        }
    }

    @Test
    void shouldNotOfferConfigWceWhenFlushIsNotOffered() {
        // Rule DT-BLK-05.
        FeatureSet features = BlockModel.of(options(1, 512, FeatureSet.of(BlockFeature.FLUSH)), CAPACITY).features();
        assertFalse(features.has(BlockFeature.FLUSH));
        assertFalse(features.has(BlockFeature.CONFIG_WCE));
    }

    @Test
    void shouldRejectEveryWriteToTheConfigurationButTheCacheMode() throws IOException {
        Desk desk = Desk.of(Desk.OPTIONS, new MemoryStore(1 << 20));
        for (int offset = 0; offset < BlockLayout.CONFIG_BASIC_SIZE; offset++) {
            if (offset != BlockLayout.CONFIG_WRITEBACK) {
                assertFalse(desk.writeConfig(offset, (byte) 0x55), "byte " + offset);
            }
        }
        assertFalse(desk.writeConfig(BlockLayout.CONFIG_WRITEBACK, (byte) 2));
        assertFalse(desk.writeConfig(BlockLayout.CONFIG_WRITEBACK, (byte) -1));
        assertFalse(desk.writeConfig(BlockLayout.CONFIG_WRITEBACK, (byte) 0, (byte) 1));
        assertTrue(desk.writeConfig(BlockLayout.CONFIG_WRITEBACK, (byte) 0, (byte) 0));
        assertArrayEquals(desk.device.model().config(), restored(desk.config()));
    }

    private static byte[] restored(byte[] config) {
        config[BlockLayout.CONFIG_WRITEBACK] = 1;
        return config;
    }

    @Test
    void shouldRejectTheCacheModeWhenTheDriverDidNotAgreeToIt() throws IOException {
        Desk desk = Desk.of(Desk.OPTIONS, new MemoryStore(1 << 20), BlockFeature.FLUSH);
        assertFalse(desk.writeConfig(BlockLayout.CONFIG_WRITEBACK, (byte) 0));
    }

    @Test
    void shouldServeOrLeaveEachRequestWholeWhenClosedInTheMiddle() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        MemoryStore slow = new MemoryStore(1 << 20) {
            @Override
            public void read(long position, BlockData target) throws IOException {
                inside.countDown();
                try {
                    go.await();
                } catch (InterruptedException over) {
                    throw new IOException(over);
                }
                super.read(position, target);
            }
        };
        Desk desk = Desk.of(Desk.OPTIONS, slow);
        FakeChain first = FakeChain.request(TYPE_IN, 0, new byte[0], 513);
        Thread worker = Thread.ofPlatform().start(() -> desk.handler.handle(first));
        inside.await();
        assertFalse(desk.session.quiesce(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20)));
        Thread closer = Thread.ofPlatform().start(desk.device::close);
        FakeChain second = FakeChain.request(TYPE_IN, 0, new byte[0], 513);
        assertFalse(slow.closed);
        go.countDown();
        worker.join();
        closer.join();
        assertEquals(0, first.status());
        assertTrue(slow.closed);
        desk.handler.handle(second);
        assertEquals(0, second.completions);
        assertTrue(desk.quiesce());
        assertThrows(IOException.class, desk::activate);
        desk.device.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"queues", "queue.size", "blk.size", "create.size", "device.name", "id"})
    void shouldNameTheValueWhenAnOptionIsOutOfRange(String what) {
        IllegalArgumentException wrong = assertThrows(IllegalArgumentException.class,
                () -> new BlockOptions(what.equals("device.name") ? " " : "d", Path.of("x"), false,
                        what.equals("create.size") ? 513 : 0, what.equals("id") ? "123456789012345678901" : "",
                        what.equals("queues") ? 65 : 1, what.equals("queue.size") ? 100 : 256,
                        what.equals("blk.size") ? 8192 : 512, true, FeatureSet.NONE));
        assertTrue(wrong.getMessage().startsWith(what), wrong.getMessage());
    }
}
