// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.transport.UnpluggedDevice;
import vireo.transport.core.Link;
import vireo.transport.core.SerialExecutor;

/**
 * Where devices and buses come together as they come and go. Everything happens on the board's executor, one thing
 * after another, and nothing there waits: what takes time happens on the executor of its slot or bus and comes back.
 */
final class PlugBoard implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PlugBoard.class);
    /** After this the driver is told of a removal even if the device is not at rest. */
    private static final long REMOVAL_NANOS = 900_000_000L;
    private static final long CLOSE_MILLIS = 5_000;

    private final DevicePlatform platform;
    private final FeatureNames names = new FeatureNames();
    private final Placement placement;
    private final SerialExecutor executor = new SerialExecutor("vireo-plugging");
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile boolean closed;
    private volatile List<UnpluggedDevice> unplugged = List.of();
    private volatile List<DeviceBus> buses = List.of();

    PlugBoard(DevicePlatform platform, NumberStore numbers) {
        this.platform = platform;
        this.placement = new Placement(platform, numbers, names);
    }

    FeatureNames names() {
        return names;
    }

    List<UnpluggedDevice> unplugged() {
        return unplugged;
    }

    List<DeviceBus> buses() {
        return buses;
    }

    /** The links in use, of all buses. */
    List<Link> links() {
        return buses.stream().map(DeviceBus::link).filter(Objects::nonNull).toList();
    }

    /** Runs a task on the executor; what it completes itself may come later. */
    private CompletableFuture<Void> ask(Consumer<CompletableFuture<Void>> task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (closed) {
            done.complete(null);
        }
        executor.execute(() -> {
            try {
                if (closed) {
                    done.complete(null);
                } else {
                    task.accept(done);
                }
            } catch (RuntimeException | Error failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private CompletableFuture<Void> later(Runnable task) {
        CompletableFuture<Void> done = ask(self -> {
            task.run();
            self.complete(null);
        });
        return done.whenComplete((nothing, failure) -> {
            if (failure != null) {
                LOG.error("plugging failed", failure);
            }
        });
    }

    private static CompletableFuture<Void> all(Collection<CompletableFuture<Void>> parts) {
        return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new));
    }

    private void reconsider() {
        placement.plugs(Plug::vacant).forEach(plug -> {
            DeviceEntry successor = placement.successor(plug);
            if (successor != null) {
                succeed(plug, successor);
            }
        });
        placement.reconsider();
        unplugged = placement.unplugged();
        buses = placement.buses().values().stream().map(BusPlace::bus).toList();
    }

    void busCame(BusEntry entry) {
        later(() -> {
            placement.buses().computeIfAbsent(entry.name(), name -> new BusPlace(platform, entry, this::thenReconsider))
                    .offer(entry);
            reconsider();
        });
    }

    private void thenReconsider(Runnable task) {
        later(() -> {
            task.run();
            reconsider();
        });
    }

    /** Completes when nothing of the bus is used any more. */
    CompletableFuture<Void> busGone(BusEntry entry) {
        return ask(done -> {
            BusPlace place = placement.buses().get(entry.name());
            if (place == null) {
                done.complete(null);
                return;
            }
            place.withdraw(entry.id()).whenComplete((nothing, failure) -> done.complete(null));
            tidy(place);
            reconsider();
        });
    }

    private void tidy(BusPlace place) {
        if (place.isEmpty() && placement.plugs(plug -> plug.bus() == place.bus()).isEmpty()) {
            placement.buses().values().remove(place);
            place.close();
        }
    }

    void deviceCame(DeviceEntry entry) {
        later(() -> {
            DeviceEntry before = placement.devices().get(entry.id());
            if (before != null && before.sameAs(entry)) {
                return;
            }
            if (before != null) {
                placement.plugs(plug -> plug.occupant() == before).forEach(this::end);
            }
            placement.devices().put(entry.id(), entry);
            reconsider();
        });
    }

    private void succeed(Plug plug, DeviceEntry entry) {
        PluggedDevice successor;
        try {
            successor = entry.plugged(names);
        } catch (IllegalArgumentException wrong) {
            end(plug);
            return;
        }
        plug.occupant(entry);
        plug.slot().takeOver(successor).whenComplete((refusal, failure) -> later(() -> {
            String why = failure == null ? refusal : failure.toString();
            if (why != null && plug.occupant() == entry) {
                LOG.warn("{}: service {} cannot go on where the last one left: {}; it begins anew", plug.slot(),
                        entry.id(), why);
                end(plug);
            }
        }));
    }

    /**
     * A device service goes.
     *
     * @param graceful true if a successor may come, false if it is gone for good
     * @return completes when the device is used no more, or does not come to rest
     */
    CompletableFuture<Void> deviceGone(long id, boolean graceful) {
        return ask(done -> {
            DeviceEntry entry = placement.devices().remove(id);
            List<Plug> left = placement.plugs(plug -> entry != null && plug.occupant() == entry);
            if (!graceful) {
                left.forEach(placement::forget);
            }
            all(left.stream().map(plug -> graceful ? vacate(plug) : end(plug)).toList())
                    .whenComplete((nothing, failure) -> done.complete(null));
            reconsider();
        });
    }

    private CompletableFuture<Void> vacate(Plug plug) {
        plug.occupant(null);
        return plug.slot().leave(true).toCompletableFuture().thenCompose(departure -> later(() -> {
            if (departure == SlotLife.Departure.GONE) {
                plug.end();
                removed(plug);
            }
        }));
    }

    /** Removes a slot; the driver hears of it when the device is at rest, and in any case within a second. */
    private CompletableFuture<Void> end(Plug plug) {
        plug.end();
        plug.bus().remove(plug.slot());
        CompletableFuture<SlotLife.Departure> rest = plug.slot().leave(false).toCompletableFuture();
        // The timer of the whole process would outlive this bundle, and hold on to whichever class loader was around.
        Future<?> limit = platform.timers().after(REMOVAL_NANOS, () -> rest.complete(SlotLife.Departure.GONE));
        return rest.whenComplete((gone, failure) -> limit.cancel(false))
                .thenCompose(gone -> later(() -> removed(plug)));
    }

    private void removed(Plug plug) {
        if (placement.remove(plug)) {
            DeviceBus bus = plug.bus();
            bus.remove(plug.slot());
            bus.removed(plug.slot());
            bus.lifecycle().execute(plug::withdrawCounters);
            BusPlace place = placement.buses().get(bus.name());
            if (place != null) {
                tidy(place);
            }
            reconsider();
        }
    }

    /** A slot waited for a successor in vain. Any thread. */
    void expired(DeviceSlot slot) {
        later(() -> placement.plugs(plug -> plug.slot() == slot && plug.vacant()).forEach(plug -> {
            LOG.info("{}: no successor came in time; it is removed", slot);
            end(plug);
        }));
    }

    void namesChanged() {
        later(this::reconsider);
    }

    /** Plugs a device in by hand; see {@link vireo.transport.TransportAdmin#plug}. */
    CompletableFuture<Void> plugByHand(String deviceName, String busName, int number) {
        return ask(done -> {
            DeviceEntry entry = placement.named(deviceName);
            BusPlace place = placement.buses().get(busName);
            if (place == null || place.used() == null) {
                throw new IllegalArgumentException("there is no device-role bus " + busName + " in use; there are "
                        + placement.buses().keySet());
            }
            int most = place.bus().info().maxDevices();
            if (number < -1 || number >= most) {
                throw new IllegalArgumentException("number " + number + " of bus " + busName + " is not in 0.."
                        + (most - 1));
            }
            DeviceSlot there = placement.occupying(place.bus(), number);
            if (there != null && !there.deviceName().equals(deviceName)) {
                throw new IllegalStateException("number " + number + " on bus " + busName + " is taken by "
                        + there.deviceName());
            }
            placement.wish(deviceName, busName, number);
            CompletableFuture<Void> out = all(placement.plugs(plug -> plug.occupant() == entry
                    && plug.slot() != there).stream().map(this::end).toList());
            CompletableFuture.allOf(out, place.attaching()).thenCompose(ready -> later(() -> finish(done, entry)));
        });
    }

    private void finish(CompletableFuture<Void> done, DeviceEntry entry) {
        reconsider();
        String refusal = placement.refusal(entry);
        if (refusal == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(new IllegalStateException(entry.name() + " is not plugged: " + refusal));
        }
    }

    /** Takes a device out by hand; see {@link vireo.transport.TransportAdmin#unplug}. */
    CompletableFuture<Void> unplugByHand(String deviceName) {
        return ask(done -> {
            List<Plug> its = placement.plugs(plug -> !plug.ending() && plug.slot().deviceName().equals(deviceName));
            if (its.isEmpty()) {
                placement.named(deviceName);
            }
            placement.wish(deviceName, null, -1);
            all(its.stream().map(this::end).toList()).whenComplete((nothing, failure) -> later(() -> {
                reconsider();
                done.complete(null);
            }));
        });
    }

    /** Removes every slot, tells the drivers, lets go of every bus. Idempotent. */
    @Override
    public void close() {
        if (!closing.compareAndSet(false, true)) {
            return;
        }
        List<DeviceBus> open = buses;
        CompletableFuture<Void> gone = ask(done -> {
            placement.devices().clear();
            all(placement.plugs(plug -> !plug.ending()).stream().map(this::end).toList())
                    .whenComplete((nothing, failure) -> later(() -> {
                        closed = true;
                        placement.buses().values().forEach(BusPlace::close);
                        placement.buses().clear();
                        buses = List.of();
                        done.complete(null);
                    }));
        });
        try {
            gone.get(CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException late) {
            LOG.warn("the device side did not come to rest within {} ms", CLOSE_MILLIS);
        }
        open.forEach(bus -> bus.lifecycle().close());
        executor.close();
    }
}
