// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.BitSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.BusException;
import vireo.driver.DeviceInfo;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;
import vireo.observe.CounterSet;
import vireo.observe.LogLimit;
import vireo.transport.core.Link;
import vireo.transport.core.SerialExecutor;
import vireo.transport.core.TransportCore;

/**
 * Finds the devices of a bus and lets them go. It asks and waits for answers on an executor of its own, so that a
 * device that does not answer delays only the search; services come and go on the bus's lifecycle executor. A failed
 * enumeration is repeated while the peer is there, less and less often.
 */
final class Finder {
    private static final Logger LOG = LoggerFactory.getLogger(Finder.class);
    private static final long FIRST_AGAIN_NANOS = 1_000_000_000L;
    private static final long LAST_AGAIN_NANOS = 30_000_000_000L;
    /** A peer that names many devices and answers for none must not keep this busy for hours. */
    private static final int MOST_SILENT = 3;

    private final Link link;
    private final TransportCore core;
    private final DmaMemory memory;
    private final Picture picture;
    private final CounterSet counters;
    private final DeviceRegistrar registrar;
    private final LogLimit limit = LogLimit.usual();
    private final SerialExecutor searches;
    private final AtomicBoolean scheduled = new AtomicBoolean();
    /** Devices that have a service, or are about to. */
    private final Set<FoundDevice> shown = ConcurrentHashMap.newKeySet();
    private final Set<CompletableFuture<Void>> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private volatile boolean wanted;
    private volatile boolean connected;
    /** The device that is being asked what it is; null while none is. */
    private volatile Target asked;
    private volatile long again = FIRST_AGAIN_NANOS;
    private volatile boolean otherPeer;

    Finder(Link link, TransportCore core, DmaMemory memory, Picture picture, CounterSet counters,
            DeviceRegistrar registrar) {
        this.link = link;
        this.core = core;
        this.memory = memory;
        this.picture = picture;
        this.counters = counters;
        this.registrar = registrar;
        this.searches = new SerialExecutor("vireo-find-" + link.info().name());
    }

    void connected() {
        connected = true;
        again = FIRST_AGAIN_NANOS;
        wanted = true;
        wake();
    }

    void disconnected() {
        connected = false;
        wanted = false;
    }

    /** Has the picture brought up to date. */
    void wake() {
        if (scheduled.compareAndSet(false, true)) {
            searches.execute(this::work);
        }
    }

    private void work() {
        scheduled.set(false);
        if (wanted) {
            wanted = false;
            try {
                enumerate();
                again = FIRST_AGAIN_NANOS;
            } catch (RequestException trouble) {
                tryAgain(trouble);
            }
        }
        for (int number = picture.next(); number >= 0 && connected; number = picture.next()) {
            try {
                look(number);
            } catch (RequestException trouble) {
                complain("device " + number + " is said to be ready, but cannot be used", trouble);
            }
        }
    }

    private void tryAgain(RequestException trouble) {
        if (!connected) {
            return;
        }
        long pause = again;
        again = Math.min(2 * pause, LAST_AGAIN_NANOS);
        long connection = link.connection();
        complain("its devices could not be enumerated; trying again in " + pause / 1_000_000 + " ms", trouble);
        core.timers().after(pause, () -> {
            if (connected && link.connection() == connection) {
                wanted = true;
                wake();
            }
        });
    }

    private void complain(String what, RequestException trouble) {
        long held = limit.permit();
        if (held >= 0) {
            LOG.warn("bus {}: {}: {}; {} more were not logged", link.info().name(), what, trouble.getMessage(), held);
        }
    }

    void enumerateAndWait() throws RequestException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        if (!link.connected()) {
            throw new RequestException(Kind.TRANSMISSION, "bus " + link.info().name() + " has no peer; start the other "
                    + "side", null);
        }
        waiting.add(done);
        searches.execute(() -> {
            try {
                enumerate();
                link.lifecycle().execute(() -> done.complete(null));
            } catch (RequestException trouble) {
                done.completeExceptionally(trouble);
            }
        });
        if (closed) {
            close();
        }
        try {
            done.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RequestException trouble) {
                throw new RequestException(trouble.kind(), trouble.getMessage(), trouble);
            }
            throw new IllegalStateException(failed.getCause());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new RequestException(Kind.TRANSMISSION, "interrupted while bus " + link.info().name()
                    + " was enumerated", interrupt);
        } finally {
            waiting.remove(done);
        }
    }

    /** The peer is another than before: once it was asked which devices there are, those that are not can do nothing. */
    void peerChanged() {
        otherPeer = true;
    }

    private void enumerate() throws RequestException {
        try {
            Enumerator enumerator = new Enumerator(link, link.connection());
            BitSet numbers = enumerator.numbers();
            if (enumerator.astray()) {
                counters.increment(DriverCounters.WINDOWS_ASTRAY);
            }
            dropAbsent(numbers);
            lookAll(numbers);
            if (otherPeer) {
                otherPeer = false;
                // Not before the devices that are there were reset: a bus may have lost no more than its connection.
                memory.releaseAbsent(numbers);
            }
            counters.increment(DriverCounters.ENUMERATIONS);
        } catch (RequestException trouble) {
            counters.increment(DriverCounters.ENUMERATIONS_FAILED);
            throw trouble;
        }
    }

    private void dropAbsent(BitSet present) {
        for (FoundDevice found : picture.all()) {
            int number = found.device().number();
            if (!present.get(number)) {
                drop(number, "the peer has it no more");
            }
        }
    }

    private void lookAll(BitSet numbers) throws RequestException {
        int silent = 0;
        for (int number = numbers.nextSetBit(0); number >= 0; number = numbers.nextSetBit(number + 1)) {
            try {
                picture.look(number);
                look(number);
                silent = 0;
            } catch (RequestException trouble) {
                silent += trouble.kind() == Kind.NO_ANSWER ? 1 : 0;
                if (trouble.kind() == Kind.TRANSMISSION || silent >= MOST_SILENT) {
                    throw trouble;
                }
                complain("device " + number + " is left out", trouble);
            }
        }
    }

    /** Asks what a device is, and adds, keeps or replaces it (rules VMSG-BUS-07, 11 and 12). */
    private void look(int number) throws RequestException {
        Target target = new Target(link, number, link.connection());
        asked = target;
        try {
            look(target);
        } catch (RequestException trouble) {
            if (!target.isLost()) {
                throw trouble;
            }
        } finally {
            asked = null;
        }
    }

    private void look(Target target) throws RequestException {
        int number = target.number();
        DeviceInfo info;
        try {
            info = new DeviceRequests(target).info();
        } catch (RequestException trouble) {
            counters.increment(DriverCounters.QUERIES_FAILED);
            throw trouble;
        }
        FoundDevice known = picture.at(number);
        if (known != null) {
            if (info != null && info.equals(known.device().info()) && !replaced(known, target)) {
                return;
            }
            drop(number, info == null ? "the peer has it no more" : "another device took its number");
            picture.look(number);
        }
        if (info != null) {
            add(new FoundDevice(new RemoteDeviceImpl(target, info, memory, core)));
        }
    }

    /** A device that somebody brought to life and that is found reset is another one of the same kind. */
    private static boolean replaced(FoundDevice known, Target target) throws RequestException {
        return known.device().wasTouched() && new DeviceRequests(target).status() == 0
                && known.device().wasTouched();
    }

    private void add(FoundDevice found) {
        RemoteDeviceImpl device = found.device();
        quieten(device);
        if (picture.add(found)) {
            counters.increment(DriverCounters.FOUND);
            LOG.info("bus {}: found device {}, type {}", device.busName(), device.number(), device.info().deviceId());
            shown.add(found);
            link.lifecycle().execute(() -> found.register(registrar));
        }
    }

    /**
     * A device may still be at work for a driver of a connection that broke, or of a process that is no more. It must
     * not write to memory that others get now.
     */
    private void quieten(RemoteDeviceImpl device) {
        try {
            if (device.status() != 0) {
                device.setStatus(0);
            }
            memory.release(device.number());
        } catch (RequestException trouble) {
            if (!device.isLost()) {
                complain("device " + device.number() + " may be live from before, and could not be reset", trouble);
            }
        }
    }

    /** The peer removed what is not in the picture: if it is being asked, it will not answer. On the dispatcher. */
    void removed(int number, BusException cause) {
        Target now = asked;
        if (now != null && now.number() == number) {
            now.lost(cause);
            link.failRequests(number, cause);
        }
    }

    private void drop(int number, String why) {
        FoundDevice found = picture.remove(number);
        if (found != null) {
            lose(found, new BusException(BusException.Reason.PEER_LOST, why), true);
        }
    }

    /**
     * A device is gone: its requests fail here and now, on whichever thread; its driver learns it and its service goes
     * on the lifecycle executor.
     *
     * @param quiet true if the device is known not to touch memory any more
     */
    void lose(FoundDevice found, BusException cause, boolean quiet) {
        counters.increment(DriverCounters.LOST);
        found.device().lost(cause, quiet);
        link.lifecycle().execute(() -> {
            LOG.info("bus {}: lost device {}: {}", found.device().busName(), found.device().number(),
                    cause.getMessage());
            // A driver that sees its service go before it knows why can only say that it was stopped.
            found.device().tellLost(cause, () -> link.lifecycle().execute(() -> hide(found)));
        });
    }

    private void hide(FoundDevice found) {
        found.unregister();
        shown.remove(found);
    }

    /**
     * Ends the search, whose requests have failed already, and whoever waits for it. A driver that is still being told
     * why its device is lost has no say any more in when the service goes.
     */
    void close() {
        closed = true;
        searches.close();
        shown.forEach(this::hide);
        waiting.forEach(done -> done.completeExceptionally(new RequestException(Kind.TRANSMISSION, "bus "
                + link.info().name() + " was taken away", null)));
    }
}
