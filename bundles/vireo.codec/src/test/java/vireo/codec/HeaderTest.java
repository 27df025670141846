// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class HeaderTest {

    private final MemorySegment base = MemorySegment.ofArray(new byte[32]);

    private String hex(int offset, int length) {
        return HexFormat.of().formatHex(base.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void shouldPinOffsets() {
        assertEquals(0, Header.TYPE_OFFSET);
        assertEquals(1, Header.MSG_ID_OFFSET);
        assertEquals(2, Header.DEV_NUM_OFFSET);
        assertEquals(4, Header.TOKEN_OFFSET);
        assertEquals(6, Header.MSG_SIZE_OFFSET);
        assertEquals(8, Header.BYTES);
    }

    @Test
    void shouldThrowWhenTheHeaderIsNotWhole() {
        MemorySegment seven = MemorySegment.ofArray(new byte[7]);
        assertThrows(IndexOutOfBoundsException.class, () -> Header.put(seven, 0, 0, 2, 0, 1, 8));
        assertThrows(IndexOutOfBoundsException.class, () -> Header.size(seven, 0));
    }

    @Test
    void shouldKeepValuesOutOfTheirNeighboursWhenTheyDoNotFit() {
        Header.put(base, 0, 0xff, 0x1ff, 0x3_ffff, 0x7_1234, 0x5_0008);
        assertEquals("03ffffff34120800", hex(0, 8));
        Header.put(base, 0, 0, 0x100, -65536, 0x1_0000, 0x1_0000);
        assertEquals("0000000000000000", hex(0, 8));
    }

    @Test
    void shouldWriteWhatItReads() {
        Header.put(base, 3, Header.RESPONSE | Header.BUS, 0x9a, 0xfedc, 0x8001, 0xffff);
        assertEquals("039adcfe0180ffff", hex(3, 8));
        assertEquals(3, Header.type(base, 3));
        assertTrue(Header.isResponse(base, 3));
        assertTrue(Header.isBus(base, 3));
        assertEquals(0x9a, Header.messageId(base, 3));
        assertEquals(0xfedc, Header.deviceNumber(base, 3));
        assertEquals(0x8001, Header.token(base, 3));
        assertEquals(0xffff, Header.size(base, 3));
        Header.setToken(base, 3, 0xff7f);
        assertEquals("039adcfe7fffffff", hex(3, 8));
    }

    @Test
    void shouldDropReservedTypeBitsWhenReading() {
        base.set(ValueLayout.JAVA_BYTE, 0, (byte) 0xfc);
        assertEquals(0, Header.type(base, 0));
        assertFalse(Header.isResponse(base, 0));
        assertFalse(Header.isBus(base, 0));
    }

    @Test
    void shouldWriteAMessageWithoutPayload() {
        assertEquals(8, Header.putEmpty(base, 0, Header.RESPONSE, MessageIds.SET_DRIVER_FEATURES, 5, 3));
        assertEquals("0104050003000800", hex(0, 8));
    }

    @Test
    void shouldNameDefinedMessagesOnly() {
        assertNull(MessageIds.name(false, 1));
        assertNull(MessageIds.name(false, 0x0d));
        assertNull(MessageIds.name(false, 0x43));
        assertNull(MessageIds.name(false, 0x80));
        assertNull(MessageIds.name(false, -1));
        assertNull(MessageIds.name(true, 4));
        assertNull(MessageIds.name(true, 0x100));
        assertEquals("GET_SHM", MessageIds.name(false, MessageIds.GET_SHM));
        assertEquals("EVENT_USED", MessageIds.name(false, MessageIds.EVENT_USED));
        assertEquals("PING", MessageIds.name(true, MessageIds.BUS_PING));
        assertEquals("BUS_SPECIFIC", MessageIds.name(true, 0xff));
    }
}
