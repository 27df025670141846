// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusInfo;
import vireo.bus.WireProfile;
import vireo.codec.MessageIds;
import vireo.transport.core.Messages;

/** The configuration space: who may change it when, and what the driver hears of it. */
@Timeout(30)
class ConfigTest {
    private DeviceRig rig;
    private FakeDevice device;

    @BeforeEach
    void begin() throws Exception {
        rig = new DeviceRig();
        device = rig.plug("disk", new FakeDevice());
        rig.awaitSlot(1);
    }

    @AfterEach
    void end() {
        rig.close();
    }

    private static byte[] data(byte[] message, int at) {
        return Arrays.copyOfRange(message, at, message.length);
    }

    private byte[] read(int offset, int length) throws Exception {
        return rig.ask(MessageIds.GET_CONFIG, 1, offset, length);
    }

    private int generation() throws Exception {
        return Messages.word(read(0, 0), 8);
    }

    private byte[] write(int generation, int offset, byte... bytes) throws Exception {
        return rig.answer(sendWrite(generation, offset, bytes));
    }

    private int sendWrite(int generation, int offset, byte... bytes) {
        int[] words = new int[3 + (bytes.length + 3) / 4];
        words[0] = generation;
        words[1] = offset;
        words[2] = bytes.length;
        ByteBuffer all = ByteBuffer.allocate(words.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        all.position(12).put(bytes);
        all.position(12);
        for (int i = 3; i < words.length; i++) {
            words[i] = all.getInt();
        }
        return rig.send(0, MessageIds.SET_CONFIG, 1, words);
    }

    @Test
    void shouldAnswerTheBytesThatExistWhenRangeIsTooLong() throws Exception {
        byte[] all = read(0, 0xffffffff);
        assertEquals(8, Messages.word(all, 16));
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 8}, data(all, 20));
        assertArrayEquals(new byte[] {7, 8}, data(read(6, 100), 20));
        assertEquals(0, Messages.word(read(8, 1), 16));
        byte[] far = read(0xfffffffc, 8);
        assertEquals(20, far.length);
        assertEquals(0xfffffffc, Messages.word(far, 12));
    }

    @Test
    void shouldRejectWriteWhenGenerationIsStale() throws Exception {
        int generation = generation();
        byte[] answer = write(generation + 1, 0, (byte) 9);
        assertEquals(20, answer.length);
        assertEquals(generation, Messages.word(answer, 8));
        assertEquals(0, Messages.word(answer, 16));
        assertTrue(device.notes.isEmpty());
        assertEquals(1, rig.count(1, "config_rejected"));
    }

    @Test
    void shouldRejectWriteWhenOutOfRange() throws Exception {
        int generation = generation();
        assertEquals(0, Messages.word(write(generation, 7, (byte) 9, (byte) 9), 16));
        assertEquals(0, Messages.word(write(generation, -1, (byte) 9, (byte) 9), 16));
        assertEquals(0, Messages.word(write(generation, 0), 16));
        assertTrue(device.notes.isEmpty());
    }

    @Test
    void shouldRejectWriteWhenDeviceDoes() throws Exception {
        device.writes = write -> false;
        assertEquals(0, Messages.word(write(generation(), 0, (byte) 9), 16));
        device.writes = write -> {
            throw new IllegalStateException("broken device");
        };
        assertEquals(0, Messages.word(write(generation(), 0, (byte) 9), 16));
        assertArrayEquals(new byte[] {1}, data(read(0, 1), 20));
    }

    @Test
    void shouldKeepGenerationWhenDriverWrites() throws Exception {
        int generation = generation();
        byte[] answer = write(generation, 2, (byte) 33, (byte) 34);
        assertEquals(generation, Messages.word(answer, 8));
        assertEquals(2, Messages.word(answer, 16));
        assertArrayEquals(new byte[] {33, 34}, data(answer, 20));
        assertArrayEquals(new byte[] {1, 2, 33, 34, 5, 6, 7, 8}, data(read(0, 8), 20));
        assertEquals(generation, generation());
    }

    @Test
    void shouldTellOfFurtherBytesBeforeTheAnswerWhenWriteChangedThem() throws Exception {
        device.writes = write -> {
            write.also(6, new byte[] {77});
            assertThrows(IndexOutOfBoundsException.class, () -> write.also(8, new byte[1]));
            return true;
        };
        rig.status(1, DeviceRig.ACK);
        int generation = generation();
        byte[] answer = write(generation, 0, (byte) 9);
        assertEquals(generation + 1, Messages.word(answer, 8));
        byte[] event = rig.event(MessageIds.EVENT_CONFIG);
        assertEquals(generation + 1, Messages.word(event, 12));
        assertEquals(6, Messages.word(event, 16));
        assertArrayEquals(new byte[] {77}, data(event, 24));
        int order = rig.wire.sent().stream().map(message -> Messages.type(message) << 8 | Messages.id(message)).toList()
                .indexOf(MessageIds.EVENT_CONFIG);
        int answered = rig.wire.sent().stream().map(Messages::id).toList().indexOf(MessageIds.SET_CONFIG);
        assertTrue(order >= 0 && order < answered, "event at " + order + ", answer at " + answered);
    }

    @Test
    void shouldTellOfBytesWhenDeviceChangesThem() throws Exception {
        rig.start(1);
        int generation = generation();
        device.context.updateConfig(4, new byte[] {50, 60});
        byte[] event = rig.event(MessageIds.EVENT_CONFIG);
        assertEquals(15, Messages.word(event, 8));
        assertEquals(generation + 1, Messages.word(event, 12));
        assertArrayEquals(new byte[] {50, 60}, data(event, 24));
        assertThrows(IndexOutOfBoundsException.class, () -> device.context.updateConfig(7, new byte[2]));
        assertEquals(generation + 1, generation());
    }

    @Test
    void shouldTellOfEverythingAtOnceWhenBusWasFull() throws Exception {
        rig.start(1);
        int generation = generation();
        AtomicBoolean full = new AtomicBoolean(true);
        rig.wire.full(message -> full.get());
        for (int i = 0; i < 5; i++) {
            device.context.updateConfig(i, new byte[] {(byte) (100 + i)});
        }
        int stale = sendWrite(generation, 7, (byte) 1);
        int read = rig.send(0, MessageIds.GET_CONFIG, 1, 0, 8);
        rig.settle();
        rig.awaitCount(1, "config_rejected", 1);
        int before = rig.wire.sent().size();
        full.set(false);
        assertEquals(0, Messages.word(rig.answer(stale), 16));
        assertArrayEquals(new byte[] {100, 101, 102, 103, 104, 6, 7, 8}, data(rig.answer(read), 20));
        byte[] event = rig.wire.sent().get(before);
        assertEquals(MessageIds.EVENT_CONFIG, Messages.id(event));
        assertEquals(generation + 5, Messages.word(event, 12));
        assertArrayEquals(new byte[] {100, 101, 102, 103, 104}, data(event, 24));
        assertEquals(1, rig.count(1, "config_events"));
    }

    @Test
    void shouldUndoWhatTheDriverWroteAndKeepCountingWhenReset() throws Exception {
        rig.start(1);
        int generation = generation();
        write(generation, 0, (byte) 99);
        device.context.updateConfig(7, new byte[] {88});
        rig.event(MessageIds.EVENT_CONFIG);
        rig.status(1, 0);
        byte[] after = read(0, 8);
        assertEquals(generation + 2, Messages.word(after, 8));
        assertArrayEquals(new byte[] {1, 2, 3, 4, 5, 6, 7, 88}, data(after, 20));
        assertTrue(rig.events.stream().noneMatch(event -> Messages.id(event) == MessageIds.EVENT_CONFIG));
    }

    @Test
    void shouldSayNothingWhenSessionIsOver() throws Exception {
        rig.start(1);
        rig.status(1, 0);
        int generation = generation();
        device.context.updateConfig(0, new byte[] {50});
        device.context.needsReset("too late");
        assertEquals(0, rig.status(1));
        assertEquals(generation, generation());
    }

    @Test
    void shouldStartAtAnotherCountWhenSlotIsNew() throws Exception {
        rig.plug("second", new FakeDevice());
        rig.awaitSlot(2);
        // One time in 2^32 this is a coincidence.
        assertFalse(rig.slot(1).generation() == rig.slot(2).generation());
    }

    @Test
    void shouldCheckGenerationInV1OnlyWhenStrict() throws Exception {
        for (int strict = 0; strict <= 1; strict++) {
            rig.close();
            BusInfo info = new BusInfo("b", BusInfo.Role.DEVICE, WireProfile.V1, 1, strict, 264, 64,
                    BusInfo.TokenOwner.TRANSPORT, BusInfo.Signalling.IN_BAND, BusInfo.Signalling.IN_BAND, false, 256);
            rig = new DeviceRig(info);
            device = rig.plug("disk", new FakeDevice());
            rig.awaitSlot(1);
            byte[] answer = write(generation() + 5, 0, (byte) 9);
            assertEquals(strict == 0 ? 1 : 0, Messages.word(answer, 16));
        }
        assertTrue(device.notes.isEmpty());
    }
}
