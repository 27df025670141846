// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vireo.wire.block.BlockLayout.STATUS_IOERR;
import static vireo.wire.block.BlockLayout.STATUS_OK;
import static vireo.wire.block.BlockLayout.STATUS_UNSUPP;
import static vireo.wire.block.BlockLayout.TYPE_DISCARD;
import static vireo.wire.block.BlockLayout.TYPE_FLUSH;
import static vireo.wire.block.BlockLayout.TYPE_GET_ID;
import static vireo.wire.block.BlockLayout.TYPE_IN;
import static vireo.wire.block.BlockLayout.TYPE_OUT;
import static vireo.wire.block.BlockLayout.TYPE_WRITE_ZEROES;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import vireo.wire.block.BlockFeature;

class RequestServerTest {

    private static final int SECTORS = 64;
    private static final byte[] NONE = {};

    private final MemoryStore store = new MemoryStore(SECTORS * 512);
    private Desk desk;

    @BeforeEach
    void open() throws IOException {
        new Random(1).nextBytes(store.cache);
        desk = Desk.of(Desk.OPTIONS, store);
    }

    private long counted(String what) {
        return desk.device.counters().values().get("vireo_block_" + what + "_total");
    }

    // What has no room for a status, or no header

    @Test
    void shouldCompleteWithNothingWhenThereIsNoRoomForAStatus() {
        FakeChain chain = FakeChain.request(TYPE_OUT, 0, new byte[512], 0);
        byte[] before = store.cache.clone();
        desk.handler.handle(chain);
        assertEquals(0, chain.written);
        assertArrayEquals(before, store.cache);
        assertEquals(1, counted("no_status"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15})
    void shouldAnswerIoErrWhenTheHeaderIsShort(int length) {
        FakeChain chain = new FakeChain().readable(new byte[length]).writable(513);
        assertEquals(STATUS_IOERR, desk.serve(chain));
        assertEquals(1, counted("malformed"));
    }

    @Test
    void shouldServeTheNextRequestWhenOneIsMalformed() {
        desk.serve(new FakeChain().readable(new byte[3]).writable(1));
        assertEquals(STATUS_OK, desk.serve(TYPE_IN, 0, NONE, 513));
    }

    // Shapes that a type does not have

    @ParameterizedTest
    @CsvSource({"0,0,512", "0,0,2", "0,16,513", "1,511,1", "1,1,1", "4,16,1", "8,0,20", "8,0,1", "8,4,21", "11,0,1",
        "11,15,1", "11,17,1", "13,0,1", "13,24,1"})
    void shouldAnswerIoErrWhenTheShapeIsWrong(int type, int data, int writable) {
        byte[] before = store.cache.clone();
        assertEquals(STATUS_IOERR, desk.serve(type, 0, new byte[data], writable));
        assertEquals(1, counted("malformed"));
        assertArrayEquals(before, store.cache);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 5, 7, 9, 10, 12, 14, 15, 16, 18, 20, 22, 24, 26, 27, 0x7fffffff, 0x80000000, -1})
    void shouldAnswerUnsuppWhenTheTypeIsNotServed(int type) {
        assertEquals(STATUS_UNSUPP, desk.serve(type, 0, new byte[16], 1));
        assertEquals(1, counted("unsupported"));
    }

    @Test
    void shouldLeaveNothingUndefinedWhenARequestFails() {
        FakeChain chain = FakeChain.request(TYPE_IN, SECTORS, NONE, 1025);
        assertEquals(STATUS_IOERR, desk.serve(chain));
        assertArrayEquals(new byte[1024], Arrays.copyOf(chain.writablePart(), 1024));
        FakeChain wide = FakeChain.request(TYPE_OUT, 0, new byte[512], 100_000);
        assertEquals(STATUS_OK, desk.serve(wide));
        assertArrayEquals(new byte[100_000], wide.writablePart());
    }

    // Ranges

    @ParameterizedTest
    @CsvSource({"64,1", "63,2", "65,1", "-1,1", "0x7fffffffffffffff,1", "0x8000000000000000,1", "-64,128", "0,65",
        "36028797018963968,1"})
    void shouldAnswerIoErrAndTouchNothingWhenBeyondCapacity(String at, int sectors) {
        long sector = at.startsWith("0x") ? Long.parseUnsignedLong(at.substring(2), 16) : Long.parseLong(at);
        byte[] before = store.cache.clone();
        assertEquals(STATUS_IOERR, desk.serve(TYPE_IN, sector, NONE, sectors * 512 + 1));
        assertEquals(STATUS_IOERR, desk.serve(TYPE_OUT, sector, new byte[sectors * 512], 1));
        assertEquals(STATUS_IOERR, desk.serve(TYPE_DISCARD, 0, FakeChain.segments(sector, sectors, 0), 1));
        assertEquals(STATUS_IOERR, desk.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(sector, sectors, 1), 1));
        assertEquals(4, counted("out_of_range"));
        assertArrayEquals(before, store.cache);
    }

    @Test
    void shouldServeTheLastSectorAndNothingBehindIt() {
        FakeChain last = FakeChain.request(TYPE_IN, SECTORS - 1, NONE, 513);
        assertEquals(STATUS_OK, desk.serve(last));
        assertArrayEquals(Arrays.copyOfRange(store.cache, (SECTORS - 1) * 512, SECTORS * 512),
                Arrays.copyOf(last.writablePart(), 512));
        assertEquals(STATUS_OK, desk.serve(TYPE_IN, SECTORS, NONE, 1));
        assertEquals(STATUS_OK, desk.serve(TYPE_OUT, SECTORS, NONE, 1));
    }

    // Reads and writes

    @Test
    void shouldReadAndWriteHoweverTheRequestIsCut() {
        byte[] data = new byte[2048];
        new Random(2).nextBytes(data);
        FakeChain write = new FakeChain().readable(FakeChain.header(TYPE_OUT, 3, data), 1, 7, 20, 500, 1).writable(1);
        assertEquals(STATUS_OK, desk.serve(write));
        assertArrayEquals(data, Arrays.copyOfRange(store.cache, 3 * 512, 3 * 512 + 2048));
        FakeChain read = new FakeChain().readable(FakeChain.header(TYPE_IN, 3, NONE), 5, 5).writable(1, 1000, 40, 1008);
        assertEquals(STATUS_OK, desk.serve(read));
        assertArrayEquals(data, Arrays.copyOf(read.writablePart(), 2048));
        assertEquals(2048, counted("read_bytes"));
        assertEquals(2048, counted("written_bytes"));
    }

    @Test
    void shouldAnswerIoErrWhenTheStoreFails() {
        store.failure = new IOException("the disk is on fire");
        assertEquals(STATUS_IOERR, desk.serve(TYPE_IN, 0, NONE, 513));
        assertEquals(STATUS_IOERR, desk.serve(TYPE_OUT, 0, new byte[512], 1));
        assertEquals(STATUS_IOERR, desk.serve(TYPE_FLUSH, 0, NONE, 1));
        store.failure = null;
        assertEquals(STATUS_OK, desk.serve(TYPE_IN, 0, NONE, 513));
        assertEquals(3, counted("failed"));
    }

    @Test
    void shouldGiveTheIdentityPaddedAndWithoutAnEnd() throws IOException {
        FakeChain chain = FakeChain.request(TYPE_GET_ID, 0, NONE, 21);
        assertEquals(STATUS_OK, desk.serve(chain));
        assertEquals("disk0" + "\0".repeat(15), new String(chain.writablePart(), 0, 20, StandardCharsets.US_ASCII));
        Desk full = Desk.of(BlockOptions.of("0123456789abcdefghijKLM", Desk.OPTIONS.path()), store);
        FakeChain longer = FakeChain.request(TYPE_GET_ID, 0, NONE, 31);
        assertEquals(STATUS_OK, full.serve(longer));
        assertEquals("0123456789abcdefghij" + "\0".repeat(10),
                new String(longer.writablePart(), 0, 30, StandardCharsets.US_ASCII));
    }

    // Discard and write zeroes

    @Test
    void shouldAnswerUnsuppWhenAFlagIsNotKnown() {
        byte[] before = store.cache.clone();
        // Rule DT-BLK-02, also when another segment is out of range.
        assertEquals(STATUS_UNSUPP, desk.serve(TYPE_DISCARD, 0, FakeChain.segments(0, 1, 1), 1));
        assertEquals(STATUS_UNSUPP, desk.serve(TYPE_DISCARD, 0, FakeChain.segments(0, 1, 0, 99, 1, 2), 1));
        assertEquals(STATUS_UNSUPP, desk.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(0, 1, 2), 1));
        assertEquals(STATUS_UNSUPP,
                desk.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(0, 1, 0, 1, 1, 0x80000000L), 1));
        assertArrayEquals(before, store.cache);
    }

    @Test
    void shouldZeroAllSegmentsOrNone() {
        byte[] before = store.cache.clone();
        assertEquals(STATUS_IOERR, desk.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(0, 1, 0, 63, 2, 0), 1));
        assertArrayEquals(before, store.cache);
        assertEquals(STATUS_OK, desk.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(0, 1, 0, 5, 0, 0, 62, 2, 1), 1));
        assertArrayEquals(new byte[512], Arrays.copyOf(store.cache, 512));
        assertArrayEquals(new byte[1024], Arrays.copyOfRange(store.cache, 62 * 512, 64 * 512));
        assertArrayEquals(Arrays.copyOfRange(before, 512, 62 * 512), Arrays.copyOfRange(store.cache, 512, 62 * 512));
    }

    @Test
    void shouldAnswerIoErrWhenThereAreMoreOrLongerSegmentsThanTheConfigurationAllows() {
        byte[] many = new byte[(BlockModel.MAX_SEGMENTS + 1) * 16];
        assertEquals(STATUS_IOERR, desk.serve(TYPE_DISCARD, 0, many, 1));
        assertEquals(STATUS_OK, desk.serve(TYPE_DISCARD, 0, Arrays.copyOf(many, many.length - 16), 1));
        assertEquals(STATUS_IOERR,
                desk.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(0, BlockModel.MAX_ZERO_SECTORS + 1L, 0), 1));
        assertEquals(STATUS_IOERR, desk.serve(TYPE_DISCARD, 0, FakeChain.segments(0, 0xffffffffL, 0), 1));
    }

    // Features

    @Test
    void shouldWriteNothingWhenReadOnly() throws IOException {
        BlockOptions options = new BlockOptions("ro", Desk.OPTIONS.path(), true, 0, "", 1, 256, 512, true,
                vireo.device.FeatureSet.NONE);
        Desk readOnly = Desk.of(options, store);
        byte[] before = store.cache.clone();
        assertTrue(readOnly.device.model().features().has(BlockFeature.RO));
        assertEquals(STATUS_IOERR, readOnly.serve(TYPE_OUT, 0, new byte[512], 1));
        assertEquals(STATUS_UNSUPP, readOnly.serve(TYPE_DISCARD, 0, FakeChain.segments(0, 1, 0), 1));
        assertEquals(STATUS_UNSUPP, readOnly.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(0, 1, 0), 1));
        assertEquals(STATUS_OK, readOnly.serve(TYPE_FLUSH, 0, NONE, 1));
        assertEquals(STATUS_OK, readOnly.serve(TYPE_IN, 0, NONE, 513));
        assertArrayEquals(before, store.cache);
    }

    @Test
    void shouldAnswerUnsuppWhenTheDriverDidNotAgreeToTheCommand() throws IOException {
        Desk bare = Desk.of(Desk.OPTIONS, store, BlockFeature.SEG_MAX);
        assertEquals(STATUS_UNSUPP, bare.serve(TYPE_FLUSH, 0, NONE, 1));
        assertEquals(STATUS_UNSUPP, bare.serve(TYPE_DISCARD, 0, FakeChain.segments(0, 1, 0), 1));
        assertEquals(STATUS_UNSUPP, bare.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(0, 1, 0), 1));
    }

    // Takeover

    @ParameterizedTest
    @CsvSource({"0,0,513,0", "1,512,1,0", "4,0,1,0", "8,0,21,0", "11,16,1,0", "13,16,1,0", "15,512,9,1", "99,0,1,2"})
    void shouldRepeatARedeliveredRequestUnlessThatDoesHarm(int type, int data, int writable, int status) {
        FakeChain chain = FakeChain.request(type, 0, new byte[data], writable);
        chain.redelivered = true;
        assertEquals(status, desk.serve(chain));
    }

    @Test
    void shouldLeaveChainsToTheSuccessorWhenAtRest() {
        assertTrue(desk.quiesce());
        FakeChain chain = FakeChain.request(TYPE_OUT, 0, new byte[512], 1);
        byte[] before = store.cache.clone();
        desk.handler.handle(chain);
        assertEquals(0, chain.completions);
        assertArrayEquals(before, store.cache);
    }
}
