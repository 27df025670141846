// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.lang.foreign.MemorySegment;

import vireo.bus.BusAttachment;
import vireo.bus.BusInfo;
import vireo.bus.BusListener;
import vireo.bus.MessageBus;
import vireo.bus.QueueSignal;
import vireo.bus.SendResult;
import vireo.memory.GuestMemory;
import vireo.transport.core.FakeBus;

/** An instance of a bus: the same wire and the same memory may be behind a later one. */
final class BusOver implements MessageBus {
    private final FakeBus wire;
    private final GuestMemory memory;
    private final QueueSignal kick;

    BusOver(FakeBus wire, GuestMemory memory, QueueSignal kick) {
        this.wire = wire;
        this.memory = memory;
        this.kick = kick;
    }

    @Override
    public BusInfo info() {
        return wire.info();
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public BusAttachment attach(BusListener listener) {
        return wire.attach(listener);
    }

    @Override
    public SendResult trySend(MemorySegment base, long offset, long length) {
        return wire.trySend(base, offset, length);
    }

    @Override
    public QueueSignal kick(int deviceNumber, int queue) {
        return kick == null ? wire.kick(deviceNumber, queue) : kick;
    }

    @Override
    public QueueSignal call(int deviceNumber, int queue) {
        return wire.call(deviceNumber, queue);
    }
}
