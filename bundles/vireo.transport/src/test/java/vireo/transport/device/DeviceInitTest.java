// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.codec.MessageIds;
import vireo.transport.core.Await;
import vireo.transport.core.Messages;

/** A whole initialization and what a driver reads on the way. */
@Timeout(30)
class DeviceInitTest {
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

    @Test
    void shouldServeChainsWhenInitialised() throws Exception {
        rig.start(1);
        rig.submit(1);
        rig.awaitUsed();
        assertEquals(16, rig.driver.usedLength());
        assertEquals(0, Messages.word(rig.event(MessageIds.EVENT_USED), 8));
        rig.submit(1);
        rig.awaitUsed();
        assertEquals(2, device.notes.stream().filter("chain"::equals).count());
    }

    @Test
    void shouldAnnounceDeviceWhenPluggedIn() throws Exception {
        assertEquals(List.of(1, 1), rig.deviceEvent());
    }

    @Test
    void shouldServeChainsThatWereThereWhenDriverOkIsSet() throws Exception {
        rig.negotiate(1);
        rig.setQueue(1);
        rig.driver.writable(rig.driver.allocate(16), 16).submit();
        rig.status(1, DeviceRig.DRIVER_OK);
        rig.awaitUsed();
        assertEquals(16, rig.driver.usedLength());
    }

    @Test
    void shouldStartQueueAtOnceWhenSetUpAfterDriverOk() throws Exception {
        rig.negotiate(1);
        rig.status(1, DeviceRig.DRIVER_OK);
        assertEquals(List.of("activate b 1"), device.notes);
        rig.setQueue(1);
        rig.submit(1);
        rig.awaitUsed();
        assertTrue(device.notes.contains("started 0"));
    }

    @Test
    void shouldSayWhatTheDeviceIs() throws Exception {
        byte[] info = rig.ask(MessageIds.GET_DEVICE_INFO, 1);
        assertEquals(32, info.length);
        assertEquals(FakeDevice.TYPE, Messages.word(info, 8));
        assertEquals(0x1234, Messages.word(info, 12));
        assertEquals(64, Messages.word(info, 16));
        assertEquals(8, Messages.word(info, 20));
        assertEquals(2, Messages.word(info, 24));
        assertEquals(0, Messages.word(info, 28));
    }

    @Test
    void shouldHaveNoSharedMemory() throws Exception {
        byte[] shm = rig.ask(MessageIds.GET_SHM, 1, 7);
        assertArrayEquals(Messages.message(1, MessageIds.GET_SHM, 1, Messages.token(shm), 7, 0, 0), shm);
    }

    @Test
    void shouldEndSessionBeforeStatusIsZeroWhenReset() throws Exception {
        rig.start(1);
        assertEquals(0, rig.status(1, 0));
        assertTrue(device.notes.indexOf("quiesce") >= 0 && device.notes.contains("close"));
        assertEquals(0, rig.queueSize(1, 0));
        rig.start(1);
        assertEquals(2, device.notes.stream().filter("activate b 1"::equals).count());
    }

    @Test
    void shouldCallNobodyWhenNoQueueIsUsed() throws Exception {
        Await.until(() -> rig.counters.size() >= 2);
        rig.status(1, DeviceRig.ACK);
        assertEquals(List.of(), device.notes);
    }
}
