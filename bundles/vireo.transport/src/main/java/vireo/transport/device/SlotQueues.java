// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.slot.SlotControl;
import vireo.slot.SlotState;
import vireo.virtqueue.QueueEngines;
import vireo.virtqueue.QueueSpec;

/**
 * The queues of a slot as its driver handles them, be it by messages or, where the driver speaks another protocol, by
 * {@link SlotControl}. The methods of that interface are legal on any thread; all others run on the slot's executor.
 */
final class SlotQueues implements SlotControl {
    /** How long a device may hold the chains of a queue that is to stop; less than a driver waits for its answer. */
    private static final long STOP_NANOS = 5_000_000_000L;

    private final DeviceSlot slot;
    private final SlotRegisters registers;
    /** Stopped by hand, and so not started by DRIVER_OK. */
    private final boolean[] held;
    /** Who waits for a queue to start. */
    private final List<Waiting> waiting = new ArrayList<>();

    /** Somebody who waits for a queue to start. */
    private record Waiting(int queue, CompletableFuture<Void> done) {
    }

    SlotQueues(DeviceSlot slot) {
        this.slot = slot;
        this.registers = slot.registers();
        this.held = new boolean[registers.queueCount()];
    }

    /** Tells whether a queue is served once there is a session. */
    boolean startable(int queue) {
        return registers.isSet(queue) && registers.enabled(queue) && !held[queue];
    }

    /**
     * SET_VQUEUE: before DRIVER_OK any queue, after it those that do not run (transport.md section 17, items 16 to 18).
     *
     * @return null if it is set up, else why not
     */
    String set(QueueSpec spec, boolean enable) {
        int index = spec.index();
        if ((registers.status() & StatusMachine.DRIVER_OK) != 0 && registers.isSet(index)
                && registers.enabled(index)) {
            return "it is set up already and was not reset";
        }
        if (spec.size() < 1 || spec.size() > registers.maxSize(index)) {
            return "size=" + spec.size() + " is not in 1.." + registers.maxSize(index);
        }
        String refusal = QueueEngines.check(spec, slot.bus().memory());
        if (refusal == null) {
            registers.setUp(spec, enable);
            held[index] = false;
            startNow(index);
        }
        return refusal;
    }

    private void startNow(int queue) {
        SlotSession session = slot.life().session();
        if (session == null || session.runs(queue) || !startable(queue)) {
            return;
        }
        try {
            session.start(registers.spec(queue), registers.queue(queue));
            started(queue);
        } catch (QueueBrokenException broken) {
            slot.life().failed("queue " + queue + " cannot be served: " + broken.getMessage());
        } catch (InternalError failure) {
            slot.counters().increment(SlotCounters.MEMORY_FAULTS);
            slot.life().failed("the driver's memory went away under queue " + queue + ": " + failure.getMessage());
        } catch (IOException | RuntimeException | LinkageError failure) {
            slot.counters().increment(SlotCounters.DEVICE_FAILURES);
            slot.log(() -> "queue " + queue + " could not be started", failure);
            slot.life().failed("queue " + queue + " could not be started: " + failure);
        }
    }

    /**
     * RESET_VQUEUE: returns when the queue is at rest; nothing happens without RING_RESET (section 17, items 19, 20).
     */
    void reset(int queue) {
        if ((registers.status() & StatusMachine.FEATURES_OK) != 0
                && registers.selected().has(FeatureSet.RING_RESET)) {
            stopNow(queue);
            registers.unset(queue);
            held[queue] = false;
        }
    }

    /** True if the queue is at rest; the device has to be reset otherwise. */
    private boolean stopNow(int queue) {
        SlotSession session = slot.life().session();
        if (session == null || !session.runs(queue)) {
            return true;
        }
        try {
            SlotState.Queue stood = session.stop(queue, System.nanoTime() + STOP_NANOS);
            if (stood != null) {
                registers.position(queue, stood.next(), stood.used(), stood.inFlight());
                return true;
            }
            slot.life().failed("chains of queue " + queue + " did not come back within " + STOP_NANOS / 1_000_000
                    + " ms");
        } catch (RuntimeException | LinkageError failure) {
            slot.counters().increment(SlotCounters.DEVICE_FAILURES);
            slot.log(() -> "its device failed to stop queue " + queue, failure);
            slot.life().failed("its device failed to stop queue " + queue + ": " + failure);
        }
        return false;
    }

    /** Whoever waits for a queue to start is told. */
    void started(int queue) {
        for (Waiting one : List.copyOf(waiting)) {
            if (one.queue() == queue) {
                waiting.remove(one);
                one.done().complete(null);
            }
        }
    }

    /** The slot was reset; nobody waits for any queue any more. */
    void reset() {
        Arrays.fill(held, false);
        List<Waiting> over = List.copyOf(waiting);
        waiting.clear();
        over.forEach(one -> one.done().completeExceptionally(new IllegalStateException("queue " + one.queue()
                + " was reset before it started")));
    }

    @Override
    public CompletionStage<Void> startQueue(int queue, int position) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        slot.submit(done, () -> {
            check(queue);
            if (!registers.isSet(queue) || position < 0 || position > 0xffff) {
                throw new IllegalStateException("queue " + queue + (registers.isSet(queue) ? " cannot start at "
                        + position : " is not set up"));
            }
            SlotSession session = slot.life().session();
            if (session != null && session.runs(queue)) {
                throw new IllegalStateException("queue " + queue + " runs already; stop it first");
            }
            registers.position(queue, position, position, List.of());
            registers.enable(queue);
            held[queue] = false;
            waiting.add(new Waiting(queue, done));
            startNow(queue);
        });
        return done;
    }

    @Override
    public CompletionStage<Integer> stopQueue(int queue) {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        slot.submit(done, () -> {
            check(queue);
            held[queue] = true;
            if (!stopNow(queue)) {
                throw new IllegalStateException("queue " + queue + " did not stop; the device needs a reset");
            }
            done.complete(registers.queue(queue).next());
        });
        return done;
    }

    private void check(int queue) {
        if (queue < 0 || queue >= held.length) {
            throw new IllegalStateException("queue " + queue + " does not exist; the device has " + held.length);
        }
    }

    @Override
    public void setInflight(int queue, MemorySegment record) {
        if (record != null) {
            throw new UnsupportedOperationException("the queue engines keep no shared record of chains in flight");
        }
    }

    @Override
    public SlotState state() {
        return slot.state();
    }
}
