// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

/** A slot and which device service is in it. The plug board's. */
final class Plug {
    private final DeviceSlot slot;
    private DeviceEntry occupant;
    private boolean ending;
    private Runnable counters = () -> { };

    Plug(DeviceSlot slot, DeviceEntry occupant) {
        this.slot = slot;
        this.occupant = occupant;
    }

    DeviceSlot slot() {
        return slot;
    }

    DeviceBus bus() {
        return slot.bus();
    }

    /** Null while the slot waits for a successor or ends. */
    DeviceEntry occupant() {
        return occupant;
    }

    void occupant(DeviceEntry next) {
        occupant = next;
    }

    /** It waits for a successor of the device that left. */
    boolean vacant() {
        return occupant == null && !ending;
    }

    boolean ending() {
        return ending;
    }

    /** The slot is being removed; no successor may have it. */
    void end() {
        ending = true;
        occupant = null;
    }

    /**
     * How to take the service of the slot's counters back. Only the bus's lifecycle executor uses this and the next.
     */
    void counters(Runnable unregister) {
        counters = unregister;
    }

    void withdrawCounters() {
        counters.run();
        counters = () -> { };
    }
}
