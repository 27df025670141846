// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vireo.wire.block.BlockFeature.CONFIG_WCE;
import static vireo.wire.block.BlockFeature.FLUSH;
import static vireo.wire.block.BlockFeature.WRITE_ZEROES;
import static vireo.wire.block.BlockLayout.CONFIG_WRITEBACK;
import static vireo.wire.block.BlockLayout.STATUS_OK;
import static vireo.wire.block.BlockLayout.TYPE_FLUSH;
import static vireo.wire.block.BlockLayout.TYPE_OUT;
import static vireo.wire.block.BlockLayout.TYPE_WRITE_ZEROES;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import vireo.device.FeatureSet;

/** Rules DT-BLK-04 to 06, over a store that forgets what was not flushed when the plug is pulled. */
class DurabilityTest {

    private static final int SECTORS = 32;

    private final MemoryStore store = new MemoryStore(SECTORS * 512);

    private static BlockOptions options(boolean writeback) {
        return new BlockOptions("disk0", Desk.OPTIONS.path(), false, 0, "", 1, 256, 512, writeback, FeatureSet.NONE);
    }

    /** Writes every sector, flushes in between, pulls the plug; returns whether all that was promised is there. */
    private static boolean keepsPromises(Desk desk, MemoryStore store, boolean flushes) {
        for (int sector = 0; sector < SECTORS; sector++) {
            byte[] data = new byte[512];
            Arrays.fill(data, (byte) (sector + 1));
            assertEquals(STATUS_OK, desk.serve(TYPE_OUT, sector, data, 1));
        }
        if (flushes) {
            assertEquals(STATUS_OK, desk.serve(TYPE_FLUSH, 0, new byte[0], 1));
        }
        store.crash();
        for (int sector = 0; sector < SECTORS; sector++) {
            if (store.cache[sector * 512] != (byte) (sector + 1)) {
                return false;
            }
        }
        return true;
    }

    @Test
    void shouldKeepEveryWriteWhenFlushed() throws IOException {
        assertTrue(keepsPromises(Desk.of(options(true), store), store, true));
        assertEquals(1, store.flushes);
    }

    /** The control: the checker must notice a device whose flush does nothing. */
    @Test
    void shouldBeFoundOutWhenFlushIsSwitchedOff() throws IOException {
        MemoryStore broken = new MemoryStore(SECTORS * 512) {
            @Override
            public void flush() {
            }
        };
        assertFalse(keepsPromises(Desk.of(options(true), broken), broken, true));
        MemoryStore alsoBroken = new MemoryStore(SECTORS * 512) {
            @Override
            public void flush() {
            }
        };
        assertFalse(keepsPromises(Desk.of(options(false), alsoBroken), alsoBroken, false));
    }

    @Test
    void shouldPromiseNothingWhenWriteBackIsNotFlushed() throws IOException {
        assertFalse(keepsPromises(Desk.of(options(true), store), store, false));
    }

    @Test
    void shouldKeepEveryWriteWithoutAFlushWhenTheDriverCannotFlush() throws IOException {
        assertTrue(keepsPromises(Desk.of(options(true), store, WRITE_ZEROES), store, false));
        assertEquals(SECTORS, store.flushes);
    }

    @Test
    void shouldKeepEveryWriteWithoutAFlushWhenConfiguredSo() throws IOException {
        assertTrue(keepsPromises(Desk.of(options(false), store), store, false));
        MemoryStore second = new MemoryStore(SECTORS * 512);
        assertTrue(keepsPromises(Desk.of(options(false), second, FLUSH), second, false));
    }

    @Test
    void shouldFollowTheDriverWhenItChangesTheCacheMode() throws IOException {
        Desk desk = Desk.of(options(true), store);
        assertTrue(desk.writeConfig(CONFIG_WRITEBACK, (byte) 0));
        assertTrue(keepsPromises(desk, store, false));
        assertTrue(desk.writeConfig(CONFIG_WRITEBACK, (byte) 1));
        int before = store.flushes;
        desk.serve(TYPE_OUT, 0, new byte[512], 1);
        assertEquals(before, store.flushes);
    }

    @Test
    void shouldFindTheDriversCacheModeWhenItTakesOver() throws IOException {
        Desk first = Desk.of(options(true), store);
        assertTrue(first.writeConfig(CONFIG_WRITEBACK, (byte) 0));
        first.activate();
        assertTrue(keepsPromises(first, store, false));
    }

    @Test
    void shouldSetWritebackToZeroWhenTheDriverTookConfigWceWithoutFlush() throws IOException {
        // Rule DT-BLK-06.
        Desk desk = Desk.of(options(true), store, CONFIG_WCE);
        assertEquals(0, desk.config()[CONFIG_WRITEBACK]);
        assertFalse(desk.writeConfig(CONFIG_WRITEBACK, (byte) 1));
        assertTrue(desk.writeConfig(CONFIG_WRITEBACK, (byte) 0));
        assertTrue(keepsPromises(desk, store, false));
    }

    @Test
    void shouldMakeZeroesDurableWhenWritingThrough() throws IOException {
        Desk desk = Desk.of(options(false), store);
        Arrays.fill(store.cache, (byte) 1);
        Arrays.fill(store.durable, (byte) 1);
        assertEquals(STATUS_OK, desk.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(0, 1, 0), 1));
        store.crash();
        assertEquals(0, store.cache[0]);
        assertEquals(1, store.cache[512]);
    }

    @Test
    void shouldNotSayThatAWriteIsDoneWhenItCouldNotBeMadeDurable() throws IOException {
        MemoryStore failing = new MemoryStore(SECTORS * 512) {
            @Override
            public void flush() throws IOException {
                throw new IOException("EIO");
            }
        };
        Desk desk = Desk.of(options(false), failing);
        assertEquals(1, desk.serve(TYPE_OUT, 0, new byte[512], 1));
    }
}
