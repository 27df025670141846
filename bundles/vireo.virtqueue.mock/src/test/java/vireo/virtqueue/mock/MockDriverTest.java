// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue.mock;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.FeatureSet;
import vireo.memory.MemoryGeneration;

/** The mock's bytes, against virtqueues.md section 3.1 and not against any other code. */
@Timeout(20)
class MockDriverTest {

    private static final int SIZE = 4;

    private final MockDriver driver = new MockDriver(SIZE, FeatureSet.of(FeatureSet.VERSION_1), 8192);
    private final RawRing ring = driver.ring();

    @AfterEach
    void close() {
        driver.close();
    }

    private int byteAt(long address) {
        return driver.memory().get(ValueLayout.JAVA_BYTE, driver.offset(address)) & 0xff;
    }

    @Test
    void shouldRefuseWhenMemoryIsUsedUp() {
        assertThrows(IllegalStateException.class, () -> driver.allocate(8192));
    }

    @Test
    void shouldSubmitNothingWhenDescriptorsRunOut() {
        long data = driver.allocate(64);
        for (int i = 0; i < SIZE + 1; i++) {
            driver.readable(data, 1);
        }
        assertEquals(-1, driver.submit());
        assertEquals(0, ring.availIndex());
    }

    @Test
    void shouldThrowWhenDeviceUsesWhatItDoesNotHave() {
        driver.readable(driver.allocate(16), 16).submit();
        ring.used(0, 3, 0);
        ring.usedIndex(1);
        assertThrows(IllegalStateException.class, driver::poll);
    }

    @Test
    void shouldLayPartsOutAlignedAndApart() {
        assertEquals(0, driver.descriptorsAddress() % 16);
        assertEquals(driver.descriptorsAddress() + 16 * SIZE, driver.driverAddress());
        assertEquals(0, driver.deviceAddress() % 4);
        assertTrue(driver.deviceAddress() >= driver.driverAddress() + 6 + 2 * SIZE);
        assertTrue(driver.allocate(1) >= driver.deviceAddress() + 6 + 8 * SIZE);
    }

    @Test
    void shouldPutEveryFieldWhereTheStandardHasIt() {
        ring.descriptor(1, 0x1122334455667788L, 0xaabbccddL, 0x0102, 0x0304);
        byte[] descriptor = driver.get(driver.descriptorsAddress() + 16, 16);
        assertArrayEquals(new byte[] {(byte) 0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, (byte) 0xdd, (byte) 0xcc,
            (byte) 0xbb, (byte) 0xaa, 0x02, 0x01, 0x04, 0x03}, descriptor);
        assertEquals(0xaabbccddL, ring.descriptorLength(1));
        assertEquals(0x0102, ring.descriptorFlags(1));
        assertEquals(0x0304, ring.descriptorNext(1));
        assertEquals(0x1122334455667788L, ring.descriptorAddress(1));
        ring.availFlags(0x11);
        ring.availIndex(0x22);
        ring.availHead(3, 0x33);
        ring.usedEvent(0x44);
        assertEquals(0x11, byteAt(driver.driverAddress()));
        assertEquals(0x22, byteAt(driver.driverAddress() + 2));
        assertEquals(0x33, byteAt(driver.driverAddress() + 4 + 2 * 3));
        assertEquals(0x44, byteAt(driver.driverAddress() + 4 + 2 * SIZE));
        ring.usedFlags(0x55);
        ring.usedIndex(0x66);
        ring.used(2, 0x77, 0x88);
        ring.availEvent(0x99);
        assertEquals(0x55, byteAt(driver.deviceAddress()));
        assertEquals(0x66, byteAt(driver.deviceAddress() + 2));
        assertEquals(0x77, byteAt(driver.deviceAddress() + 4 + 8 * 2));
        assertEquals(0x88, byteAt(driver.deviceAddress() + 8 + 8 * 2));
        assertEquals(0x99, byteAt(driver.deviceAddress() + 4 + 8 * SIZE));
    }

    @Test
    void shouldLinkDirectChain() {
        long data = driver.allocate(64);
        int head = driver.readable(data, 16).writable(data + 16, 32).submit();
        int second = ring.descriptorNext(head);
        assertEquals(RawRing.NEXT, ring.descriptorFlags(head));
        assertEquals(RawRing.WRITE, ring.descriptorFlags(second));
        assertEquals(data + 16, ring.descriptorAddress(second));
        assertEquals(1, ring.availIndex());
        assertEquals(head, ring.availHead(0));
    }

    @Test
    void shouldPutRestOfChainIntoTable() {
        long data = driver.allocate(64);
        int head = driver.readable(data, 1).readable(data, 2).writable(data, 3).submitMixed(1);
        assertEquals(RawRing.NEXT, ring.descriptorFlags(head));
        int indirect = ring.descriptorNext(head);
        assertEquals(RawRing.INDIRECT, ring.descriptorFlags(indirect));
        assertEquals(32, ring.descriptorLength(indirect));
        byte[] table = driver.get(ring.descriptorAddress(indirect), 32);
        assertEquals(2, table[8]);
        assertEquals(RawRing.NEXT, table[12]);
        assertEquals(1, table[14]);
        assertEquals(3, table[24]);
        assertEquals(RawRing.WRITE, table[28]);
    }

    @Test
    void shouldGetItsDescriptorsBack() {
        long data = driver.allocate(64);
        for (int round = 0; round < 3 * SIZE; round++) {
            int head = driver.readable(data, 1).writable(data, 1).submit();
            assertNotEquals(-1, head);
            assertFalse(driver.poll());
            ring.used(round % SIZE, head, 1);
            ring.usedIndex(round + 1);
            assertTrue(driver.poll());
            assertEquals(head, driver.usedId());
            assertEquals(1, driver.usedLength());
        }
    }

    @Test
    void shouldOfferItsMemoryAsOneRegion() {
        MemoryGeneration generation = driver.guest().acquire();
        assertEquals(0, generation.find(MockDriver.BASE, 8192));
        assertEquals(MemoryGeneration.NOT_MAPPED, generation.find(MockDriver.BASE, 8193));
        generation.release();
    }

    @Test
    void shouldScribbleWithinRingsOnlyWhenAskedTo() {
        long data = driver.allocate(256);
        driver.scribbleRings(new Random(1), 1000);
        assertArrayEquals(new byte[256], driver.get(data, 256));
        driver.scribbleMemory(new Random(1), 1000);
        assertFalse(Arrays.equals(new byte[256], driver.get(data, 256)));
    }
}
