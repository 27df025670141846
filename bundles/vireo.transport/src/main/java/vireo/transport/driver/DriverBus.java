// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.BusException;
import vireo.bus.MessageBus;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.bus.EventDevice;
import vireo.codec.device.EventConfig;
import vireo.codec.queue.EventUsed;
import vireo.driver.RequestException;
import vireo.observe.CounterSet;
import vireo.observe.LogLimit;
import vireo.slot.SlotControl;
import vireo.transport.BusView;
import vireo.transport.RemoteView;
import vireo.transport.core.Link;
import vireo.transport.core.LinkOwner;
import vireo.transport.core.TransportCore;

/**
 * One driver-role bus: routes what its devices send, and has its picture of them kept up to date by a {@link Finder},
 * which may take its time on another thread.
 */
public final class DriverBus implements LinkOwner, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverBus.class);
    private static final long LEAVE_NANOS = 10_000_000_000L;

    private final Link link;
    private final DmaMemory memory;
    private final CounterSet counters;
    private final Picture picture;
    private final Finder finder;
    private volatile long lastEpoch;
    private volatile boolean everConnected;
    private final LogLimit limit = LogLimit.usual();
    private final EventDevice eventDevice = new EventDevice();
    private final EventConfig eventConfig = new EventConfig();
    private final EventUsed eventUsed = new EventUsed();

    /**
     * Makes the driver side of a bus; {@link #start()} lets it begin.
     *
     * @param bus a driver-role bus
     * @param core settings and timer
     * @param registrar makes devices known
     */
    public DriverBus(MessageBus bus, TransportCore core, DeviceRegistrar registrar) {
        this.link = new Link(bus, core.settings(), core.timers());
        this.memory = new DmaMemory(bus.memory());
        this.counters = DriverCounters.make(bus.info().name());
        this.picture = new Picture(bus.info().maxDevices());
        this.finder = new Finder(link, core, memory, picture, counters, registrar);
    }

    /**
     * Attaches to the bus.
     *
     * @throws IllegalStateException if somebody else is attached to it, or it is closed
     */
    public void start() {
        link.start(this);
    }

    /**
     * Returns the counters, for their owner to register.
     *
     * @return those of the link and those of the devices
     */
    public List<CounterSet> counters() {
        return List.of(link.counters(), counters);
    }

    /**
     * Returns the link, to ping.
     *
     * @return the bus's link
     */
    public Link link() {
        return link;
    }

    /**
     * Describes the bus.
     *
     * @return the view
     */
    public BusView view() {
        return link.view(picture.all().size());
    }

    /**
     * Describes the devices.
     *
     * @return one entry per device, by rising number
     */
    public List<RemoteView> remotes() {
        return picture.all().stream().map(found -> found.device().view()).toList();
    }

    /**
     * Asks the peer which devices there are, and waits until the picture is up to date.
     *
     * @throws RequestException if that failed
     */
    public void enumerate() throws RequestException {
        finder.enumerateAndWait();
    }

    @Override
    public void received(MemorySegment base, long offset, long length) {
        int id = Header.messageId(base, offset);
        if (Header.isBus(base, offset)) {
            if (id == MessageIds.BUS_EVENT_DEVICE) {
                counters.increment(DriverCounters.EVENTS_DEVICE);
                eventDevice.wrap(base, offset);
                deviceState(eventDevice.device(), eventDevice.state());
            } else {
                counters.increment(DriverCounters.UNEXPECTED);
            }
            return;
        }
        FoundDevice found = picture.at(Header.deviceNumber(base, offset));
        if (id == MessageIds.EVENT_USED) {
            counters.increment(DriverCounters.EVENTS_USED);
            used(found, eventUsed.wrap(base, offset).index());
        } else if (id != MessageIds.EVENT_CONFIG) {
            counters.increment(DriverCounters.UNEXPECTED);
        } else if (found == null) {
            counters.increment(DriverCounters.UNKNOWN_DEVICE);
        } else {
            counters.increment(DriverCounters.EVENTS_CONFIG);
            found.device().event(eventConfig.wrap(base, offset));
        }
    }

    /** Anything may come twice, late, or without the other (row D-77). */
    private void deviceState(int number, int state) {
        if (number >= link.info().maxDevices()) {
            counters.increment(DriverCounters.UNKNOWN_DEVICE);
        } else if (state == EventDevice.READY) {
            picture.ready(number);
            finder.wake();
        } else if (state == EventDevice.REMOVED) {
            FoundDevice found = picture.remove(number);
            BusException cause = new BusException(BusException.Reason.PEER_LOST, "the peer removed it");
            if (found != null) {
                finder.lose(found, cause, true);
            } else {
                finder.removed(number, cause);
            }
        } else {
            counters.increment(DriverCounters.UNKNOWN_STATE);
            long held = limit.permit();
            if (held >= 0) {
                LOG.info("bus {}: device {} is said to be in state 0x{}, which means nothing here; {} more were not "
                        + "logged", link.info().name(), number, Integer.toHexString(state), held);
            }
        }
    }

    private void used(FoundDevice found, long queue) {
        if (found == null) {
            counters.increment(DriverCounters.UNKNOWN_DEVICE);
        } else if (!found.device().used(queue)) {
            counters.increment(DriverCounters.UNKNOWN_QUEUE);
        }
    }

    @Override
    public boolean flush() {
        boolean done = true;
        for (FoundDevice found : picture.all()) {
            done &= found.device().flush();
        }
        return done;
    }

    @Override
    public void connected(long peerEpoch, boolean resumed) {
        if (everConnected && peerEpoch != lastEpoch) {
            finder.peerChanged();
        }
        everConnected = true;
        lastEpoch = peerEpoch;
        finder.connected();
    }

    @Override
    public void disconnected(BusException cause) {
        for (FoundDevice found : picture.clear()) {
            finder.lose(found, cause, false);
        }
        finder.disconnected();
    }

    @Override
    public void kicked(int device, int queue) {
        counters.increment(DriverCounters.UNEXPECTED);
    }

    @Override
    public void called(int device, int queue) {
        counters.increment(DriverCounters.EVENTS_USED);
        used(picture.at(device), queue);
    }

    @Override
    public Optional<SlotControl> slot(int device) {
        return Optional.empty();
    }

    /**
     * Takes the devices away while the bus still works, so that whoever drives them can reset them; then tells those
     * who did not let go, and detaches. Idempotent.
     */
    @Override
    public void close() {
        picture.close();
        // In order with registrations that are under way.
        link.lifecycle().executeAndWait(() -> picture.all().forEach(FoundDevice::unregister), LEAVE_NANOS);
        BusException cause = new BusException(BusException.Reason.CLOSED, "bus " + link.info().name()
                + " was taken away");
        List<FoundDevice> left = picture.clear();
        left.forEach(found -> finder.lose(found, cause, false));
        finder.disconnected();
        link.close();
        finder.close();
        left.forEach(found -> found.device().close());
    }
}
