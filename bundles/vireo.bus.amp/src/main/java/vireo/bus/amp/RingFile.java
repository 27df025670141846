// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import vireo.os.Descriptor;
import vireo.os.Mapping;

/**
 * A file that holds a ring or both, mapped. It is made and given its size, and so filled with zeroes, only by the side
 * that creates, and only while it has no size yet; an existing ring is never cleared.
 */
final class RingFile implements AutoCloseable {

    private final Path path;
    private final Object key;
    private final Descriptor descriptor;
    private final Mapping mapping;

    private RingFile(Path path, Object key, Descriptor descriptor, Mapping mapping) {
        this.path = path;
        this.key = key;
        this.descriptor = descriptor;
        this.mapping = mapping;
    }

    /**
     * Opens a file.
     *
     * @param path the file
     * @param rings what it is to hold
     * @param create whether to make it
     * @param owner which side, or null if another file is the one that says who owns this end; a second owner is
     *        refused
     * @throws NotYetException if the peer has still to make it
     * @throws IOException naming the file, what is wrong, and the remedy
     */
    static RingFile open(Path path, AmpSettings.Rings rings, boolean create, String owner) throws IOException {
        if (!create && Files.notExists(path)) {
            throw new NotYetException("ring file " + path + " does not exist yet; it is made when the peer starts, "
                    + "or here with create=true");
        }
        Descriptor descriptor = open(path, create);
        try {
            if (owner != null) {
                own(descriptor, path, owner);
            }
            size(descriptor, path, rings, create);
            Mapping mapping = Mapping.shared(descriptor, 0, rings.layout().fileBytes(rings.slots()), true);
            return new RingFile(path, key(path), descriptor, mapping);
        } catch (IOException | RuntimeException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Opens a file whose only use is its lock. */
    static Descriptor ownerOf(Path path, String owner) throws IOException {
        Descriptor descriptor = open(path, true);
        try {
            own(descriptor, path, owner);
            return descriptor;
        } catch (IOException e) {
            descriptor.close();
            throw e;
        }
    }

    /** Opens a file for reading and writing, as everything here must be. */
    static Descriptor open(Path path, boolean create) throws IOException {
        try {
            return create ? Descriptor.open(path, READ, WRITE, CREATE) : Descriptor.open(path, READ, WRITE);
        } catch (IOException e) {
            throw new IOException("cannot use " + path + ": " + e.getMessage()
                    + "; this side must be able to read and write it", e);
        }
    }

    private static void own(Descriptor descriptor, Path path, String owner) throws IOException {
        if (!descriptor.tryLockExclusive()) {
            throw new IOException("ring file " + path + " is in use by another " + owner + ", and this bus is "
                    + "point-to-point; stop that one, or give this bus files of its own");
        }
    }

    private static void size(Descriptor descriptor, Path path, AmpSettings.Rings rings, boolean create)
            throws IOException {
        long wanted = rings.layout().fileBytes(rings.slots());
        long size = descriptor.size();
        if (size == 0 && create) {
            descriptor.ftruncate(wanted);
        } else if (size == 0) {
            throw new NotYetException("ring file " + path + " is empty; the peer is about to fill it");
        } else if (rings.layout().oneArea() ? size < wanted : size != wanted) {
            throw new IOException("ring file " + path + " has the wrong size: it has " + size + " bytes, but layout="
                    + rings.layout().key() + " with slots=" + rings.slots() + " needs " + wanted + remedy(size, rings));
        }
    }

    private static String remedy(long size, AmpSettings.Rings rings) {
        long slots = (size - SlotRing.SLOTS_OFFSET) / SlotRing.SLOT_BYTES;
        boolean fits = !rings.layout().oneArea() && slots >= SlotRing.MIN_SLOTS && slots <= SlotRing.MAX_SLOTS
                && SlotRing.bytes((int) slots) == size;
        return "; remove the file while neither side runs" + (fits ? ", or say slots=" + slots : "");
    }

    /** Tells whether the path still leads to this file, and not to one made since. */
    boolean isCurrent() {
        try {
            return key.equals(key(path));
        } catch (IOException gone) {
            return false;
        }
    }

    /** Returns what tells one file from another at the same path. */
    static Object key(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        if (key == null) {
            throw new NoSuchFileException(path.toString(), null, "its file system tells nothing of its identity");
        }
        return key;
    }

    MemorySegment memory() {
        return mapping.segment();
    }

    @Override
    public void close() {
        mapping.close();
        descriptor.close();
    }
}
