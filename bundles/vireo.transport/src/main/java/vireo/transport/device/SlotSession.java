// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import vireo.device.DeviceSession;
import vireo.device.FeatureSet;
import vireo.slot.SlotState;
import vireo.virtqueue.QueueSpec;

/** A device at work for a slot, with the queues that run. Used on the slot's executor only. */
final class SlotSession {
    private final DeviceSlot slot;
    private final SlotContext context;
    private final DeviceSession session;
    private final long epoch;
    private final ServedQueue[] queues;
    private DeviceCalls.Attempt attempt;

    private SlotSession(DeviceSlot slot, SlotContext context, DeviceSession session, long epoch) {
        this.slot = slot;
        this.context = context;
        this.session = Objects.requireNonNull(session, "the device's activate() gave no session");
        this.epoch = epoch;
        this.queues = new ServedQueue[slot.registers().queueCount()];
    }

    static SlotSession activate(DeviceSlot slot, PluggedDevice device, FeatureSet features, long epoch)
            throws Exception {
        SlotContext context = new SlotContext(slot, features);
        return new SlotSession(slot, context, device.device().activate(context), epoch);
    }

    boolean runs(int queue) {
        return queues[queue] != null;
    }

    boolean has(ServedQueue queue) {
        return queues[queue.index()] == queue;
    }

    boolean owns(SlotContext other) {
        return context == other;
    }

    /**
     * Starts a queue.
     *
     * @throws vireo.device.QueueBrokenException if the driver's set-up cannot be used
     * @throws IOException if the bus cannot signal the queue
     * @throws RuntimeException if the device fails
     */
    void start(QueueSpec spec, SlotState.Queue at) throws IOException {
        slot.bus().pool().start();
        ServedQueue queue = new ServedQueue(slot, spec, at, epoch);
        boolean started = false;
        try {
            queue.connect();
            session.queueStarted(queue);
            started = true;
        } finally {
            if (!started) {
                queue.silence();
                queue.close(false);
            }
        }
        queues[spec.index()] = queue;
        slot.running(spec.index(), queue);
        queue.begin();
    }

    /**
     * Stops one queue and waits until the device holds none of its chains.
     *
     * @return where it stood; null if a chain did not come back in time, in which case it stays as it is
     */
    SlotState.Queue stop(int index, long deadlineNanos) {
        ServedQueue queue = queues[index];
        boolean left = await(queue.silence(), deadlineNanos);
        if (left) {
            session.queueStopping(queue);
        }
        if (!left || !await(queue.drained(), deadlineNanos)) {
            return null;
        }
        SlotState.Queue stood = queue.position(slot.registers().queue(index));
        slot.running(index, null);
        queues[index] = null;
        queue.close(true);
        return stood;
    }

    /**
     * Brings device and queues to rest. May be tried again if it failed.
     *
     * @return true if nothing touches driver memory any more
     */
    boolean rest(long deadlineNanos) {
        CompletableFuture<?>[] left = new CompletableFuture<?>[queues.length];
        for (int i = 0; i < queues.length; i++) {
            left[i] = queues[i] == null ? CompletableFuture.completedFuture(null) : queues[i].silence();
            slot.running(i, null);
        }
        if (attempt == null || attempt.ended()) {
            attempt = slot.bus().calls().quiesce(session, deadlineNanos);
        }
        boolean resting = attempt.atRest(deadlineNanos);
        return await(CompletableFuture.allOf(left), deadlineNanos) && resting;
    }

    /** Keeps in the registers where the queues stand; after {@link #rest}. */
    void keepPositions() {
        for (ServedQueue queue : queues) {
            if (queue != null) {
                SlotState.Queue stood = queue.position(slot.registers().queue(queue.index()));
                slot.registers().position(queue.index(), stood.next(), stood.used(), stood.inFlight());
            }
        }
    }

    /**
     * Gives everything back.
     *
     * @param atRest what {@link #rest} said; if false, chains in flight keep their memory and the device its session
     */
    void end(boolean atRest) {
        context.close();
        for (ServedQueue queue : queues) {
            if (queue != null) {
                queue.close(atRest);
            }
        }
        if (atRest) {
            session.close();
        }
    }

    private static boolean await(Future<?> what, long deadlineNanos) {
        while (true) {
            try {
                what.get(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
                return true;
            } catch (TimeoutException late) {
                return false;
            } catch (ExecutionException never) {
                throw new IllegalStateException(never);
            } catch (InterruptedException ignored) {
                // Nobody interrupts a slot's executor for a reason that this wait would have to know.
                continue;
            }
        }
    }
}
