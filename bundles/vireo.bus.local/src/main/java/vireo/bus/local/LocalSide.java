// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import vireo.bus.BusAttachment;
import vireo.bus.BusInfo;
import vireo.bus.BusInfo.Role;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.BusListener;
import vireo.bus.MessageBus;
import vireo.bus.QueueSignal;
import vireo.bus.SendResult;
import vireo.memory.GuestMemory;
import vireo.observe.CounterSet;

/** One half of the bus, as the transport sees it. */
final class LocalSide implements MessageBus {

    private final LocalBus bus;
    private final BusInfo info;
    private final Role role;
    private final Role peer;
    private final CounterSet counters;
    private final int sent;
    private final int full;

    LocalSide(LocalBus bus, Role role) {
        this.bus = bus;
        this.role = role;
        this.info = bus.settings().info(role);
        this.counters = bus.counters();
        boolean device = role == Role.DEVICE;
        this.peer = device ? Role.DRIVER : Role.DEVICE;
        this.sent = device ? LocalCounters.TO_DRIVER : LocalCounters.TO_DEVICE;
        this.full = device ? LocalCounters.FULL_TO_DRIVER : LocalCounters.FULL_TO_DEVICE;
    }

    @Override
    public BusInfo info() {
        return info;
    }

    @Override
    public GuestMemory memory() {
        return bus.memory();
    }

    @Override
    public BusAttachment attach(BusListener listener) {
        return bus.attach(role, Objects.requireNonNull(listener, "listener"));
    }

    @Override
    public SendResult trySend(MemorySegment base, long offset, long length) {
        if (length < 0 || length > info.maxMessageSize()) {
            throw new IllegalArgumentException("length=" + length + " is not in 0.." + info.maxMessageSize());
        }
        LocalConnection connection = bus.connection();
        if (connection == null) {
            return SendResult.CLOSED;
        }
        if (!connection.to(peer).offer(base, offset, length)) {
            counters.increment(full);
            return SendResult.FULL;
        }
        connection.side(peer).wake();
        counters.increment(sent);
        return SendResult.SENT;
    }

    @Override
    public QueueSignal kick(int deviceNumber, int queue) {
        return signal(Role.DEVICE, deviceNumber, queue);
    }

    @Override
    public QueueSignal call(int deviceNumber, int queue) {
        return signal(Role.DRIVER, deviceNumber, queue);
    }

    private QueueSignal signal(Role to, int deviceNumber, int queue) {
        if (info.kicks() != Signalling.OUT_OF_BAND) {
            throw new UnsupportedOperationException("notifications of this bus are in band: " + info);
        }
        Objects.checkIndex(deviceNumber, info.maxDevices());
        Objects.checkIndex(queue, SignalBits.QUEUES);
        return new LocalSignal(bus, to, role == to, deviceNumber, queue);
    }

    @Override
    public String toString() {
        return bus.settings().name() + " (" + LocalSettings.key(role) + ")";
    }
}
