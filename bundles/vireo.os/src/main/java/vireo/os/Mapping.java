// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Memory mapped into this process, and its owner. Thread-safe.
 *
 * <p>A mapped file can be made shorter by whoever may write to it; touching what is gone then throws
 * {@link InternalError}. A memfd {@linkplain Memfd sealed} against shrinking cannot do that.
 */
public final class Mapping implements AutoCloseable {

    private static final int PROT_READ = 1;
    private static final int PROT_WRITE = 2;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_NORESERVE = 0x4000;
    private static final long LONGEST_RETRY_NANOS = 100_000_000L;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment segment;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Mapping(long address, long length, boolean writable) {
        MemorySegment whole = reinterpret(address, length, arena);
        segment = writable ? whole : whole.asReadOnly();
    }

    @SuppressWarnings("restricted")
    private static MemorySegment reinterpret(long address, long length, Arena arena) {
        return MemorySegment.ofAddress(address).reinterpret(length, arena, memory ->
                Frame.direct(SystemCall.MUNMAP, memory.address(), memory.byteSize(), 0, 0));
    }

    /**
     * Maps part of a file or memfd, shared with everybody else who maps it.
     *
     * @param descriptor what to map; it may be closed afterwards
     * @param offset first byte, a multiple of the page size
     * @param length number of bytes, more than 0
     * @param writable true to write as well as read; the descriptor must be open for both
     * @return the mapping
     * @throws OsException if the kernel refuses, for example EACCES, EINVAL for an offset within a page, or ENOMEM
     * @throws IllegalArgumentException if a regular file is shorter than the range, because touching what it does not
     *         have would fail later, and harder
     */
    public static Mapping shared(Descriptor descriptor, long offset, long length, boolean writable)
            throws OsException {
        checkLength(length);
        Handle handle = descriptor.handle();
        long size = FileControl.regularSize(handle);
        if (size >= 0 && (offset < 0 || offset > size || length > size - offset)) {
            throw new IllegalArgumentException("cannot map offset=" + offset + " length=" + length + " of " + descriptor
                    + ": it is only " + size + " bytes long");
        }
        int fd = handle.enter();
        if (fd < 0) {
            throw handle.closed("mmap");
        }
        try {
            return map(length, writable, MAP_SHARED, fd, offset, handle.toString());
        } finally {
            handle.exit();
        }
    }

    /**
     * Maps fresh memory, filled with zeros, of this process alone. Pages cost memory only once they are written.
     *
     * @param length number of bytes, more than 0
     * @return the mapping
     * @throws OsException if the kernel refuses, for example ENOMEM
     */
    public static Mapping anonymous(long length) throws OsException {
        Linux.require();
        checkLength(length);
        return map(length, true, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0, "anonymous");
    }

    private static void checkLength(long length) {
        if (length <= 0) {
            throw new IllegalArgumentException("cannot map length=" + length + ": it must be more than 0");
        }
    }

    private static Mapping map(long length, boolean writable, int flags, int fd, long offset, String what)
            throws OsException {
        int protection = writable ? PROT_READ | PROT_WRITE : PROT_READ;
        Frame frame = Frame.take();
        try {
            long address = frame.call(SystemCall.MMAP, 0, length, protection, flags, fd, offset);
            if (address < 0) {
                throw new OsException((int) -address, "mmap(" + what + ", offset=" + offset + ", length=" + length
                        + (writable ? ", read and write)" : ", read)"));
            }
            return new Mapping(address, length, writable);
        } finally {
            frame.give();
        }
    }

    /**
     * Returns the memory.
     *
     * @return all of it, the same segment every time, usable by any thread until {@link #close()}; read-only if mapped so
     */
    public MemorySegment segment() {
        return segment;
    }

    /**
     * Tells whether the mapping has not been closed yet.
     *
     * @return true until {@link #close()}
     */
    public boolean isOpen() {
        return !closed.get();
    }

    /**
     * Unmaps the memory, exactly once; idempotent. Later access through the segment throws IllegalStateException. If a
     * system call is using the memory at this moment, it is unmapped as soon as that call has returned.
     */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true) && !tryUnmap()) {
            Thread.ofVirtual().name("vireo-unmap").start(this::unmapWhenFree);
        }
    }

    private boolean tryUnmap() {
        try {
            arena.close();
            return true;
        } catch (IllegalStateException inUse) {
            return false;
        }
    }

    private void unmapWhenFree() {
        long wait = 1_000_000;
        while (!tryUnmap()) {
            LockSupport.parkNanos(wait);
            wait = Math.min(wait * 2, LONGEST_RETRY_NANOS);
        }
    }
}
