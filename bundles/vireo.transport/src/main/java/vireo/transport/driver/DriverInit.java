// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.concurrent.locks.LockSupport;

import vireo.bus.BusInfo.Signalling;
import vireo.device.FeatureSet;
import vireo.driver.RemoteDevice;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;

/** Walks a device from wherever it is to FEATURES_OK, and on to DRIVER_OK (virtqueues.md section 1.1). */
final class DriverInit {
    private static final int FOUND = RemoteDevice.ACKNOWLEDGE;
    private static final int DRIVEN = FOUND | RemoteDevice.DRIVER;
    private static final int AGREED = DRIVEN | RemoteDevice.FEATURES_OK;
    private static final int LIVE = AGREED | RemoteDevice.DRIVER_OK;
    /** What the transport decides: bits 24 to 40 and 43, as section 2 there divides them. */
    private static final FeatureSet TRANSPORT_BITS = FeatureSet.ofBlocks(0xff00_0000, 0b1001_1111_1111);
    private static final FeatureSet RINGS = FeatureSet.of(FeatureSet.INDIRECT_DESC, FeatureSet.EVENT_IDX,
            FeatureSet.VERSION_1, FeatureSet.ACCESS_PLATFORM, FeatureSet.RING_RESET);
    private static final long FIRST_LOOK_NANOS = 1_000_000;
    private static final long LAST_LOOK_NANOS = 50_000_000;

    private final Target target;
    private final DeviceRequests requests;
    private final long deadlineNanos;
    private volatile int status;
    private volatile boolean touched;
    private volatile FeatureSet offered = FeatureSet.NONE;
    private volatile FeatureSet selected = FeatureSet.NONE;

    DriverInit(Target target, DeviceRequests requests, long deadlineNanos) {
        this.target = target;
        this.requests = requests;
        this.deadlineNanos = deadlineNanos;
    }

    /** The status last seen. */
    int status() {
        return status;
    }

    /** An EVENT_CONFIG came; gives the bits that were not set before. */
    int event(int now) {
        int before = status;
        status = now;
        return now & ~before;
    }

    FeatureSet offered() {
        return offered;
    }

    FeatureSet selected() {
        return selected;
    }

    int ask() throws RequestException {
        status = requests.status();
        return status;
    }

    /** Whether the device was brought to some state here, and not reset since. */
    boolean touched() {
        return touched;
    }

    int set(int wanted) throws RequestException {
        touched = true;
        status = requests.setStatus(wanted, deadlineNanos);
        return status;
    }

    FeatureSet features(int blocks) throws RequestException {
        offered = requests.features(blocks);
        return offered;
    }

    /** Resets and does not return before the device says that it is reset (rule VQ-RST-04). */
    void reset(long timeoutNanos) throws RequestException {
        long deadline = System.nanoTime() + timeoutNanos;
        selected = FeatureSet.NONE;
        int now = requests.setStatus(0, timeoutNanos);
        for (long pause = FIRST_LOOK_NANOS; now != 0; pause = Math.min(2 * pause, LAST_LOOK_NANOS)) {
            if (deadline - System.nanoTime() <= 0) {
                throw new RequestException(Kind.NO_ANSWER, target + " still has status " + now + " after it was told "
                        + timeoutNanos / 1_000_000 + " ms ago to reset itself", null);
            }
            LockSupport.parkNanos(this, pause);
            if (Thread.currentThread().isInterrupted()) {
                throw new RequestException(Kind.TRANSMISSION, "interrupted while " + target + " reset itself", null);
            }
            now = requests.status();
        }
        status = 0;
        touched = false;
    }

    /** From status 0 to FEATURES_OK. */
    FeatureSet agree(FeatureSet wanted, int blocks) throws RequestException {
        set(FOUND);
        set(DRIVEN);
        FeatureSet choice = choose(features(blocks), wanted);
        if (!choice.has(FeatureSet.VERSION_1)) {
            throw failed("it does not offer VERSION_1 (bit 32), so it is a legacy device, which virtio-msg does not "
                    + "have; it offers " + offered);
        }
        requests.select(choice, blocks);
        int now = set(AGREED);
        if ((now & RemoteDevice.FEATURES_OK) == 0) {
            throw failed("it offers features " + offered + " and did not agree to " + choice + "; its status is "
                    + now);
        }
        selected = choice;
        return choice;
    }

    private FeatureSet choose(FeatureSet offers, FeatureSet wanted) {
        FeatureSet rings = target.link().info().kicks() == Signalling.IN_BAND
                ? RINGS.plus(FeatureSet.of(FeatureSet.NOTIFICATION_DATA)) : RINGS;
        return offers.and(wanted.minus(TRANSPORT_BITS).plus(rings));
    }

    /** From FEATURES_OK to DRIVER_OK. */
    void live() throws RequestException {
        int now = set(LIVE);
        if ((now & (RemoteDevice.DRIVER_OK | RemoteDevice.NEEDS_RESET)) != RemoteDevice.DRIVER_OK) {
            throw target.refused("it did not go live; its status is " + now);
        }
    }

    /** Gives up: the device learns it, and whoever asked learns why (rules VQ-INI-05 and 06). */
    private RequestException failed(String why) {
        RequestException refusal = target.refused(why);
        try {
            set(status | RemoteDevice.FAILED);
        } catch (RequestException alsoThat) {
            refusal.addSuppressed(alsoThat);
        }
        return refusal;
    }
}
