// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

import vireo.bus.BusException;
import vireo.slot.SlotControl;

/** An owner that cannot take any message. */
record ThrowingOwner(LinkOwner rest) implements LinkOwner {
    @Override
    public void received(MemorySegment base, long offset, long length) {
        throw new IllegalStateException("on purpose");
    }

    @Override
    public boolean flush() {
        return rest.flush();
    }

    @Override
    public void connected(long peerEpoch, boolean resumed) {
        rest.connected(peerEpoch, resumed);
    }

    @Override
    public void disconnected(BusException cause) {
        rest.disconnected(cause);
    }

    @Override
    public void kicked(int device, int queue) {
        rest.kicked(device, queue);
    }

    @Override
    public void called(int device, int queue) {
        rest.called(device, queue);
    }

    @Override
    public Optional<SlotControl> slot(int device) {
        return rest.slot(device);
    }
}
