// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;

/** Calls on a descriptor other than moving bytes. */
final class FileControl {

    static final int F_DUPFD_CLOEXEC = 1030;
    static final int PUNCH_HOLE_KEEP_SIZE = 0x3;
    static final int ZERO_RANGE_KEEP_SIZE = 0x11;
    static final short F_RDLCK = 0;
    static final short F_WRLCK = 1;
    static final short F_UNLCK = 2;

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int F_OFD_SETLK = 37;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int STATX_TYPE_SIZE = 0x1 | 0x200;
    private static final long BLKGETSIZE64 = 0x80081272L;

    // struct statx, the same on every architecture
    private static final long STX_MODE = 28;
    private static final long STX_SIZE = 40;
    private static final int S_IFMT = 0xf000;
    private static final int S_IFBLK = 0x6000;
    private static final int S_IFREG = 0x8000;

    // struct flock of a 64-bit kernel; l_pid must be 0 for locks of the open file
    private static final long L_TYPE = 0;
    private static final long FLOCK_SIZE = 32;

    private FileControl() {
    }

    /** Makes a call whose first argument is the descriptor and whose others are plain numbers. */
    static long call(Handle handle, int number, String call, long b, long c, long d) throws OsException {
        int fd = handle.enter();
        if (fd < 0) {
            throw handle.closed(call);
        }
        try {
            long result = Frame.direct(number, fd, b, c, d);
            if (result < 0) {
                throw handle.failure(call, ", " + b + ", " + c + ", " + d, result);
            }
            return result;
        } finally {
            handle.exit();
        }
    }

    static void setNonBlocking(Handle handle, boolean on) throws OsException {
        long flags = call(handle, SystemCall.FCNTL, "fcntl F_GETFL", F_GETFL, 0, 0);
        long wanted = on ? flags | OpenFlags.O_NONBLOCK : flags & ~OpenFlags.O_NONBLOCK;
        if (wanted != flags) {
            call(handle, SystemCall.FCNTL, "fcntl F_SETFL", F_SETFL, wanted, 0);
        }
    }

    static boolean lock(Handle handle, short type) throws OsException {
        int fd = handle.enter();
        if (fd < 0) {
            throw handle.closed("fcntl F_OFD_SETLK");
        }
        Frame frame = Frame.take();
        try {
            MemorySegment flock = frame.scratch;
            for (long at = 0; at < FLOCK_SIZE; at += 8) {
                flock.set(JAVA_LONG, at, 0);
            }
            flock.set(JAVA_SHORT, L_TYPE, type);
            long result = frame.call(SystemCall.FCNTL, fd, F_OFD_SETLK, flock.address(), 0);
            if (result == -Errno.EAGAIN || result == -Errno.EACCES) {
                return false;
            }
            if (result < 0) {
                throw handle.failure("fcntl", ", F_OFD_SETLK, type=" + type, result);
            }
            return true;
        } finally {
            frame.give();
            handle.exit();
        }
    }

    static long size(Handle handle) throws OsException {
        return sizeOrType(handle, false);
    }

    /** Returns the size of a regular file, and −1 for what is none and so may hold more than it says. */
    static long regularSize(Handle handle) throws OsException {
        return sizeOrType(handle, true);
    }

    private static long sizeOrType(Handle handle, boolean regularOnly) throws OsException {
        int fd = handle.enter();
        if (fd < 0) {
            throw handle.closed("statx");
        }
        Frame frame = Frame.take();
        try {
            // The empty path lies behind the 256 bytes of the structure.
            MemorySegment statx = frame.scratch;
            statx.set(JAVA_LONG, 256, 0);
            long result = frame.call(SystemCall.STATX, fd, statx.address() + 256, AT_EMPTY_PATH, STATX_TYPE_SIZE,
                    statx.address(), 0);
            if (result < 0) {
                throw handle.failure("statx", "", result);
            }
            int type = statx.get(JAVA_SHORT, STX_MODE) & S_IFMT;
            long size = statx.get(JAVA_LONG, STX_SIZE);
            if (regularOnly) {
                return type == S_IFREG ? size : -1;
            }
            if (type != S_IFBLK) {
                return size;
            }
            result = frame.call(SystemCall.IOCTL, fd, BLKGETSIZE64, statx.address());
            if (result < 0) {
                throw handle.failure("ioctl", ", BLKGETSIZE64", result);
            }
            return statx.get(JAVA_LONG, 0);
        } finally {
            frame.give();
            handle.exit();
        }
    }
}
