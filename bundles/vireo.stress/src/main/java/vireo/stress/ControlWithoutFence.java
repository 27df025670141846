// SPDX-License-Identifier: Apache-2.0
package vireo.stress;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * The control: the same two sides on the same ring layout with everything but the full barrier between the own store and
 * the look at the other side. It must fail, or the tests beside it show nothing.
 */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the device sleeps and is rung awake")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the device found the chain itself, and is rung too")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "the device found the chain itself")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "the device sleeps and nobody rings: the chain is lost")
@State
public class ControlWithoutFence {

    private static final VarHandle INDEX = ValueLayout.JAVA_SHORT.varHandle();
    private static final long AVAIL_INDEX = 34;
    private static final long AVAIL_EVENT = 64;

    private final MemorySegment ring = new Place().segment;

    /** Puts the event index where the driver does not ring. */
    public ControlWithoutFence() {
        INDEX.set(ring, AVAIL_EVENT, (short) -1);
    }

    /**
     * The device's worker.
     *
     * @param result first value: 1 if it goes to sleep
     */
    @Actor
    public void device(II_Result result) {
        INDEX.setRelease(ring, AVAIL_EVENT, (short) 0);
        result.r1 = (short) INDEX.getAcquire(ring, AVAIL_INDEX) == 0 ? 1 : 0;
    }

    /**
     * The driver.
     *
     * @param result second value: 1 if it rang
     */
    @Actor
    public void driver(II_Result result) {
        INDEX.setRelease(ring, AVAIL_INDEX, (short) 1);
        result.r2 = (short) INDEX.getAcquire(ring, AVAIL_EVENT) == 0 ? 1 : 0;
    }
}
