// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Memory with a descriptor, to be mapped here and passed to other processes, and the seals that make it safe to map. */
public final class Memfd {

    /** Seal: no seal can be added. */
    public static final int SEAL_SEAL = 0x1;

    /** Seal: the memory cannot get shorter, so that a mapping of it never faults. */
    public static final int SEAL_SHRINK = 0x2;

    /** Seal: the memory cannot get longer. */
    public static final int SEAL_GROW = 0x4;

    private static final int MFD_CLOEXEC = 0x1;
    private static final int MFD_ALLOW_SEALING = 0x2;
    private static final int F_ADD_SEALS = 1033;
    private static final int F_GET_SEALS = 1034;

    private Memfd() {
    }

    /**
     * Makes memory filled with zeros.
     *
     * @param name what it is called in {@code /proc/self/maps}, without meaning otherwise; at most 249 bytes
     * @param size number of bytes
     * @param seals {@link #SEAL_SHRINK} and others, put on once it has its size; 0 for none
     * @return its descriptor, open for reading and writing
     * @throws OsException if the kernel refuses
     */
    public static Descriptor create(String name, long size, int seals) throws OsException {
        Linux.require();
        Descriptor memory = create(name);
        try {
            memory.ftruncate(size);
            if (seals != 0) {
                FileControl.call(memory.handle(), SystemCall.FCNTL, "fcntl F_ADD_SEALS", F_ADD_SEALS, seals, 0);
            }
            return memory;
        } catch (OsException e) {
            memory.close();
            throw e;
        }
    }

    private static Descriptor create(String name) throws OsException {
        Frame frame = Frame.take();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment text = arena.allocateFrom(name);
            long result = frame.call(SystemCall.MEMFD_CREATE, text.address(), MFD_CLOEXEC | MFD_ALLOW_SEALING, 0);
            return Descriptor.of(result, "memfd:" + name, "memfd_create(" + name + ")");
        } finally {
            frame.give();
        }
    }

    /**
     * Asks which seals are on.
     *
     * @param descriptor any descriptor
     * @return the seals; 0 if there are none, or if it is nothing that can be sealed
     * @throws OsException if the call fails for another reason
     */
    public static int seals(Descriptor descriptor) throws OsException {
        try {
            return (int) FileControl.call(descriptor.handle(), SystemCall.FCNTL, "fcntl F_GET_SEALS", F_GET_SEALS, 0, 0);
        } catch (OsException e) {
            if (e.errno() == Errno.EINVAL) {
                return 0;
            }
            throw e;
        }
    }
}
