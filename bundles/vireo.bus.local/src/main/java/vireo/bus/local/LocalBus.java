// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import vireo.bus.BusException;
import vireo.bus.BusException.Reason;
import vireo.bus.BusInfo.Role;
import vireo.bus.BusListener;
import vireo.bus.MessageBus;
import vireo.memory.GuestMemory;
import vireo.observe.CounterSet;

/**
 * Both halves of a bus within one process, and the memory they share. It needs nothing but Java: no framework, and no
 * support for the platform.
 *
 * <p>A side is active while a listener is attached to it, and has a thread of its own then. Two active sides are
 * connected; a side that attaches again is another peer to the other side, and another driver finds other memory.
 */
public final class LocalBus implements AutoCloseable {

    private final LocalSettings settings;
    private final CounterSet counters;
    private final LocalMemory memory;
    private final LocalSide deviceSide;
    private final LocalSide driverSide;

    /** Sides whose thread may run. */
    private final List<LocalDispatcher> live = new CopyOnWriteArrayList<>();
    private final Object lock = new Object();
    /** Everything below is changed under the lock only. */
    private LocalDispatcher device;
    private LocalDispatcher driver;
    private volatile LocalConnection connection;
    private boolean closed;
    private long lastEpoch;

    private LocalBus(LocalSettings settings) {
        this.settings = settings;
        counters = LocalCounters.create(settings.name());
        memory = new LocalMemory(settings);
        deviceSide = new LocalSide(this, Role.DEVICE);
        driverSide = new LocalSide(this, Role.DRIVER);
    }

    /**
     * Makes a bus.
     *
     * @param settings what it is to be like
     * @return the bus, to be closed by the caller
     * @throws IllegalStateException if there is not enough memory
     */
    public static LocalBus open(LocalSettings settings) {
        return new LocalBus(settings);
    }

    /**
     * Returns the half that has devices behind it.
     *
     * @return the same object every time
     */
    public MessageBus device() {
        return deviceSide;
    }

    /**
     * Returns the half that finds devices.
     *
     * @return the same object every time
     */
    public MessageBus driver() {
        return driverSide;
    }

    /**
     * Returns what the bus counts.
     *
     * @return its counters
     */
    public CounterSet counters() {
        return counters;
    }

    LocalSettings settings() {
        return settings;
    }

    GuestMemory memory() {
        return memory.guest();
    }

    /** Returns the connection, or null while a side is missing. */
    LocalConnection connection() {
        return connection;
    }

    /** Returns the connection if the side is part of it: one that has detached may still be at its last call. */
    LocalConnection connectionOf(LocalDispatcher side) {
        LocalConnection now = connection;
        return now != null && now.has(side) ? now : null;
    }

    /** Tells whether the caller is in a callback of this bus, be it of a side that has just detached. */
    boolean isDispatcher() {
        return live.stream().anyMatch(LocalDispatcher::isCurrentThread);
    }

    /** The side's thread has ended. */
    void ended(LocalDispatcher side) {
        live.remove(side);
    }

    LocalDispatcher attach(Role role, BusListener listener) {
        LocalDispatcher made = reserve(role, listener);
        try {
            if (role == Role.DRIVER) {
                // Not under the lock: whoever watches the memory is called.
                memory.forNewDriver();
            }
            live.add(made);
            made.start();
            connect();
            return made;
        } catch (RuntimeException | Error e) {
            made.close();
            live.remove(made);
            throw e;
        }
    }

    private LocalDispatcher reserve(Role role, BusListener listener) {
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("bus " + settings.name() + " is closed");
            }
            if ((role == Role.DEVICE ? device : driver) != null) {
                throw new IllegalStateException("bus " + settings.name() + " (" + LocalSettings.key(role)
                        + ") has a listener already; close its attachment first");
            }
            LocalDispatcher made = new LocalDispatcher(this, role, listener, ++lastEpoch);
            put(role, made);
            return made;
        }
    }

    private void put(Role role, LocalDispatcher side) {
        if (role == Role.DEVICE) {
            device = side;
        } else {
            driver = side;
        }
    }

    private void connect() {
        LocalConnection made;
        synchronized (lock) {
            if (closed) {
                throw new IllegalStateException("bus " + settings.name() + " is closed");
            }
            boolean both = device != null && device.isStarted() && driver != null && driver.isStarted();
            if (!both || connection != null) {
                return;
            }
            made = new LocalConnection(settings, device, driver);
            connection = made;
        }
        counters.increment(LocalCounters.CONNECTED);
        made.wakeBoth();
    }

    void detach(LocalDispatcher side) {
        synchronized (lock) {
            if (device == side) {
                device = null;
            }
            if (driver == side) {
                driver = null;
            }
            LocalConnection now = connectionOf(side);
            if (now != null) {
                end(now, new BusException(Reason.PEER_LOST, "the " + LocalSettings.key(side.role()) + " side of bus "
                        + settings.name() + " was detached"));
            }
        }
    }

    private void end(LocalConnection ending, BusException cause) {
        ending.end(cause);
        connection = null;
        ending.wakeBoth();
    }

    /**
     * Closes the bus. A listener that is still attached hears that it is disconnected. Idempotent; called from a callback
     * it does not wait for the bus's threads, called elsewhere it returns when they have ended. Memory that a chain still
     * uses stays mapped until that chain is done.
     */
    @Override
    public void close() {
        synchronized (lock) {
            closed = true;
            if (connection != null) {
                end(connection, new BusException(Reason.CLOSED, "bus " + settings.name() + " was closed"));
            }
        }
        // Those too that have detached from a callback which still runs.
        live.forEach(LocalDispatcher::stop);
        memory.close();
    }
}
