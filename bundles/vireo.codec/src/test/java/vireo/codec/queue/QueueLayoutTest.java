// SPDX-License-Identifier: Apache-2.0
package vireo.codec.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import vireo.bus.WireProfile;
import vireo.codec.MessageView;

/** Offsets and bytes of the layouts, from transport.md sections 14 and 18 and deltas.md section 1. */
class QueueLayoutTest {

    private static final String ADDRESSES = "000001000000000000080100000000000010010000000000";

    private final MemorySegment base = MemorySegment.ofArray(new byte[128]);

    @BeforeEach
    void dirty() {
        base.fill((byte) 0xee);
    }

    private String hex(MessageView view) {
        return HexFormat.of().formatHex(
                base.asSlice(view.offset(), view.messageSize()).toArray(ValueLayout.JAVA_BYTE));
    }

    @Test
    void shouldPinIndexMessages() {
        assertEquals(8, QueueIndex.INDEX_OFFSET);
        assertEquals(12, QueueIndex.SIZE);
        assertEquals("0009050007000c0000000000", hex(new QueueIndex().createGet(base, 0, 5, 7, 0)));
        assertEquals("000b050007000c00ffffffff", hex(new QueueIndex().createReset(base, 5, 5, 7, 0xffff_ffffL)));
        assertEquals(0xffff_ffffL, new QueueIndex().wrap(base, 5).index());
        assertEquals(5, new QueueIndex().wrap(base, 5).deviceNumber());
        assertEquals(7, new QueueIndex().wrap(base, 5).token());
    }

    @Test
    void shouldPinGetVqueueResponse() {
        assertEquals(8, GetVqueueResponse.INDEX_OFFSET);
        assertEquals(12, GetVqueueResponse.MAX_SIZE_OFFSET);
        assertEquals(16, GetVqueueResponse.SIZE_OFFSET);
        assertEquals(20, GetVqueueResponse.FLAGS_OFFSET);
        assertEquals(24, GetVqueueResponse.DESCRIPTORS_OFFSET);
        assertEquals(32, GetVqueueResponse.DRIVER_OFFSET);
        assertEquals(40, GetVqueueResponse.DEVICE_OFFSET);
        assertEquals(48, GetVqueueResponse.SIZE);
        assertEquals("01090500070030000100000000010000" + "8000000000000000" + ADDRESSES,
                hex(fill(GetVqueueResponse.of(WireProfile.RFC3))));
        assertEquals("01090500070030000100000000010000" + "8000000001000000" + ADDRESSES,
                hex(fill(GetVqueueResponse.of(WireProfile.V1))));
    }

    private GetVqueueResponse fill(GetVqueueResponse view) {
        return view.create(base, 0, 5, 7).index(1).maxSize(256).size(128).flags(GetVqueueResponse.ENABLED)
                .addresses(0x10000, 0x10800, 0x11000);
    }

    @Test
    void shouldPinSetVqueueRequest() {
        assertEquals(8, SetVqueueRequest.INDEX_OFFSET);
        assertEquals(12, SetVqueueRequest.FLAGS_OFFSET);
        assertEquals(16, SetVqueueRequest.SIZE_OFFSET);
        assertEquals(20, SetVqueueRequest.RESERVED_OFFSET);
        assertEquals(24, SetVqueueRequest.DESCRIPTORS_OFFSET);
        assertEquals(32, SetVqueueRequest.DRIVER_OFFSET);
        assertEquals(40, SetVqueueRequest.DEVICE_OFFSET);
        assertEquals(48, SetVqueueRequest.SIZE);
        assertEquals("000a0500080030000300000000000000" + "8000000000000000" + ADDRESSES,
                hex(fill(SetVqueueRequest.of(WireProfile.RFC3))));
        assertEquals("000a0500080030000300000001000000" + "8000000000000000" + ADDRESSES,
                hex(fill(SetVqueueRequest.of(WireProfile.V1))));
    }

    private SetVqueueRequest fill(SetVqueueRequest view) {
        return view.create(base, 0, 5, 8, 3, 128, 0x10000, 0x10800, 0x11000);
    }

    @Test
    void shouldKeepHugeValuesOutOfTheReservedFields() {
        SetVqueueRequest view = SetVqueueRequest.of(WireProfile.RFC3).create(base, 0, 5, 8, -1, -1, -1, -2, -3);
        assertEquals("ffffffff00000000ffffffff00000000", hex(view).substring(16, 48));
        assertEquals(0xffff_ffffL, view.index());
        assertEquals(0xffff_ffffL, view.size());
        assertEquals(-1, view.descriptors());
        assertEquals(-2, view.driver());
        assertEquals(-3, view.device());
    }

    @Test
    void shouldEnableByFlagInV1AndAlwaysInRfc3() {
        SetVqueueRequest v1 = fill(SetVqueueRequest.of(WireProfile.V1));
        assertTrue(v1.enables());
        assertFalse(v1.flags(0).enables());
        assertFalse(v1.flags(2).enables());
        SetVqueueRequest rfc3 = fill(SetVqueueRequest.of(WireProfile.RFC3));
        assertTrue(rfc3.enables());
        base.set(ValueLayout.JAVA_INT_UNALIGNED, SetVqueueRequest.FLAGS_OFFSET, 2);
        assertTrue(rfc3.enables());
        assertEquals(0, rfc3.flags());
        assertEquals(0, GetVqueueResponse.of(WireProfile.RFC3).wrap(base, 0).flags(3).flags());
    }

    @Test
    void shouldPinEvents() {
        assertEquals(8, EventAvail.INDEX_OFFSET);
        assertEquals(12, EventAvail.NEXT_OFFSET);
        assertEquals(16, EventAvail.SIZE);
        assertEquals(8, EventUsed.INDEX_OFFSET);
        assertEquals(12, EventUsed.SIZE);
        EventAvail avail = new EventAvail().create(base, 0, 5, 0, 12 | EventAvail.WRAP);
        assertEquals("0041050000001000000000000c000080", hex(avail));
        assertEquals(12, avail.nextOffset());
        assertEquals(1, avail.nextWrap());
        assertEquals(-2, new EventAvail().create(base, 0, 5, -1, -2).next());
        assertEquals("0042050000000c0002000000", hex(new EventUsed().create(base, 0, 5, 2)));
    }
}
