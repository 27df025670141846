// SPDX-License-Identifier: Apache-2.0
package vireo.memory;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The memory in which the addresses of a bus's messages live: a sequence of {@linkplain MemoryGeneration generations}
 * of mapped memory, or one {@link RemoteMemory}.
 *
 * <p>A bus makes one and keeps it for its whole life. The bus publishes a new generation when its driver's memory
 * changes; a queue notices between two chains, checks its ring addresses again and moves over. Only the virtqueue
 * engines look anything up here; device plug-ins see memory through {@code Chain} alone. All methods are thread-safe.
 */
public final class GuestMemory {

    private final RemoteMemory remote;
    private final CopyOnWriteArrayList<Runnable> watchers = new CopyOnWriteArrayList<>();
    private volatile Entry current;

    /** A generation and the promise that is kept when nobody uses it any more. */
    private record Entry(MemoryGeneration generation, CompletableFuture<Void> retired) {
    }

    private GuestMemory(RemoteMemory remote, Entry first) {
        this.remote = remote;
        this.current = first;
    }

    /**
     * Makes a memory without any region yet; {@link #publish} gives it some.
     *
     * @return a mapped memory at generation 0
     */
    public static GuestMemory mapped() {
        CompletableFuture<Void> retired = new CompletableFuture<>();
        MemoryGeneration none = new MemoryGeneration(0, java.util.List.of(), () -> retired.complete(null));
        return new GuestMemory(null, new Entry(none, retired));
    }

    /**
     * Makes a memory that is reached by messages only.
     *
     * @param remote how to reach it
     * @return a remote memory
     */
    public static GuestMemory remote(RemoteMemory remote) {
        return new GuestMemory(Objects.requireNonNull(remote, "remote"), null);
    }

    /**
     * Tells which kind this is, and so which queue engine serves it.
     *
     * @return true if the memory can only be reached through {@link #remote()}
     */
    public boolean isRemote() {
        return remote != null;
    }

    /**
     * Returns the way to a remote memory.
     *
     * @return the remote memory
     * @throws IllegalStateException if this memory is mapped
     */
    public RemoteMemory remote() {
        if (remote == null) {
            throw new IllegalStateException("mapped memory has no remote access");
        }
        return remote;
    }

    /**
     * Returns the number of the current generation: one volatile read, so that a queue can ask before every chain.
     *
     * @return the number; 0 before the first {@link #publish}, −1 after {@link #close()} and for remote memory
     */
    public long generation() {
        Entry entry = current;
        return entry == null ? -1 : entry.generation().number();
    }

    /**
     * Takes a hold on the current generation.
     *
     * @return the generation, to be given back with {@link MemoryGeneration#release()}, or null after {@link #close()}
     *         and for remote memory
     */
    public MemoryGeneration acquire() {
        for (Entry entry = current; entry != null; entry = current) {
            if (entry.generation().hold()) {
                return entry.generation();
            }
        }
        return null;
    }

    /**
     * Puts a new generation in the place of the current one.
     *
     * @param regions the driver's memory from now on
     * @param unmap run once, on a thread of its own, when the new generation has lost its last holder
     * @return completes when no queue, chain or call uses the generation before this one any more; that is the moment to
     *         acknowledge the change to the peer
     * @throws IllegalArgumentException if two regions overlap; then nothing changed and {@code unmap} is not run
     * @throws IllegalStateException if the memory is remote or closed
     */
    public CompletionStage<Void> publish(java.util.List<MemoryRegion> regions, Runnable unmap) {
        Entry before = replace(regions, unmap);
        watchers.forEach(Runnable::run);
        return before.retired().minimalCompletionStage();
    }

    /**
     * Asks to be told of every new generation, so that idle queues move over to it too.
     *
     * @param watcher run after each {@link #publish} on its caller's thread; must not block and must not throw
     */
    public void watch(Runnable watcher) {
        watchers.addIfAbsent(watcher);
    }

    /**
     * Ends {@link #watch}. Idempotent.
     *
     * @param watcher the same object
     */
    public void unwatch(Runnable watcher) {
        watchers.remove(watcher);
    }

    private synchronized Entry replace(java.util.List<MemoryRegion> regions, Runnable unmap) {
        Entry before = current;
        if (before == null) {
            throw new IllegalStateException("memory is " + (isRemote() ? "remote" : "closed"));
        }
        CompletableFuture<Void> retired = new CompletableFuture<>();
        MemoryGeneration next = new MemoryGeneration(before.generation().number() + 1, regions, () -> {
            try {
                unmap.run();
            } finally {
                retired.complete(null);
            }
        });
        current = new Entry(next, retired);
        before.generation().release();
        return before;
    }

    /** Drops the bus's own hold. Idempotent; memory in use by a chain stays mapped until that chain is done. */
    public synchronized void close() {
        Entry last = current;
        current = null;
        if (last != null) {
            last.generation().release();
        }
    }
}
