// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import vireo.bus.BusException;
import vireo.bus.BusInfo.Role;
import vireo.bus.BusInfo.Signalling;

/**
 * One driver and one device side that are both there, and what is on its way between them. Each pair gets a fresh one, so
 * that nothing of an earlier driver ever reaches a later device side or the other way round.
 */
final class LocalConnection {

    private final LocalDispatcher device;
    private final LocalDispatcher driver;
    private final MessageQueue toDevice;
    private final MessageQueue toDriver;
    private final SignalBits kicks;
    private final SignalBits calls;
    /** Set before the connection is taken away. */
    private volatile BusException end;

    LocalConnection(LocalSettings settings, LocalDispatcher device, LocalDispatcher driver) {
        this.device = device;
        this.driver = driver;
        toDevice = new MessageQueue(settings.queueDepth(), settings.maxMessageSize());
        toDriver = new MessageQueue(settings.queueDepth(), settings.maxMessageSize());
        boolean beside = settings.signalling() == Signalling.OUT_OF_BAND;
        kicks = beside ? new SignalBits(settings.maxDevices()) : null;
        calls = beside ? new SignalBits(settings.maxDevices()) : null;
    }

    boolean has(LocalDispatcher side) {
        return side == device || side == driver;
    }

    LocalDispatcher side(Role role) {
        return role == Role.DEVICE ? device : driver;
    }

    LocalDispatcher peerOf(Role role) {
        return role == Role.DEVICE ? driver : device;
    }

    /** Returns what is on its way to a side. */
    MessageQueue to(Role role) {
        return role == Role.DEVICE ? toDevice : toDriver;
    }

    /** Returns the notifications for a side; null if they are in band. */
    SignalBits signalsTo(Role role) {
        return role == Role.DEVICE ? kicks : calls;
    }

    void end(BusException cause) {
        end = cause;
    }

    BusException end() {
        return end;
    }

    void wakeBoth() {
        device.wake();
        driver.wake();
    }
}
