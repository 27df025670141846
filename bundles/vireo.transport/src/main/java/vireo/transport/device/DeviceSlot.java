// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.BusInfo;
import vireo.device.DeviceModel;
import vireo.observe.LogLimit;
import vireo.slot.SlotState;
import vireo.transport.QueueView;
import vireo.transport.SlotView;
import vireo.transport.core.SerialExecutor;

/**
 * One device number of one bus, with all that its driver can see: it outlives its device and its bus. Requests are
 * handled one after another on the slot's own executor; notifications go past it.
 */
final class DeviceSlot implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceSlot.class);

    private final DeviceBus bus;
    private final int number;
    private final String deviceName;
    private final int vendorId;
    private final SlotCounters counters;
    private final SlotRegisters registers;
    private final ConfigSpace config;
    private final SlotEvents events;
    private final SlotQueues queues;
    private final SlotLife life;
    private final SerialExecutor executor;
    private final LogLimit limit = LogLimit.usual();
    private final AtomicReferenceArray<ServedQueue> running;
    private final ArrayBlockingQueue<Message> inbox = new ArrayBlockingQueue<>(MessagePool.INBOX);
    private final Runnable work = this::handleNext;
    private volatile MessagePool messages;
    private volatile boolean closed;
    /** Used on the executor only, like the next. */
    private Answers answers;
    private int connection;

    DeviceSlot(DeviceBus bus, int number, PluggedDevice device) {
        DeviceModel model = device.model();
        this.bus = bus;
        this.number = number;
        this.deviceName = device.name();
        this.vendorId = model.vendorId();
        this.counters = new SlotCounters(bus.name(), number, deviceName);
        this.registers = new SlotRegisters(model.deviceId(), FeatureOffer.of(model, bus.info(), device.without()),
                model.queueSizes());
        this.config = new ConfigSpace(model.config());
        this.events = new SlotEvents(number, registers, config, bus.outbox(), counters);
        this.running = new AtomicReferenceArray<>(model.queueSizes().size());
        this.queues = new SlotQueues(this);
        this.life = new SlotLife(this, device);
        this.executor = new SerialExecutor("vireo-slot-" + bus.name() + "-" + number);
        this.messages = new MessagePool(events, bus.maxMessageSize());
        this.answers = new Answers(this, bus.info());
    }

    DeviceBus bus() {
        return bus;
    }

    int number() {
        return number;
    }

    String deviceName() {
        return deviceName;
    }

    int vendorId() {
        return vendorId;
    }

    SlotCounters counters() {
        return counters;
    }

    SlotRegisters registers() {
        return registers;
    }

    ConfigSpace config() {
        return config;
    }

    SlotEvents events() {
        return events;
    }

    SlotQueues queues() {
        return queues;
    }

    SlotLife life() {
        return life;
    }

    @Override
    public void execute(Runnable task) {
        executor.execute(() -> {
            if (!closed) {
                guarded(task);
            }
        });
    }

    /** Whatever a task throws costs that task only; an Error must not end the executor's thread. */
    private void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error failure) {
            counters.increment(SlotCounters.DEVICE_FAILURES);
            log(() -> "failed", failure);
        }
    }

    /** Runs what ends with a result on the executor; the result fails if it throws, or if the slot is gone. */
    void submit(CompletableFuture<?> result, Runnable task) {
        executor.execute(() -> {
            try {
                if (closed) {
                    throw new IllegalStateException(this + " is gone");
                }
                task.run();
            } catch (RuntimeException | Error failure) {
                result.completeExceptionally(failure);
            }
        });
    }

    private <T> CompletionStage<T> ask(Supplier<T> question) {
        CompletableFuture<T> result = new CompletableFuture<>();
        submit(result, () -> result.complete(question.get()));
        return result;
    }

    /** A request arrived; on the bus's dispatcher. */
    void arrived(MemorySegment base, long offset, long length, int arrivedOn) {
        counters.increment(SlotCounters.REQUESTS);
        Message message = closed ? null : messages.take();
        if (message == null) {
            counters.increment(SlotCounters.REQUESTS_DROPPED);
            return;
        }
        message.copy(base, offset, length, arrivedOn);
        if (!inbox.offer(message)) {
            counters.increment(SlotCounters.REQUESTS_DROPPED);
            message.release();
            return;
        }
        executor.execute(work);
    }

    /** The driver notified a queue; any thread, the data path. Rule VQ-ROB-14: it may be any queue at any time. */
    void kick(long queue) {
        ServedQueue served = queue >= 0 && queue < running.length() ? running.getAcquire((int) queue) : null;
        if (served == null) {
            counters.increment(SlotCounters.KICKS_IGNORED);
        } else {
            counters.increment(SlotCounters.KICKS);
            served.submit();
        }
    }

    /** Has every queue looked at, because the driver does not notify or its memory changed; tells whether any runs. */
    boolean look() {
        boolean any = false;
        for (int i = 0; i < running.length(); i++) {
            ServedQueue served = running.getAcquire(i);
            if (served != null) {
                any = true;
                served.submit();
            }
        }
        return any;
    }

    void running(int queue, ServedQueue served) {
        running.setRelease(queue, served);
        if (served != null) {
            bus.queueRuns();
        }
    }

    /** Handles what had to wait until now. */
    private void handleAll() {
        while (handleNext()) {
            // Each was handled by the condition.
            continue;
        }
    }

    /**
     * Handles one request. There is a task for each that arrived, so that requests keep their order with everything
     * else that is asked of the slot.
     *
     * @return false if there is none, or if it has to wait
     */
    private boolean handleNext() {
        Message first = inbox.peek();
        if (first == null) {
            return false;
        }
        int arrivedOn = first.connection();
        if (!closed && (arrivedOn - connection > 0 || arrivedOn == connection && answers.mustWait(first))) {
            return false;
        }
        inbox.poll();
        if (closed || arrivedOn != connection) {
            counters.increment(SlotCounters.REQUESTS_STALE);
            first.release();
        } else {
            handle(first);
        }
        return true;
    }

    private void handle(Message message) {
        boolean answered = false;
        try {
            answered = answers.answer(message);
        } catch (RuntimeException | Error failure) {
            counters.increment(SlotCounters.REQUESTS_FAILED);
            log(() -> "could not handle a request", failure);
        }
        if (answered) {
            bus.outbox().put(message);
        } else {
            message.release();
        }
    }

    /** A driver is there; what it sends comes with this number of its connection. Any thread. */
    void connected(int newConnection, boolean resumed) {
        execute(() -> {
            if (newConnection - connection > 0) {
                connection = newConnection;
                life.connected(resumed);
                handleAll();
            }
        });
    }

    /** The bus instance is another one than before, and may have other limits. Any thread. */
    void attached(BusInfo info) {
        messages = new MessagePool(events, info.maxMessageSize());
        execute(() -> {
            answers = new Answers(this, info);
            life.offer();
        });
    }

    /** The driver or the bus is gone. Any thread; completes when nothing of the slot uses the bus any more. */
    CompletionStage<Void> disconnected(int lostConnection) {
        return ask(() -> {
            if (lostConnection - connection >= 0) {
                connection = lostConnection;
                life.disconnected();
            }
            return null;
        });
    }

    /** The device leaves. Any thread. */
    CompletionStage<SlotLife.Departure> leave(boolean graceful) {
        CompletableFuture<SlotLife.Departure> result = new CompletableFuture<>();
        submit(result, () -> {
            SlotLife.Departure departure = life.leave(graceful);
            result.complete(departure);
            handleAll();
        });
        return result.exceptionally(gone -> SlotLife.Departure.GONE);
    }

    /** A successor of the device that left is there; gives null or why it is refused. Any thread. */
    CompletionStage<String> takeOver(PluggedDevice successor) {
        CompletableFuture<String> result = new CompletableFuture<>();
        submit(result, () -> {
            result.complete(life.takeOver(successor));
            handleAll();
        });
        return result.exceptionally(gone -> "the slot is gone");
    }

    /** Nobody came in time. */
    void expired() {
        bus.expired(this);
    }

    /** The slot ends; on the executor. */
    void closed() {
        closed = true;
    }

    /** A copy of what the driver can see. Any thread. */
    SlotState state() {
        List<SlotState.Queue> all = new ArrayList<>();
        for (int i = 0; i < registers.queueCount(); i++) {
            SlotState.Queue set = registers.queue(i);
            ServedQueue served = running.getAcquire(i);
            all.add(served == null || set.size() == 0 ? set : served.position(set));
        }
        return new SlotState(registers.deviceId(), registers.status(), registers.offer(), registers.selected(),
                config.generation(), config.bytes(), all);
    }

    SlotView view() {
        List<QueueView> views = new ArrayList<>();
        for (int i = 0; i < registers.queueCount(); i++) {
            ServedQueue served = running.getAcquire(i);
            SlotState.Queue set = registers.queue(i);
            if (served != null) {
                views.add(served.view());
            } else if (set.size() > 0) {
                views.add(new QueueView(i, set.size(), set.next(), set.inFlight().size(), false));
            }
        }
        return new SlotView(bus.name(), number, deviceName, registers.deviceId(), registers.status(),
                registers.offer(), registers.selected(), config.generation(), life.vacantSince(), views,
                counters.set().values());
    }

    /** Logs a line, put together only if it may pass. */
    void log(Supplier<String> what, Throwable failure) {
        long held = limit.permit();
        if (held >= 0) {
            LOG.warn("{}: {}{}", this, what.get(), held == 0 ? "" : " (" + held + " more were not logged)", failure);
        }
    }

    @Override
    public String toString() {
        return "slot " + number + " of bus " + bus.name() + " (" + deviceName + ")";
    }
}
