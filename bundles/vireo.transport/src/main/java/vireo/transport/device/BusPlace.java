// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.transport.core.Link;

/**
 * The services that stand for one bus name, of which one at a time is used, and the slots behind it. The fields are the
 * plug board's; attaching and detaching happen on the bus's lifecycle executor, in the order in which they are asked.
 */
final class BusPlace {
    private static final Logger LOG = LoggerFactory.getLogger(BusPlace.class);

    private final DevicePlatform platform;
    private final DeviceBus bus;
    private final List<BusEntry> offered = new ArrayList<>();
    private final Consumer<Runnable> board;
    private BusEntry used;
    private boolean ready;
    private boolean useless;
    private CompletableFuture<Void> attaching = CompletableFuture.completedFuture(null);
    /** Takes back the service of the link's counters; the lifecycle executor's. */
    private Runnable linkCounters = () -> { };
    private Runnable busCounters = () -> { };

    /**
     * Makes a place nobody uses yet.
     *
     * @param platform what all buses share
     * @param first the first service of the name, which is still to be offered
     * @param board runs something on the plug board's executor, and then considers what can be plugged in now
     */
    BusPlace(DevicePlatform platform, BusEntry first, Consumer<Runnable> board) {
        this.platform = platform;
        this.board = board;
        this.bus = new DeviceBus(platform, first.bus().info());
        bus.lifecycle().execute(() -> busCounters = platform.register(bus.counters()));
    }

    DeviceBus bus() {
        return bus;
    }

    /** The service in use; null while there is none that works. */
    BusEntry used() {
        return useless ? null : used;
    }

    /** Tells whether the transport is attached to it already. */
    boolean ready() {
        return ready;
    }

    boolean isEmpty() {
        return offered.isEmpty();
    }

    /** Completes when it is clear whether the service in use works. */
    CompletableFuture<Void> attaching() {
        return attaching;
    }

    /** A service of this name came. */
    void offer(BusEntry entry) {
        offered.add(entry);
        if (used == null) {
            use(entry);
        } else {
            LOG.error("bus name {} is used by service {} and again by service {}, which is ignored: give each bus a"
                    + " name of its own", bus.name(), used.id(), entry.id());
        }
    }

    private void use(BusEntry entry) {
        used = entry;
        ready = false;
        useless = false;
        CompletableFuture<Void> made = new CompletableFuture<>();
        attaching = made;
        bus.lifecycle().execute(() -> {
            try {
                bus.attach(entry.bus());
                Link link = bus.link();
                linkCounters = link == null ? linkCounters : platform.register(link.counters());
                board.accept(() -> {
                    ready = used == entry;
                    made.complete(null);
                });
            } catch (RuntimeException | LinkageError failure) {
                LOG.error("bus {} cannot be used: {}", bus.name(), failure.getMessage(), failure);
                board.accept(() -> {
                    useless = used == entry;
                    made.complete(null);
                });
            }
        });
    }

    /**
     * A service of this name goes.
     *
     * @return completes when nothing uses it any more
     */
    CompletionStage<Void> withdraw(long id) {
        offered.removeIf(entry -> entry.id() == id);
        if (used == null || used.id() != id) {
            return CompletableFuture.completedFuture(null);
        }
        used = null;
        CompletableFuture<Void> done = new CompletableFuture<>();
        bus.lifecycle().execute(() -> {
            linkCounters.run();
            linkCounters = () -> { };
            bus.detach().whenComplete((nothing, failure) -> done.complete(null));
        });
        if (!offered.isEmpty()) {
            use(offered.stream().min(BusEntry.ORDER).orElseThrow());
        }
        return done;
    }

    /** The last of it: no service and no slot is left. */
    void close() {
        bus.lifecycle().execute(() -> {
            linkCounters.run();
            busCounters.run();
            bus.detach();
            bus.close();
        });
    }
}
