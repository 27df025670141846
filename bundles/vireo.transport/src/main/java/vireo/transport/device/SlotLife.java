// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.time.Instant;
import java.util.concurrent.Future;

import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.slot.SlotState;

/**
 * Who serves a slot, and when: a session exists exactly while a device is plugged in, the driver is there and has set
 * DRIVER_OK, and nothing needs a reset. Whatever changes one of these, {@link #settle()} does the rest. Everything but
 * the methods that say otherwise runs on the slot's executor.
 */
final class SlotLife {
    /** How long a device may take to come to rest when somebody is to go on where it left. */
    static final long HANDOVER_NANOS = 2_000_000_000L;
    /** The same if nobody is; the driver hears of a removal within a second. */
    static final long REMOVAL_NANOS = 700_000_000L;

    private final DeviceSlot slot;
    private final SlotRegisters registers;
    private final ConfigSpace config;
    private PluggedDevice device;
    private boolean attached;
    private SlotSession session;
    /** A session that did not come to rest, and may still touch driver memory. */
    private SlotSession unrested;
    private long epoch;
    private long graceNanos;
    private volatile Instant vacantSince;
    private Future<?> graceTimer;
    private Future<?> lossTimer;

    /** What became of a slot whose device left. */
    enum Departure {
        VACANT, GONE
    }

    SlotLife(DeviceSlot slot, PluggedDevice device) {
        this.slot = slot;
        this.registers = slot.registers();
        this.config = slot.config();
        this.device = device;
        this.graceNanos = device.graceNanos();
    }

    PluggedDevice device() {
        return device;
    }

    SlotSession session() {
        return session;
    }

    /** Any thread. */
    Instant vacantSince() {
        return vacantSince;
    }

    /** The driver is there; unless it is the one that was, with the memory it had, it begins from nothing. */
    void connected(boolean resumed) {
        attached = true;
        cancel(lossTimer);
        if (!resumed) {
            reset();
        }
        settle();
        slot.events().changed();
    }

    /** The driver or the bus is gone; what the driver had stays for a while. */
    void disconnected() {
        attached = false;
        settle();
        cancel(lossTimer);
        lossTimer = slot.bus().timers().after(graceNanos, () -> slot.execute(() -> {
            if (!attached) {
                reset();
            }
        }));
    }

    /** Starts or ends service as the state of everything demands. */
    void settle() {
        boolean wanted = device != null && attached && unrested == null && registers.live();
        if (wanted && session == null) {
            activate();
        } else if (!wanted && session != null) {
            rest(HANDOVER_NANOS);
        }
    }

    private void activate() {
        SlotState state = SlotState.decode(slot.state().encode());
        try {
            session = SlotSession.activate(slot, device, state.selected(), ++epoch);
            for (int i = 0; i < registers.queueCount(); i++) {
                if (slot.queues().startable(i)) {
                    session.start(registers.spec(i), state.queues().get(i));
                    slot.queues().started(i);
                }
            }
        } catch (QueueBrokenException broken) {
            failed("a queue cannot be served: " + broken.getMessage());
        } catch (InternalError failure) {
            slot.counters().increment(SlotCounters.MEMORY_FAULTS);
            failed("the driver's memory went away: " + failure.getMessage());
        } catch (Exception | Error failure) {
            slot.counters().increment(SlotCounters.DEVICE_FAILURES);
            slot.log(() -> "its device cannot serve", failure);
            failed("its device cannot serve: " + failure);
        }
    }

    /** Ends the session, keeping where its queues stand. */
    private boolean rest(long nanos) {
        SlotSession ending = session;
        session = null;
        boolean atRest = ending.rest(System.nanoTime() + nanos);
        ending.keepPositions();
        end(ending, atRest);
        if (!atRest) {
            unrested = ending;
            slot.counters().increment(SlotCounters.UNRESTED);
            failed("its device is not at rest after " + nanos / 1_000_000
                    + " ms or says that it cannot; its memory stays mapped until it is");
        }
        return atRest;
    }

    private void end(SlotSession ending, boolean atRest) {
        try {
            ending.end(atRest);
        } catch (RuntimeException | LinkageError failure) {
            slot.counters().increment(SlotCounters.DEVICE_FAILURES);
            slot.log(() -> "its device failed to close a session", failure);
        }
    }

    /**
     * Resets the slot (rules VQ-RST-01 to 03, VMSG-OPR-31 to 33).
     *
     * @return true if it is complete; false if a device that does not come to rest stands in the way
     */
    boolean reset() {
        if (session != null && !rest(HANDOVER_NANOS)) {
            return false;
        }
        if (unrested != null) {
            if (!unrested.rest(System.nanoTime() + HANDOVER_NANOS)) {
                return false;
            }
            end(unrested, true);
            unrested = null;
        }
        if (registers.status() != 0) {
            slot.counters().increment(SlotCounters.RESETS);
        }
        registers.reset();
        offer();
        config.reset();
        slot.events().forget();
        slot.queues().reset();
        return true;
    }

    /** Another bus instance may carry other features; what is on offer changes only while no driver looks at it. */
    void offer() {
        if (device != null && registers.status() == 0) {
            registers.succeed(FeatureOffer.of(device.model(), slot.bus().info(), device.without()),
                    device.model().queueSizes());
        }
    }

    /** Says that the slot cannot go on. Any thread; without effect once the session is over that says it. */
    void needsReset(SlotContext context, String reason) {
        slot.execute(() -> {
            if (session != null && session.owns(context)) {
                failed(reason);
            }
        });
    }

    /** The driver broke the rules of a ring. Any thread. */
    void queueBroken(ServedQueue queue, String reason) {
        slot.execute(() -> {
            if (session != null && session.has(queue)) {
                failed("queue " + queue.index() + " is broken: " + reason);
            }
        });
    }

    /** Serving a queue failed; InternalError is what is left of driver memory that went away. Any thread. */
    void queueFailed(ServedQueue queue, Throwable failure) {
        boolean memory = failure instanceof InternalError;
        slot.counters().increment(memory ? SlotCounters.MEMORY_FAULTS : SlotCounters.DEVICE_FAILURES);
        slot.log(() -> "queue " + queue.index() + (memory ? ": the driver's memory went away; was its file truncated?"
                : " could not be served"), failure);
        queueBroken(queue, failure.toString());
    }

    /** Sets DEVICE_NEEDS_RESET, tells the driver and ends service (rules VQ-STS-08 and 09). */
    void failed(String reason) {
        int status = registers.status();
        if (status != 0 && (status & StatusMachine.NEEDS_RESET) == 0) {
            slot.counters().increment(SlotCounters.NEEDS_RESET);
            slot.log(() -> "needs a reset: " + reason, null);
            registers.status(status | StatusMachine.NEEDS_RESET);
            config.announce(false);
            slot.events().changed();
        }
        settle();
    }

    /**
     * The device is leaving.
     *
     * @param graceful true if a successor may come
     */
    Departure leave(boolean graceful) {
        boolean wait = graceful && graceNanos > 0 && (registers.status() & StatusMachine.DRIVER_OK) != 0;
        device = null;
        if (session != null) {
            rest(wait ? HANDOVER_NANOS : REMOVAL_NANOS);
        }
        if (!wait) {
            end();
            return Departure.GONE;
        }
        vacantSince = Instant.now();
        cancel(graceTimer);
        graceTimer = slot.bus().timers().after(graceNanos, slot::expired);
        return Departure.VACANT;
    }

    /**
     * A device wants to go on where the last one left.
     *
     * @return null if it does, else why it cannot
     */
    String takeOver(PluggedDevice successor) {
        FeatureSet offer = FeatureOffer.of(successor.model(), slot.bus().info(), successor.without());
        String refusal = Takeover.refusal(registers, config.size(), successor.model(), offer);
        if (refusal != null) {
            slot.counters().increment(SlotCounters.TAKEOVERS_REFUSED);
            return refusal;
        }
        slot.counters().increment(SlotCounters.TAKEOVERS);
        cancel(graceTimer);
        device = successor;
        graceNanos = successor.graceNanos();
        vacantSince = null;
        registers.succeed(offer, successor.model().queueSizes());
        if (config.succeed(successor.model().config())) {
            slot.events().changed();
        }
        settle();
        return null;
    }

    /** The driver reset a slot that nobody serves: there is nothing left for a successor to go on from. */
    void resetWhileVacant() {
        cancel(graceTimer);
        slot.expired();
    }

    private void end() {
        cancel(graceTimer);
        cancel(lossTimer);
        slot.events().forget();
        slot.queues().reset();
        slot.closed();
    }

    private static void cancel(Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
