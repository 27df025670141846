// SPDX-License-Identifier: Apache-2.0
package vireo.stress;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import vireo.device.FeatureSet;
import vireo.virtqueue.DriverRing;
import vireo.virtqueue.QueueEngine;
import vireo.virtqueue.QueueEngines;

/** The device goes to sleep while the driver makes a chain available: one of the two must notice (rules VQ-SPL-09, VQ-SUP). */
@JCStressTest
@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "the device sleeps and is rung awake")
@Outcome(id = "0, 1", expect = Expect.ACCEPTABLE, desc = "the device found the chain itself, and is rung too")
@Outcome(id = "0, 0", expect = Expect.ACCEPTABLE, desc = "the device found the chain itself")
@Outcome(id = "1, 0", expect = Expect.FORBIDDEN, desc = "the device sleeps and nobody rings: the chain is lost")
@State
public class KickAgainstArmEventIndex {

    private int rung;
    private final Place place = new Place();
    private final DriverRing ring = new DriverRing(0, 2, FeatureSet.of(FeatureSet.VERSION_1, FeatureSet.EVENT_IDX),
            place.address, place.segment, (queue, next) -> rung++);
    private final QueueEngine engine = QueueEngines.open(ring.spec(), Place.MEMORY, new SilentEvents(), 0, 0, new int[0], 1);

    /** Sets the queue up as it is in service: it was served, found empty and its bell is off. */
    public KickAgainstArmEventIndex() {
        engine.handler(chain -> chain.complete(0));
        engine.serve(1);
    }

    /**
     * The device's worker.
     *
     * @param result first value: 1 if it goes to sleep
     */
    @Actor
    public void device(II_Result result) {
        result.r1 = engine.arm() ? 1 : 0;
    }

    /**
     * The driver.
     *
     * @param result second value: 1 if it rang
     */
    @Actor
    public void driver(II_Result result) {
        ring.writable(place.address + 2048, 16);
        ring.submit();
        ring.kick();
        result.r2 = rung;
    }
}
