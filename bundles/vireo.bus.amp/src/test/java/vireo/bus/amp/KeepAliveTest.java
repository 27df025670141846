// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeepAliveTest {

    private static final long MS = 1_000_000;
    /** A clock may stand anywhere, also just before it wraps. */
    private static final long START = Long.MAX_VALUE - 500 * MS;

    private final KeepAlive keepAlive = new KeepAlive(true);

    private static byte[] bytes(MemorySegment message) {
        return message.asSlice(0, KeepAlive.BYTES).toArray(ValueLayout.JAVA_BYTE);
    }

    @Test
    void shouldCallThePeerLostWhenItAnswersNothingForTwoSeconds() {
        keepAlive.start(START);
        assertEquals(KeepAlive.Next.WAIT, keepAlive.next(START + 999 * MS));
        assertEquals(MS, keepAlive.waitNanos(START + 999 * MS));
        assertEquals(KeepAlive.Next.PING, keepAlive.next(START + 1000 * MS));
        keepAlive.sent(true, START + 1000 * MS);
        assertEquals(KeepAlive.Next.WAIT, keepAlive.next(START + 2999 * MS));
        assertEquals(KeepAlive.Next.LOST, keepAlive.next(START + 3000 * MS));
    }

    @Test
    void shouldWaitAnotherSecondWhenAnythingWasHeard() {
        keepAlive.start(START);
        assertEquals(KeepAlive.Next.PING, keepAlive.next(START + 1000 * MS));
        keepAlive.sent(true, START + 1000 * MS);
        keepAlive.heard();
        assertEquals(KeepAlive.Next.WAIT, keepAlive.next(START + 2500 * MS));
        assertEquals(KeepAlive.Next.WAIT, keepAlive.next(START + 3499 * MS));
        assertEquals(KeepAlive.Next.PING, keepAlive.next(START + 3500 * MS));
    }

    @Test
    void shouldNotCallThePeerLostWhenItCouldNotBeAsked() {
        keepAlive.start(START);
        long now = START + 1000 * MS;
        for (int i = 0; i < 100; i++) {
            assertEquals(KeepAlive.Next.PING, keepAlive.next(now));
            keepAlive.sent(false, now);
            assertEquals(KeepAlive.Next.WAIT, keepAlive.next(now));
            now += keepAlive.waitNanos(now);
        }
    }

    @Test
    void shouldDoNothingWhenSwitchedOff() {
        KeepAlive off = new KeepAlive(false);
        off.start(0);
        assertEquals(KeepAlive.Next.WAIT, off.next(Long.MAX_VALUE));
        assertEquals(Long.MAX_VALUE, off.waitNanos(0));
    }

    @Test
    void shouldEncodeAPingWithAFreshTokenOfItsOwnRange() {
        keepAlive.start(0);
        int last = 0;
        for (int i = 0; i < 70_000; i++) {
            byte[] ping = bytes(keepAlive.ping(0x0102030405060708L));
            int token = ping[4] & 0xff | (ping[5] & 0xff) << 8;
            assertTrue(token >= 0x8000, "token " + token);
            assertNotEquals(last, token);
            last = token;
            ping[4] = 0;
            ping[5] = 0;
            assertArrayEquals(HexFormat.of().parseHex("0203000000000c0008070605"), ping);
        }
    }

    /** Reserved type bits and the id do not count (rules VMSG-HDR-06 and VMSG-COR-05), the bus bit and the token do. */
    @ParameterizedTest
    @CsvSource({"0303000000800c0001020304, true", "ff03000000800c0001020304, true", "0303000000ff0c0001020304, true",
        "037f0000ffff080000000000, true", "0303000000010c0001020304, false", "0303000000000c0001020304, false",
        "03030000ff7f0c0001020304, false", "0203000000800c0001020304, false", "0103000000800c0001020304, false",
        "0003000000800c0001020304, false"})
    void shouldKnowAnAnswerByBusBitAndToken(String hex, boolean ours) {
        assertEquals(ours, KeepAlive.isOurs(MemorySegment.ofArray(HexFormat.of().parseHex(hex)), 0));
    }

    @Test
    void shouldNotTakeItsOwnPingForAnAnswer() {
        keepAlive.start(0);
        assertFalse(KeepAlive.isOurs(keepAlive.ping(1), 0));
    }
}
