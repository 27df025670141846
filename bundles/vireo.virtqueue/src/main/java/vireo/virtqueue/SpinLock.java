// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Keeps the few stores of a completion together. Completions come from any thread and the used ring has one next slot,
 * so something must order them; the section is some ten stores long, calls nobody and allocates nothing, which is why
 * whoever comes second spins instead of parking. A holder that lost its processor is waited for with yields.
 */
final class SpinLock {

    private static final int SPINS = 100;
    private static final VarHandle HELD;

    static {
        try {
            HELD = MethodHandles.lookup().findVarHandle(SpinLock.class, "held", int.class);
        } catch (ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }

    @SuppressWarnings("unused")
    private int held;

    void lock() {
        if (!HELD.compareAndSet(this, 0, 1)) {
            contend();
        }
    }

    private void contend() {
        for (int spins = 0; !HELD.compareAndSet(this, 0, 1);) {
            if (spins < SPINS) {
                spins++;
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
    }

    void unlock() {
        HELD.setRelease(this, 0);
    }
}
