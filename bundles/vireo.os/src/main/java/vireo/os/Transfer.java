// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.foreign.MemorySegment;
import java.util.Objects;

/** Moving bytes between one piece of memory and a descriptor. */
final class Transfer {

    private Transfer() {
    }

    /** One read or write at the current position. */
    static long once(Handle handle, int number, String call, MemorySegment base, long offset, long length)
            throws OsException {
        boolean reading = number == SystemCall.READ;
        int fd = enter(handle, call, base, offset, length, reading);
        Frame frame = Frame.take();
        try {
            long done = frame.call(number, fd, base.address() + offset, length, 0, 0, 0, base);
            if (done < 0 && done != -Errno.EAGAIN) {
                throw handle.failure(call, ", length=" + length, done);
            }
            return done == 0 && reading && length > 0 ? Descriptor.EOF : done < 0 ? Descriptor.WOULD_BLOCK : done;
        } finally {
            frame.give();
            handle.exit();
        }
    }

    /** Reads or writes a whole range at a position: the kernel may do less at a time than it is asked to. */
    static long at(Handle handle, int number, String call, MemorySegment base, long offset, long length, long position)
            throws OsException {
        boolean reading = number == SystemCall.PREAD;
        int fd = enter(handle, call, base, offset, length, reading);
        Frame frame = Frame.take();
        try {
            long from = base.address() + offset;
            long done = 0;
            while (done < length) {
                long step = frame.call(number, fd, from + done, length - done, position + done, 0, 0, base);
                if (step < 0) {
                    throw handle.failure(call, ", length=" + (length - done) + ", position=" + (position + done), step);
                }
                if (step == 0) {
                    break;
                }
                done += step;
            }
            return done == 0 && reading && length > 0 ? Descriptor.EOF : done;
        } finally {
            frame.give();
            handle.exit();
        }
    }

    /** Takes the descriptor's number for a call with this memory, to be given back with {@link Handle#exit()}. */
    static int enter(Handle handle, String call, MemorySegment base, long offset, long length, boolean filled)
            throws OsException {
        check(base, offset, length, filled);
        int fd = handle.enter();
        if (fd < 0) {
            throw handle.closed(call);
        }
        return fd;
    }

    static void check(MemorySegment base, long offset, long length, boolean filled) {
        Objects.checkFromIndexSize(offset, length, base.byteSize());
        if (!base.isNative()) {
            throw new IllegalArgumentException("the kernel needs native memory; this segment is on the heap: " + base);
        }
        if (filled && base.isReadOnly()) {
            throw new IllegalArgumentException("cannot read into a read-only segment: " + base);
        }
    }
}
