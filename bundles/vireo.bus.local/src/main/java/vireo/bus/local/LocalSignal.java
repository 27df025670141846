// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import vireo.bus.BusInfo.Role;
import vireo.bus.QueueSignal;

/** Either end of the notifications of one queue in one direction. */
final class LocalSignal implements QueueSignal {

    private final LocalBus bus;
    private final Role to;
    private final int device;
    private final int queue;
    /** The receiving end signals nobody: its listener is called. */
    private volatile boolean silent;

    LocalSignal(LocalBus bus, Role to, boolean receiving, int device, int queue) {
        this.bus = bus;
        this.to = to;
        this.device = device;
        this.queue = queue;
        this.silent = receiving;
    }

    @Override
    public int fd() {
        return -1;
    }

    @Override
    public void signal() {
        LocalConnection connection = silent ? null : bus.connection();
        if (connection != null) {
            connection.signalsTo(to).set(device, queue);
            connection.side(to).wake();
        }
    }

    @Override
    public void close() {
        silent = true;
    }
}
