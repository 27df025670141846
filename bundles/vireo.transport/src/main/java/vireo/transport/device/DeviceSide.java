// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import vireo.bus.MessageBus;
import vireo.device.VirtioDevice;
import vireo.observe.CounterSet;
import vireo.observe.DeviceTypeNames;
import vireo.transport.BusView;
import vireo.transport.SlotView;
import vireo.transport.UnpluggedDevice;
import vireo.transport.core.DeviceSideView;
import vireo.transport.core.Link;
import vireo.transport.core.Settings;
import vireo.transport.core.Timers;

/**
 * The device side of the transport: told which buses and devices there are, it plugs the ones into the others and
 * serves their drivers. Knows nothing of Declarative Services. Thread-safe.
 */
public final class DeviceSide implements DeviceSideView, AutoCloseable {
    /** More than a device may take to come to rest; whoever unregisters it waits so long and no longer. */
    private static final long GONE_MILLIS = 4_000;
    private static final long BY_HAND_MILLIS = 10_000;

    private final DevicePlatform platform;

    /**
     * Makes a device side without buses and devices; no thread is started yet.
     *
     * @param settings what is configured
     * @param timers the bundle's timer, which somebody else closes later
     * @param registrar registers counters as a service and gives what takes them back; called on executors of the
     * device
     *        side that may block
     * @param numbers file in which the numbers of devices are kept for later runs; null for none
     */
    public DeviceSide(Settings settings, Timers timers, Function<CounterSet, Runnable> registrar, Path numbers) {
        platform = new DevicePlatform(settings, timers, registrar, numbers);
    }

    /**
     * A bus service came.
     *
     * @param properties its service properties
     * @param bus the bus, of the device role
     */
    public void busCame(Map<String, Object> properties, MessageBus bus) {
        platform.board().busCame(BusEntry.of(properties, bus));
    }

    /**
     * A bus service goes. Returns when nothing of it is used any more, or after some seconds.
     *
     * @param properties its service properties
     * @param bus the bus
     */
    public void busGone(Map<String, Object> properties, MessageBus bus) {
        await(platform.board().busGone(BusEntry.of(properties, bus)));
    }

    /**
     * A device service came, or its properties changed.
     *
     * @param properties its service properties
     * @param device the device
     */
    public void deviceCame(Map<String, Object> properties, VirtioDevice device) {
        platform.board().deviceCame(new DeviceEntry(properties, device));
    }

    /**
     * A device service goes. Returns when the device is used no more, or after some seconds if it does not come to
     * rest.
     *
     * @param properties its service properties
     * @param graceful true if it goes because its bundle stops or is updated, so that a successor may come; false if it
     *        is gone for good
     */
    public void deviceGone(Map<String, Object> properties, boolean graceful) {
        await(platform.board().deviceGone(Properties.number(properties, "service.id", 0), graceful));
    }

    private static void await(CompletableFuture<Void> done) {
        try {
            done.get(GONE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException noMatter) {
            // What did not come to rest was logged and counted by its slot; a bundle must be able to stop all the same.
            return;
        }
    }

    /**
     * Somebody knows the feature names of a device type.
     *
     * @param names the names
     */
    public void namesCame(DeviceTypeNames names) {
        platform.board().names().add(names);
        platform.board().namesChanged();
    }

    /**
     * Feature names are not available any more.
     *
     * @param names the names
     */
    public void namesGone(DeviceTypeNames names) {
        platform.board().names().remove(names);
    }

    @Override
    public List<Link> links() {
        return platform.board().links();
    }

    @Override
    public List<BusView> buses() {
        return platform.board().buses().stream().filter(bus -> bus.link() != null).map(DeviceSide::view).toList();
    }

    private static BusView view(DeviceBus bus) {
        Link link = bus.link();
        int devices = (int) bus.slots().stream().filter(slot -> slot.life().vacantSince() == null).count();
        return link == null ? new BusView(bus.info(), false, 0, devices, 0, bus.counters().values())
                : link.view(devices);
    }

    @Override
    public List<SlotView> slots() {
        return platform.board().buses().stream().flatMap(bus -> bus.slots().stream()).map(DeviceSlot::view).toList();
    }

    @Override
    public List<UnpluggedDevice> unplugged() {
        return platform.board().unplugged();
    }

    @Override
    public void plug(String deviceName, String bus, int number) {
        awaitByHand(platform.board().plugByHand(deviceName, bus, number), "plugging " + deviceName);
    }

    @Override
    public void unplug(String deviceName) {
        awaitByHand(platform.board().unplugByHand(deviceName), "unplugging " + deviceName);
    }

    private static void awaitByHand(CompletableFuture<Void> done, String what) {
        try {
            done.get(BY_HAND_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(what + " was interrupted and goes on", e);
        } catch (TimeoutException late) {
            throw new IllegalStateException(what + " is not done after " + BY_HAND_MILLIS / 1000 + " s and goes on",
                    late);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(what + " failed", failed.getCause());
        }
    }

    /** Removes every slot, tells the drivers, lets go of every bus and ends every thread. Idempotent. */
    @Override
    public void close() {
        platform.close();
    }
}
