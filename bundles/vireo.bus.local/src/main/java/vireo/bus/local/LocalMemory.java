// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import java.lang.foreign.Arena;
import java.util.List;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryRegion;
import vireo.os.Linux;
import vireo.os.Mapping;
import vireo.os.OsException;

/**
 * The memory that drivers of this bus allocate from and its devices reach. Each driver gets its own, filled with zeros: a
 * device that is still busy with the chains of the driver before cannot write into what the new one put there.
 */
final class LocalMemory implements AutoCloseable {

    private final LocalSettings settings;
    private final GuestMemory guest = GuestMemory.mapped();
    private boolean used;

    LocalMemory(LocalSettings settings) {
        this.settings = settings;
        publish();
    }

    GuestMemory guest() {
        return guest;
    }

    /** Makes sure that the current memory is one that no driver has had. */
    synchronized void forNewDriver() {
        if (used) {
            publish();
        }
        used = true;
    }

    private void publish() {
        MemoryRegion region;
        Runnable unmap;
        if (Linux.supported()) {
            Mapping mapping = map();
            region = new MemoryRegion(settings.memoryBase(), mapping.segment());
            unmap = mapping::close;
        } else {
            Arena arena = Arena.ofShared();
            region = new MemoryRegion(settings.memoryBase(), arena.allocate(settings.memorySize(), 4096));
            unmap = arena::close;
        }
        try {
            guest.publish(List.of(region), unmap);
        } catch (IllegalStateException closed) {
            unmap.run();
            throw closed;
        }
    }

    private Mapping map() {
        try {
            return Mapping.anonymous(settings.memorySize());
        } catch (OsException e) {
            throw new IllegalStateException("bus " + settings.name() + " has no memory: " + e.getMessage()
                    + "; give it a smaller memory.size than " + settings.memorySize(), e);
        }
    }

    @Override
    public void close() {
        guest.close();
    }
}
