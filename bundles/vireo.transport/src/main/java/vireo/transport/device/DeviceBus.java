// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

import vireo.bus.BusException;
import vireo.bus.BusInfo;
import vireo.bus.MessageBus;
import vireo.bus.QueueSignal;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.queue.EventAvail;
import vireo.memory.GuestMemory;
import vireo.observe.CounterSet;
import vireo.slot.SlotControl;
import vireo.transport.core.Link;
import vireo.transport.core.LinkOwner;
import vireo.transport.core.SerialExecutor;
import vireo.transport.core.Timers;

/**
 * The slots of one device-role bus, by number. It belongs to the bus's name and not to the instance: bus plug-ins come
 * and go under it.
 */
final class DeviceBus implements LinkOwner {
    private static final int UNKNOWN_DEVICE = 0;
    private static final int UNKNOWN_MESSAGE = 1;
    private static final int DROPPED = 2;

    private final DevicePlatform platform;
    private final CounterSet counters;
    private final Outbox outbox = new Outbox(this);
    private final SerialExecutor lifecycle;
    private final EventAvail avail = new EventAvail();
    private final Runnable look = this::look;
    private final AtomicBoolean watching = new AtomicBoolean();
    private volatile MessagePool messages;
    private volatile BusInfo info;
    private volatile Link link;
    private volatile GuestMemory memory;
    private volatile Enumeration enumeration;
    private volatile DeviceSlot[] slots;
    private volatile int connection;
    private volatile boolean connected;

    DeviceBus(DevicePlatform platform, BusInfo info) {
        this.platform = platform;
        this.counters = new CounterSet("devices", Map.of("bus", info.name()), "unknown_device", "unknown_message",
                "dropped");
        this.lifecycle = new SerialExecutor("vireo-devices-" + info.name());
        this.slots = new DeviceSlot[info.maxDevices()];
        limits(info);
    }

    private synchronized void limits(BusInfo limits) {
        info = limits;
        messages = new MessagePool(null, limits.maxMessageSize());
        enumeration = new Enumeration(limits);
        if (slots.length < limits.maxDevices()) {
            slots = Arrays.copyOf(slots, limits.maxDevices());
        }
    }

    /**
     * Attaches to an instance of the bus. On the lifecycle executor.
     *
     * @throws IllegalStateException if the bus does not let it
     */
    void attach(MessageBus bus) {
        limits(bus.info());
        slots().forEach(slot -> slot.attached(info));
        Link made = new Link(bus, platform.settings(), platform.timers());
        memory = bus.memory();
        link = made;
        boolean started = false;
        try {
            made.start(this);
            memory.watch(look);
            started = true;
        } finally {
            if (!started) {
                link = null;
                made.close();
            }
        }
    }

    /** Lets go of the bus; completes when no slot uses anything of it any more. On the lifecycle executor. */
    CompletionStage<Void> detach() {
        Link old = link;
        if (old == null) {
            return CompletableFuture.completedFuture(null);
        }
        old.close();
        link = null;
        memory.unwatch(look);
        return lose();
    }

    private CompletionStage<Void> lose() {
        connected = false;
        int lost = connection;
        List<CompletableFuture<Void>> done = new ArrayList<>();
        slots().forEach(slot -> done.add(slot.disconnected(lost).toCompletableFuture()));
        return CompletableFuture.allOf(done.toArray(CompletableFuture<?>[]::new));
    }

    String name() {
        return info.name();
    }

    BusInfo info() {
        return info;
    }

    int maxMessageSize() {
        return info.maxMessageSize();
    }

    /** The link to the bus instance; null while there is none. */
    Link link() {
        return link;
    }

    GuestMemory memory() {
        return memory;
    }

    Outbox outbox() {
        return outbox;
    }

    CounterSet counters() {
        return counters;
    }

    /** For what may block and what belongs to others: services come and go here. */
    SerialExecutor lifecycle() {
        return lifecycle;
    }

    WorkerPool pool() {
        return platform.pool();
    }

    DeviceCalls calls() {
        return platform.calls();
    }

    Timers timers() {
        return platform.timers();
    }

    int connection() {
        return connection;
    }

    boolean connected() {
        return connected;
    }

    void expired(DeviceSlot slot) {
        platform.expired(slot);
    }

    List<DeviceSlot> slots() {
        List<DeviceSlot> all = new ArrayList<>();
        for (DeviceSlot slot : slots) {
            if (slot != null) {
                all.add(slot);
            }
        }
        return all;
    }

    DeviceSlot at(int number) {
        DeviceSlot[] now = slots;
        return number < now.length ? now[number] : null;
    }

    /** Puts a slot in its place and tells the driver of it. */
    void add(DeviceSlot slot) {
        set(slot.number(), slot);
        if (connected) {
            slot.connected(connection, false);
        }
        outbox.came(slot.number());
    }

    /** Takes a slot out; the driver is told when {@link #removed} is called. */
    void remove(DeviceSlot slot) {
        set(slot.number(), null);
    }

    void removed(DeviceSlot slot) {
        outbox.went(slot.number());
    }

    private synchronized void set(int number, DeviceSlot slot) {
        DeviceSlot[] next = slots.clone();
        next[number] = slot;
        slots = next;
    }

    boolean callsInBand() {
        return info.calls() == BusInfo.Signalling.IN_BAND;
    }

    QueueSignal callSignal(int device, int queue) {
        Link now = link;
        return info.calls() == BusInfo.Signalling.OUT_OF_BAND && now != null ? now.bus().call(device, queue) : null;
    }

    QueueSignal kickSignal(int device, int queue) {
        Link now = link;
        return info.kicks() == BusInfo.Signalling.OUT_OF_BAND && now != null ? now.bus().kick(device, queue) : null;
    }

    /** A queue runs; where the driver never notifies, its ring has to be looked at. */
    void queueRuns() {
        if (info.kicks() == BusInfo.Signalling.POLLED && watching.compareAndSet(false, true)) {
            platform.timers().after(DevicePlatform.LOOK_NANOS, this::lookAgain);
        }
    }

    private void lookAgain() {
        watching.set(false);
        if (look()) {
            queueRuns();
        }
    }

    private boolean look() {
        boolean any = false;
        for (DeviceSlot slot : slots) {
            any |= slot != null && slot.look();
        }
        return any;
    }

    @Override
    public void received(MemorySegment base, long offset, long length) {
        if (Header.isBus(base, offset)) {
            busMessage(base, offset, length);
            return;
        }
        int number = Header.deviceNumber(base, offset);
        int id = Header.messageId(base, offset);
        DeviceSlot slot = at(number);
        if (id == MessageIds.EVENT_AVAIL && slot != null) {
            slot.kick(avail.wrap(base, offset).index());
        } else if (id >= MessageIds.FIRST_EVENT) {
            counters.increment(UNKNOWN_MESSAGE);
        } else if (slot != null) {
            slot.arrived(base, offset, length, connection);
        } else if (id == MessageIds.GET_DEVICE_INFO && number < info.maxDevices()) {
            answer(base, offset, length);
        } else {
            counters.increment(UNKNOWN_DEVICE);
        }
    }

    private void busMessage(MemorySegment base, long offset, long length) {
        if (Header.messageId(base, offset) == MessageIds.BUS_GET_DEVICES) {
            answer(base, offset, length);
        } else {
            counters.increment(UNKNOWN_MESSAGE);
        }
    }

    private void answer(MemorySegment base, long offset, long length) {
        Message message = messages.take();
        if (message == null) {
            counters.increment(DROPPED);
            return;
        }
        message.copy(base, offset, length, connection);
        if (Enumeration.isInfoRequest(message)) {
            enumeration.noDevice(message);
        } else if (!enumeration.devices(message, slots)) {
            counters.increment(UNKNOWN_MESSAGE);
            message.release();
            return;
        }
        outbox.put(message);
    }

    @Override
    public boolean flush() {
        outbox.drain();
        return outbox.isEmpty();
    }

    @Override
    public void connected(long peerEpoch, boolean resumed) {
        int next = connection + 1;
        connection = next;
        connected = true;
        if (!resumed) {
            outbox.begin();
        }
        slots().forEach(slot -> slot.connected(next, resumed));
        outbox.drain();
    }

    @Override
    public void disconnected(BusException cause) {
        lose();
    }

    @Override
    public void kicked(int device, int queue) {
        DeviceSlot slot = at(device);
        if (slot == null) {
            counters.increment(UNKNOWN_DEVICE);
        } else {
            slot.kick(queue);
        }
    }

    @Override
    public void called(int device, int queue) {
        counters.increment(UNKNOWN_MESSAGE);
    }

    @Override
    public Optional<SlotControl> slot(int device) {
        DeviceSlot slot = at(device);
        return slot == null ? Optional.empty() : Optional.of(slot.queues());
    }

    void close() {
        lifecycle.close();
    }
}
