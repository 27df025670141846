// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.nio.file.Path;
import java.util.function.Function;

import vireo.observe.CounterSet;
import vireo.transport.core.Settings;
import vireo.transport.core.Timers;

/** What all buses of the device side share: the workers, the threads for slow devices, the timer, the plug board. */
final class DevicePlatform implements AutoCloseable {
    /** How often the rings of a bus are looked at whose drivers do not notify. */
    static final long LOOK_NANOS = 500_000;

    private final Settings settings;
    private final Timers timers;
    private final Function<CounterSet, Runnable> registrar;
    private final WorkerPool pool;
    private final DeviceCalls calls = new DeviceCalls();
    private final PlugBoard board;

    /**
     * Makes a platform without buses and devices; no thread is started yet.
     *
     * @param settings what is configured
     * @param timers the bundle's timer, which somebody else closes
     * @param registrar registers counters as a service, and gives what takes them back
     * @param numbers file in which device numbers are kept; may be null
     */
    DevicePlatform(Settings settings, Timers timers, Function<CounterSet, Runnable> registrar, Path numbers) {
        this.settings = settings;
        this.timers = timers;
        this.registrar = registrar;
        this.pool = new WorkerPool(settings.workers(), settings.pollNanos());
        this.board = new PlugBoard(this, new NumberStore(numbers));
    }

    Settings settings() {
        return settings;
    }

    Timers timers() {
        return timers;
    }

    WorkerPool pool() {
        return pool;
    }

    DeviceCalls calls() {
        return calls;
    }

    PlugBoard board() {
        return board;
    }

    /** Registers counters; on a lifecycle executor. */
    Runnable register(CounterSet counters) {
        return registrar.apply(counters);
    }

    /** A slot waited for a successor in vain. Any thread. */
    void expired(DeviceSlot slot) {
        board.expired(slot);
    }

    /** Takes all devices out, tells their drivers, lets go of all buses and ends all threads. Idempotent. */
    @Override
    public void close() {
        board.close();
        pool.close();
        calls.close();
    }
}
