// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

import vireo.bus.QueueSignal;
import vireo.device.Chain;
import vireo.device.ChainHandler;
import vireo.device.DeviceQueue;
import vireo.os.Poller;
import vireo.slot.SlotState;
import vireo.transport.QueueView;
import vireo.virtqueue.QueueEngine;
import vireo.virtqueue.QueueEngines;
import vireo.virtqueue.QueueEvents;
import vireo.virtqueue.QueueSpec;

/**
 * A queue while it runs: an engine over the driver's ring, the signals of both directions, and the task by which
 * workers serve it. It is what the device's session sees of the queue.
 */
final class ServedQueue extends PooledTask implements DeviceQueue, QueueEvents {
    private final DeviceSlot slot;
    private final QueueEngine engine;
    private final int index;
    private final int size;
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private QueueSignal kick;
    private QueueSignal call;
    private Poller.Registration registration;
    /** The descriptor became readable and is waited for no more. */
    private volatile boolean kicked;
    private volatile boolean broken;

    /**
     * Opens the engine; nothing is served before {@link #begin()}.
     *
     * @param slot whose queue it is
     * @param spec what the driver chose
     * @param at where it goes on
     * @param epoch number of the session
     */
    ServedQueue(DeviceSlot slot, QueueSpec spec, SlotState.Queue at, long epoch) {
        super(slot.bus().pool());
        this.slot = slot;
        this.index = spec.index();
        this.size = spec.size();
        int[] heads = at.inFlight().stream().mapToInt(Integer::intValue).toArray();
        engine = QueueEngines.open(spec, slot.bus().memory(), this, at.next(), at.used(), heads, epoch);
        if (heads.length > 0) {
            slot.counters().add(SlotCounters.CHAINS_REDELIVERED, heads.length);
            engine.redeliver();
        }
    }

    /** Opens what the bus has for signals beside its messages. */
    void connect() throws IOException {
        DeviceBus bus = slot.bus();
        call = bus.callSignal(slot.number(), index);
        kick = bus.kickSignal(slot.number(), index);
        if (kick != null && kick.fd() >= 0) {
            registration = Poller.register(kick.fd(), this::readable);
        }
    }

    private void readable() {
        kicked = true;
        slot.counters().increment(SlotCounters.KICKS);
        submit();
    }

    @Override
    void prepare() {
        if (kicked) {
            kicked = false;
            kick.drain();
            registration.rearm();
        }
    }

    @Override
    int serve(int budget) {
        return engine.serve(budget);
    }

    @Override
    boolean arm() {
        return engine.arm();
    }

    @Override
    void failed(Throwable failure) {
        slot.life().queueFailed(this, failure);
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void handler(ChainHandler handler) {
        engine.handler(handler);
        submit();
    }

    @Override
    public Chain take() {
        return engine.take();
    }

    @Override
    public void wake() {
        submit();
    }

    @Override
    public void notifyDriver(int queue) {
        QueueSignal signal = call;
        if (signal != null) {
            slot.counters().increment(SlotCounters.CALLS);
            signal.signal();
        } else if (slot.bus().callsInBand()) {
            slot.events().used(index);
        }
    }

    @Override
    public void broken(int queue, String reason) {
        broken = true;
        slot.counters().increment(SlotCounters.QUEUES_BROKEN);
        slot.life().queueBroken(this, reason);
    }

    @Override
    public void dropped(int queue) {
        slot.counters().increment(SlotCounters.COMPLETIONS_DROPPED);
    }

    @Override
    public void wake(int queue) {
        submit();
    }

    @Override
    public void handlerFailed(int queue, Throwable thrown) {
        slot.counters().increment(SlotCounters.HANDLER_FAILURES);
        slot.log(() -> "its device failed to handle a chain of queue " + index, thrown);
    }

    @Override
    public void drained(int queue) {
        drained.complete(null);
    }

    /**
     * Hands out no chain any more and hears no signal.
     *
     * @return completes when no worker is in it any more
     */
    CompletableFuture<Void> silence() {
        engine.stop();
        return halt();
    }

    /** Completes when the session holds no chain of a silenced queue any more. */
    CompletableFuture<Void> drained() {
        return drained;
    }

    /** Where it stands; exact once it is silenced and its session at rest. */
    SlotState.Queue position(SlotState.Queue set) {
        List<Integer> heads = Arrays.stream(engine.inFlight()).boxed().collect(Collectors.toList());
        return new SlotState.Queue(set.size(), set.descriptors(), set.driver(), set.device(), engine.position(),
                engine.usedPosition(), heads);
    }

    QueueView view() {
        return new QueueView(index, size, engine.position(), engine.inFlightCount(), broken);
    }

    /**
     * Gives everything back.
     *
     * @param atRest true if nothing touches driver memory any more; else chains in flight keep it mapped
     */
    void close(boolean atRest) {
        if (registration != null) {
            registration.close();
        }
        if (kick != null) {
            kick.close();
        }
        if (atRest) {
            engine.abandon();
        }
        engine.close();
        QueueSignal signal = call;
        if (signal != null) {
            signal.close();
        }
    }
}
