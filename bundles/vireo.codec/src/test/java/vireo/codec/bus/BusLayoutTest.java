// SPDX-License-Identifier: Apache-2.0
package vireo.codec.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vireo.bus.WireProfile;
import vireo.codec.MessageView;

/** Offsets and bytes of the layouts, from transport.md sections 15 and 18 and deltas.md section 1. */
class BusLayoutTest {

    private final MemorySegment base = MemorySegment.ofArray(new byte[9000]);

    @BeforeEach
    void dirty() {
        base.fill((byte) 0xee);
    }

    private String hex(MessageView view) {
        return HexFormat.of().formatHex(
                base.asSlice(view.offset(), view.messageSize()).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void shouldPinGetDevices() {
        assertEquals(8, GetDevicesRequest.FIRST_OFFSET);
        assertEquals(10, GetDevicesRequest.COUNT_OFFSET);
        assertEquals(12, GetDevicesRequest.SIZE);
        assertEquals(8, GetDevicesResponse.FIRST_OFFSET);
        assertEquals(10, GetDevicesResponse.SECOND_OFFSET);
        assertEquals(12, GetDevicesResponse.THIRD_OFFSET);
        assertEquals(14, GetDevicesResponse.BITMAP_OFFSET);
        assertEquals("0202000009000c0000001000", hex(new GetDevicesRequest().create(base, 0, 9, 0, 16)));
        assertEquals("02020000ffff0c00f8fff8ff", hex(new GetDevicesRequest().create(base, 0, -1, 65528, 65528)));
        assertEquals(65528, new GetDevicesRequest().wrap(base, 0).first());
        assertEquals(65528, new GetDevicesRequest().wrap(base, 0).count());
    }

    @Test
    void shouldOrderTheAnswerAsTheProfileSays() {
        GetDevicesResponse rfc3 = GetDevicesResponse.of(WireProfile.RFC3).create(base, 0, 9, 0, 16).next(16)
                .setAvailable(0).setAvailable(2).setAvailable(5);
        assertEquals("030200000900100000001000" + "10002500", hex(rfc3));
        GetDevicesResponse v1 = GetDevicesResponse.of(WireProfile.V1).create(base, 0, 0x20e, 64, 16).next(256)
                .setAvailable(7).setAvailable(8);
        assertEquals("030200000e0210004000000110008001", hex(v1));
        assertEquals(64, v1.first());
        assertEquals(16, v1.count());
        assertEquals(256, v1.next());
        assertTrue(v1.isAvailable(7));
        assertTrue(v1.isAvailable(8));
        assertFalse(v1.isAvailable(9));
    }

    @Test
    void shouldCoverTheLastDevicesOfALargeWindow() {
        GetDevicesResponse view = GetDevicesResponse.of(WireProfile.RFC3).create(base, 0, 1, 0, 65528);
        assertEquals(14 + 8191, view.messageSize());
        assertTrue(view.setAvailable(65527).isAvailable(65527));
        assertFalse(view.isAvailable(65526));
    }

    @Test
    void shouldNotReachBeyondTheBitmapWhenTheCountLies() {
        GetDevicesResponse view = GetDevicesResponse.of(WireProfile.RFC3).create(base, 0, 1, 0, 8);
        base.set(ValueLayout.JAVA_SHORT_UNALIGNED, GetDevicesResponse.SECOND_OFFSET, (short) -1);
        assertEquals(8, view.count());
    }

    @Test
    void shouldComputeWhatFits() {
        assertEquals(2000, GetDevicesResponse.capacity(264));
        assertEquals(65528, GetDevicesResponse.capacity(65535));
        assertEquals(0, GetDevicesResponse.capacity(8));
    }

    @Test
    void shouldPinPingAndEventDevice() {
        assertEquals(8, Ping.DATA_OFFSET);
        assertEquals(12, Ping.SIZE);
        assertEquals(8, EventDevice.DEVICE_OFFSET);
        assertEquals(10, EventDevice.STATE_OFFSET);
        assertEquals(12, EventDevice.SIZE);
        assertEquals("020300000a000c000df0feca", hex(new Ping().createRequest(base, 0, 10, 0xcafef00d)));
        assertEquals("030300000a000c000df0feca", hex(new Ping().createResponse(base, 0, 10, 0xcafef00d)));
        EventDevice event = new EventDevice().create(base, 0, 5, EventDevice.READY);
        assertEquals("0240000000000c0005000100", hex(event));
        assertEquals(5, event.device());
        assertEquals(0xffff, new EventDevice().create(base, 0, 0xffff, 0xffff).state());
    }

    @Test
    void shouldCarryOpaqueBytes() {
        assertEquals(8, BusSpecific.DATA_OFFSET);
        BusSpecific view = new BusSpecific().create(base, 0, false, 0x9a, 8, 3).putData(new byte[] {1, 2}, 0, 2);
        assertEquals("029a000008000b00010200", hex(view));
        assertEquals(3, view.dataLength());
        assertEquals("039a000008000800", hex(new BusSpecific().create(base, 0, true, 0x9a, 8, 0)));
        assertThrows(IllegalArgumentException.class, () -> new BusSpecific().create(base, 0, true, 0x9a, 8, 65528));
    }
}
