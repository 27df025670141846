// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryRegion;
import vireo.os.Descriptor;
import vireo.os.Mapping;
import vireo.os.Memfd;

/**
 * The driver's memory: one file, mapped whole, at one or two places of the driver's address space.
 *
 * <pre>
 * file     |  0 .. low          |  low .. size
 * address  |  lowBase .. + low  |  base .. base + size − low     with memory.low, and a hole between the two
 * address  |  base .. base + size                                without
 * </pre>
 *
 * <p>QEMU's properties of its bus translate so: without a hole {@code memory.base=mem-offset}; with one
 * {@code memory.low=mem-low-size}, {@code memory.low.base=mem-offset},
 * {@code memory.base=mem-offset + mem-low-size + mem-hole}.
 */
final class DriverMemory implements AutoCloseable {

    private static final long LARGEST = 1L << 40;

    private final AmpSettings.Memory settings;
    private final boolean create;
    private final GuestMemory guest = GuestMemory.mapped();
    private Object key;

    DriverMemory(AmpSettings settings) {
        this.settings = settings.memory();
        this.create = settings.create();
    }

    GuestMemory guest() {
        return guest;
    }

    /**
     * Maps the file unless that is done, or maps it again if it was replaced; then the memory has a new generation.
     *
     * @throws NotYetException if the peer is making it
     * @throws IOException naming the file, what is wrong, and the remedy
     */
    synchronized void ensure() throws IOException {
        Path file = settings.file();
        boolean missing = Files.notExists(file);
        if (key != null && !missing && key.equals(RingFile.key(file))) {
            return;
        }
        if (missing && !create) {
            throw new IOException("memory.file=" + file + " does not exist, though the rings do; start the side that "
                    + "makes it, name the file it uses, or say create=true");
        }
        if (missing && !settings.trusted()) {
            throw unsealed();
        }
        try (Descriptor descriptor = RingFile.open(file, create)) {
            if (!settings.trusted() && (Memfd.seals(descriptor) & Memfd.SEAL_SHRINK) == 0) {
                throw unsealed();
            }
            long size = size(descriptor);
            List<long[]> places = places(size);
            Mapping mapping = Mapping.shared(descriptor, 0, size, true);
            publish(mapping, places);
            key = RingFile.key(file);
        }
    }

    private void publish(Mapping mapping, List<long[]> places) {
        MemorySegment memory = mapping.segment();
        try {
            List<MemoryRegion> regions = places.stream()
                    .map(place -> new MemoryRegion(place[0], memory.asSlice(place[1], place[2]))).toList();
            guest.publish(regions, mapping::close);
        } catch (RuntimeException e) {
            mapping.close();
            throw e;
        }
    }

    private long size(Descriptor descriptor) throws IOException {
        long size = descriptor.size();
        if (size == 0 && create) {
            descriptor.ftruncate(settings.sizeToMake());
            return settings.sizeToMake();
        }
        if (size == 0) {
            throw new NotYetException("memory.file=" + settings.file() + " is empty; the peer is about to fill it");
        }
        if (create && settings.size() != 0 && settings.size() != size) {
            throw new IOException("memory.size=" + settings.size() + " does not fit memory.file=" + settings.file()
                    + ", which has " + size + " bytes; leave memory.size out, or remove the file while neither side "
                    + "runs");
        }
        if (size > LARGEST) {
            throw new IOException("memory.file=" + settings.file() + " has " + size + " bytes; at most " + LARGEST
                    + " are mapped");
        }
        return size;
    }

    /** Returns address, file offset and length of each part. */
    private List<long[]> places(long size) throws IOException {
        long low = settings.low();
        long high = size - low;
        if (high <= 0) {
            throw new IOException("memory.low=" + low + " leaves nothing of memory.file=" + settings.file()
                    + ", which has " + size + " bytes; make it smaller");
        }
        if (settings.base() > Long.MAX_VALUE - high) {
            throw new IOException("memory.base=0x" + Long.toHexString(settings.base()) + " leaves no room for " + high
                    + " bytes behind it; make it smaller");
        }
        List<long[]> places = new ArrayList<>();
        if (low > 0) {
            long lowBase = settings.lowBase();
            boolean apart = lowBase <= settings.base() - low || settings.base() + high <= lowBase;
            if (lowBase > Long.MAX_VALUE - low || !apart) {
                throw new IOException("the low part of memory (memory.low.base=0x" + Long.toHexString(lowBase)
                        + " memory.low=" + low + ") overlaps the rest (memory.base=0x"
                        + Long.toHexString(settings.base()) + ", " + high + " bytes); move memory.base behind it");
            }
            places.add(new long[] {lowBase, 0, low});
        }
        places.add(new long[] {settings.base(), low, high});
        return places;
    }

    private IOException unsealed() {
        return new IOException("memory.file=" + settings.file() + " is not sealed against shrinking, so whoever may "
                + "write to it could make this process fail; name a sealed memfd, or say memory.trusted=true if you "
                + "trust them all");
    }

    /** Drops this bus's hold; what is in use stays mapped until it is done with. Idempotent. */
    @Override
    public void close() {
        guest.close();
    }
}
