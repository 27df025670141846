// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Which queues were notified and not yet looked at: a bit per queue, and over it a bit per device that has any. */
final class SignalBits {

    /** Queues per device that can be notified. */
    static final int QUEUES = Long.SIZE;

    /** Told of each queue that was notified. */
    interface Taker {
        void notified(int device, int queue);
    }

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] queues;
    private final long[] devices;

    SignalBits(int maxDevices) {
        queues = new long[maxDevices];
        devices = new long[(maxDevices + Long.SIZE - 1) / Long.SIZE];
    }

    /** Notes a notification, on any thread. */
    void set(int device, int queue) {
        // Whoever sets a device's first bit announces the device before waking the taker, who then takes all of them.
        if ((long) WORD.getAndBitwiseOr(queues, device, 1L << queue) == 0) {
            WORD.getAndBitwiseOr(devices, device / Long.SIZE, 1L << device);
        }
    }

    /** Takes every notification, on one thread, and returns how many there were. */
    int take(Taker taker) {
        int count = 0;
        for (int word = 0; word < devices.length; word++) {
            if ((long) WORD.getOpaque(devices, word) == 0) {
                continue;
            }
            long some = (long) WORD.getAndSet(devices, word, 0L);
            while (some != 0) {
                count += take(word * Long.SIZE + Long.numberOfTrailingZeros(some), taker);
                some &= some - 1;
            }
        }
        return count;
    }

    private int take(int device, Taker taker) {
        long some = (long) WORD.getAndSet(queues, device, 0L);
        int count = Long.bitCount(some);
        while (some != 0) {
            taker.notified(device, Long.numberOfTrailingZeros(some));
            some &= some - 1;
        }
        return count;
    }
}
