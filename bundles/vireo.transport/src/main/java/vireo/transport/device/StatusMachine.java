// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

/** The device status as a table of legal steps (virtqueues.md section 1, rules VQ-STS-01 to 08). */
final class StatusMachine {
    static final int ACKNOWLEDGE = 1;
    static final int DRIVER = 2;
    static final int DRIVER_OK = 4;
    static final int FEATURES_OK = 8;
    static final int NEEDS_RESET = 64;
    static final int FAILED = 128;

    /** Only the low byte has a meaning; the rest is ignored (transport.md section 17, item 30). */
    static final int BITS = 0xff;

    private static final int SEQUENCE = ACKNOWLEDGE | DRIVER | DRIVER_OK | FEATURES_OK;
    private static final int DRIVER_BITS = SEQUENCE | FAILED;

    /** From each state of the initialization sequence to the next; there is no other way forward. */
    private static final int[][] STEPS = {
        {0, ACKNOWLEDGE},
        {ACKNOWLEDGE, ACKNOWLEDGE | DRIVER},
        {ACKNOWLEDGE | DRIVER, ACKNOWLEDGE | DRIVER | FEATURES_OK},
        {ACKNOWLEDGE | DRIVER | FEATURES_OK, ACKNOWLEDGE | DRIVER | FEATURES_OK | DRIVER_OK},
    };

    private StatusMachine() {
    }

    static boolean isReset(int written) {
        return (written & BITS) == 0;
    }

    /**
     * Tells whether a driver may write a value: a state of the sequence that clears nothing, with FAILED or without. A
     * driver that writes back what it read writes NEEDS_RESET too, which is its device's bit and means nothing here.
     */
    static boolean legal(int current, int written) {
        int newBits = written & BITS & ~current;
        return isReset(written) || (newBits & ~DRIVER_BITS) == 0 && (current & ~written & DRIVER_BITS) == 0
                && isState(written & SEQUENCE) && (written & SEQUENCE) != 0
                && ((newBits & FAILED) == 0 || current != 0) && ((newBits & SEQUENCE) == 0 || open(current));
    }

    private static boolean isState(int bits) {
        for (int[] step : STEPS) {
            if (step[0] == bits || step[1] == bits) {
                return true;
            }
        }
        return false;
    }

    /** FAILED and NEEDS_RESET are left by a reset only. */
    private static boolean open(int current) {
        return (current & (FAILED | NEEDS_RESET)) == 0;
    }

    /**
     * Gives the next status on the way to what a driver wrote. Several steps may be written at once; each is judged by
     * itself.
     *
     * @param current the status now
     * @param written a legal value other than a reset
     * @return the status after one step, or {@code current} if there is none left to take
     */
    static int step(int current, int written) {
        if ((written & ~current & FAILED) != 0) {
            return current | FAILED;
        }
        if (open(current) && (written & SEQUENCE) != (current & SEQUENCE)) {
            for (int[] step : STEPS) {
                if (step[0] == (current & SEQUENCE)) {
                    return step[1];
                }
            }
        }
        return current;
    }

    /** Tells whether queues are served in a status. */
    static boolean live(int status) {
        return (status & (DRIVER_OK | NEEDS_RESET | FAILED)) == DRIVER_OK;
    }
}
