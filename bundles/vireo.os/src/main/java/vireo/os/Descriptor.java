// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * An open file descriptor and its owner. Descriptors are close-on-exec, whatever they came from.
 *
 * <p>Thread-safe. {@link #close()} may be called at any moment: a call in progress on another thread finishes first and
 * the number is given back to the kernel after it, later calls fail with EBADF and a text that says so. Reads, writes
 * and their relatives allocate nothing unless they fail.
 *
 * <p>Buffers are native memory, given as a long-lived segment with offset and length; it stays mapped until the call
 * returns even if its arena is closed meanwhile (that close fails or is put off).
 */
public final class Descriptor implements AutoCloseable {

    /** What a read returns at the end of the file or stream. */
    public static final long EOF = -1;

    /** What a call on a non-blocking descriptor returns if it would have to wait. */
    public static final long WOULD_BLOCK = -2;

    private static final int AT_FDCWD = -100;
    private static final int DEFAULT_MODE = 0600;

    private final Handle handle;

    Descriptor(int number, String name) {
        this.handle = new Handle(number, name);
    }

    /**
     * Opens a file; one that is created gets mode 0600.
     *
     * @param path a path of the default file system
     * @param options READ, WRITE, APPEND, CREATE, CREATE_NEW, TRUNCATE_EXISTING, DSYNC, SYNC or NOFOLLOW_LINKS; none
     *        means READ
     * @return the open descriptor
     * @throws OsException if the kernel refuses, for example ENOENT, EACCES or EROFS
     * @throws IllegalArgumentException if an option means nothing here
     */
    public static Descriptor open(Path path, OpenOption... options) throws OsException {
        Linux.require();
        int flags = OpenFlags.of(options);
        Frame frame = Frame.take();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = PathName.allocate(arena, path);
            long result = frame.call(SystemCall.OPENAT, AT_FDCWD, name.address(), flags, DEFAULT_MODE);
            if (result < 0) {
                throw new OsException((int) -result, "openat(" + path + ", " + OpenFlags.names(flags) + ")");
            }
            return new Descriptor((int) result, path.toString());
        } finally {
            frame.give();
        }
    }

    /**
     * Returns the descriptor's number, for display and for calls that make their own copy of it, such as
     * {@link Poller#register}.
     *
     * @return the number, or −1 once closed
     */
    public int number() {
        return handle.number();
    }

    /**
     * Tells whether the descriptor has not been closed yet.
     *
     * @return true until {@link #close()}
     */
    public boolean isOpen() {
        return handle.isOpen();
    }

    /**
     * Reads once, from the current position.
     *
     * @param base native memory
     * @param offset byte offset in it
     * @param length number of bytes at most
     * @return bytes read; {@link #EOF} at the end; {@link #WOULD_BLOCK} if non-blocking and nothing is there
     * @throws OsException if the call fails
     * @throws IndexOutOfBoundsException if the range is not within the segment
     */
    public long read(MemorySegment base, long offset, long length) throws OsException {
        return Transfer.once(handle, SystemCall.READ, "read", base, offset, length);
    }

    /**
     * Writes once, at the current position.
     *
     * @param base native memory
     * @param offset byte offset in it
     * @param length number of bytes at most
     * @return bytes written; {@link #WOULD_BLOCK} if non-blocking and there is no room
     * @throws OsException if the call fails
     * @throws IndexOutOfBoundsException if the range is not within the segment
     */
    public long write(MemorySegment base, long offset, long length) throws OsException {
        return Transfer.once(handle, SystemCall.WRITE, "write", base, offset, length);
    }

    /**
     * Reads at a position until the range is full or the file ends.
     *
     * @param base native memory
     * @param offset byte offset in it
     * @param length number of bytes
     * @param position byte position in the file
     * @return bytes read, fewer than asked for only at the end of the file; {@link #EOF} if the position is there
     * @throws OsException if the call fails; some bytes may have been read
     * @throws IndexOutOfBoundsException if the range is not within the segment
     */
    public long pread(MemorySegment base, long offset, long length, long position) throws OsException {
        return Transfer.at(handle, SystemCall.PREAD, "pread", base, offset, length, position);
    }

    /**
     * Writes all of a range at a position.
     *
     * @param base native memory
     * @param offset byte offset in it
     * @param length number of bytes
     * @param position byte position in the file
     * @return bytes written, which is all
     * @throws OsException if the call fails, for example ENOSPC; some bytes may have been written
     * @throws IndexOutOfBoundsException if the range is not within the segment
     */
    public long pwrite(MemorySegment base, long offset, long length, long position) throws OsException {
        return Transfer.at(handle, SystemCall.PWRITE, "pwrite", base, offset, length, position);
    }

    /**
     * Reads at a position into several pieces of memory, until all are full or the file ends.
     *
     * @param vector the pieces
     * @param position byte position in the file
     * @return bytes read, fewer than asked for only at the end of the file; {@link #EOF} if the position is there
     * @throws OsException if the call fails; some bytes may have been read
     */
    public long preadv(IoVector vector, long position) throws OsException {
        return vector.transfer(handle, SystemCall.PREADV, "preadv", position);
    }

    /**
     * Writes all of several pieces of memory at a position.
     *
     * @param vector the pieces
     * @param position byte position in the file
     * @return bytes written, which is all
     * @throws OsException if the call fails, for example ENOSPC; some bytes may have been written
     */
    public long pwritev(IoVector vector, long position) throws OsException {
        return vector.transfer(handle, SystemCall.PWRITEV, "pwritev", position);
    }

    /**
     * Makes everything written so far durable, with as much metadata as is needed to read it back. Blocks.
     *
     * @throws OsException if the call fails; then nothing is known about what was written since the last success
     */
    public void fdatasync() throws OsException {
        FileControl.call(handle, SystemCall.FDATASYNC, "fdatasync", 0, 0, 0);
    }

    /**
     * Sets the length of the file.
     *
     * @param size new length in bytes
     * @throws OsException if the call fails; EPERM if a seal forbids it
     */
    public void ftruncate(long size) throws OsException {
        FileControl.call(handle, SystemCall.FTRUNCATE, "ftruncate", size, 0, 0);
    }

    /**
     * Sets space aside, and makes the file longer if the range ends behind it.
     *
     * @param offset first byte
     * @param length number of bytes, more than 0
     * @throws OsException if the call fails; ENOSPC, or EOPNOTSUPP if the file system cannot do it
     */
    public void allocate(long offset, long length) throws OsException {
        FileControl.call(handle, SystemCall.FALLOCATE, "fallocate", 0, offset, length);
    }

    /**
     * Gives a range's space back; it reads as zero afterwards. The file keeps its length.
     *
     * @param offset first byte
     * @param length number of bytes, more than 0
     * @throws OsException if the call fails; EOPNOTSUPP if the file system cannot do it
     */
    public void punchHole(long offset, long length) throws OsException {
        FileControl.call(handle, SystemCall.FALLOCATE, "fallocate", FileControl.PUNCH_HOLE_KEEP_SIZE, offset, length);
    }

    /**
     * Makes a range read as zero and keeps its space set aside. The file keeps its length.
     *
     * @param offset first byte
     * @param length number of bytes, more than 0
     * @throws OsException if the call fails; EOPNOTSUPP if the file system cannot do it, as on tmpfs
     */
    public void zeroRange(long offset, long length) throws OsException {
        FileControl.call(handle, SystemCall.FALLOCATE, "fallocate", FileControl.ZERO_RANGE_KEEP_SIZE, offset, length);
    }

    /**
     * Returns how much the file or block device holds.
     *
     * @return bytes; 0 for what has no size, such as a pipe
     * @throws OsException if the call fails
     */
    public long size() throws OsException {
        return FileControl.size(handle);
    }

    /**
     * Locks the whole file against every other lock, without waiting. The lock belongs to the open file, not to the
     * process: a second descriptor of the same process conflicts, {@linkplain #duplicate() duplicates} share it, and it
     * goes when the last of them is closed. It does not conflict with a process that does not lock.
     *
     * @return false if somebody else holds a lock
     * @throws OsException if the call fails; EBADF if the descriptor is not open for writing
     */
    public boolean tryLockExclusive() throws OsException {
        return FileControl.lock(handle, FileControl.F_WRLCK);
    }

    /**
     * Locks the whole file against exclusive locks, without waiting; otherwise as {@link #tryLockExclusive()}.
     *
     * @return false if somebody else holds an exclusive lock
     * @throws OsException if the call fails; EBADF if the descriptor is not open for reading
     */
    public boolean tryLockShared() throws OsException {
        return FileControl.lock(handle, FileControl.F_RDLCK);
    }

    /**
     * Gives the lock up before the descriptor is closed; does nothing without a lock.
     *
     * @throws OsException if the call fails
     */
    public void unlock() throws OsException {
        FileControl.lock(handle, FileControl.F_UNLCK);
    }

    /**
     * Chooses whether calls wait. The choice is one of the open file, shared with duplicates and with every process that
     * got it by message.
     *
     * @param on true for calls that return {@link #WOULD_BLOCK} instead of waiting
     * @throws OsException if the call fails
     */
    public void setNonBlocking(boolean on) throws OsException {
        FileControl.setNonBlocking(handle, on);
    }

    /**
     * Makes a second descriptor of the same open file, with position, lock and mode in common.
     *
     * @return a descriptor with an owner of its own
     * @throws OsException if the call fails; EMFILE if the process has too many
     */
    public Descriptor duplicate() throws OsException {
        long number = FileControl.call(handle, SystemCall.FCNTL, "fcntl F_DUPFD_CLOEXEC",
                FileControl.F_DUPFD_CLOEXEC, 0, 0);
        return new Descriptor((int) number, handle.name());
    }

    /** Gives the descriptor back. Idempotent; never fails: what must be on disk is made so by {@link #fdatasync()}. */
    @Override
    public void close() {
        handle.close();
    }

    Handle handle() {
        return handle;
    }

    static Descriptor of(long result, String name, String call) throws OsException {
        if (result < 0) {
            throw new OsException((int) -result, Objects.requireNonNull(call));
        }
        return new Descriptor((int) result, name);
    }

    @Override
    public String toString() {
        return handle.toString();
    }
}
