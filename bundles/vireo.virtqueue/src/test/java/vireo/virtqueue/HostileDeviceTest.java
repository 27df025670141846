// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.device.QueueBrokenException;
import vireo.driver.DriverQueue;

/** A device that uses anything, anyhow: the driver hands out each of its chains at most once, and nothing else. */
@Timeout(60)
class HostileDeviceTest {

    private static final int SIZE = 16;

    @Test
    void shouldHandOutOnlyWhatIsInFlightWhateverDeviceDoes() {
        int broken = 0;
        int handed = 0;
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            try (RingPair pair = new RingPair(SIZE, seed % 2 == 0 ? TestQueue.PLAIN : TestQueue.ALL, 4096)) {
                BitSet inFlight = new BitSet();
                BitSet atDevice = new BitSet();
                int[] count = {0};
                try {
                    for (int step = 0; step < 300; step++) {
                        step(pair, random, inFlight, atDevice, count);
                    }
                } catch (QueueBrokenException expected) {
                    assertTrue(expected.getMessage().contains("VQ-ROB-1"), expected.getMessage());
                    broken++;
                }
                handed += count[0];
            }
        }
        assertTrue(broken > 20 && handed > 2000, broken + " broken, " + handed + " handed out");
    }

    private static void step(RingPair pair, Random random, BitSet inFlight, BitSet atDevice, int[] count) {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> submit(pair, random, inFlight, atDevice);
            case 4, 5, 6, 7 -> use(pair, random, atDevice);
            case 8, 9 -> {
                pair.driver.poll((id, written) -> {
                    assertTrue(inFlight.get(id), "id " + id + " was not in flight");
                    assertTrue(written <= 64);
                    inFlight.clear(id);
                    count[0]++;
                }, 1 + random.nextInt(SIZE));
                assertEquals(inFlight.cardinality(), pair.driver.inFlight());
            }
            case 10 -> {
                pair.driver.kick();
                pair.driver.arm();
            }
            default -> scribble(pair, random);
        }
    }

    private static void submit(RingPair pair, Random random, BitSet inFlight, BitSet atDevice) {
        for (int elements = 1 + random.nextInt(4); elements > 0; elements--) {
            pair.driver.writable(pair.data, 16);
        }
        int id = pair.driver.submit();
        if (id != DriverQueue.FULL) {
            assertTrue(id >= 0 && id < SIZE && !inFlight.get(id), "id " + id);
            inFlight.set(id);
            atDevice.set(id);
        }
    }

    // Uses one that the device has, the right way.
    private static void use(RingPair pair, Random random, BitSet atDevice) {
        int used = pair.raw.usedIndex();
        int id = atDevice.nextSetBit(random.nextInt(SIZE));
        if (id >= 0) {
            pair.raw.used(used % SIZE, id, random.nextInt(17));
            pair.raw.usedIndex(used + 1);
            atDevice.clear(id);
        }
    }

    private static void scribble(RingPair pair, Random random) {
        switch (random.nextInt(30)) {
            case 0 -> pair.raw.usedIndex(random.nextInt(0x1_0000));
            case 1 -> pair.raw.used(random.nextInt(SIZE), random.nextLong(), random.nextLong());
            default -> {
                pair.raw.descriptor(random.nextInt(SIZE), random.nextLong(), random.nextLong(), random.nextInt(),
                        random.nextInt());
                pair.raw.availEvent(random.nextInt());
                pair.raw.usedFlags(random.nextInt());
            }
        }
    }
}
