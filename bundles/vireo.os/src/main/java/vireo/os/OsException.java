// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.io.IOException;

/**
 * A system call failed. The message reads {@code call(arguments): ENAME (text)}, for example
 * {@code openat(/dev/shm/ring, O_RDWR): ENOENT (No such file or directory)}.
 */
public final class OsException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The error number. */
    private final int errno;

    OsException(int errno, String call) {
        this(errno, call, Errno.text(errno));
    }

    OsException(int errno, String call, String explanation) {
        super(call + ": " + Errno.name(errno) + " (" + explanation + ")");
        this.errno = errno;
    }

    /**
     * Returns the error number.
     *
     * @return the number, such as 11 for EAGAIN
     */
    public int errno() {
        return errno;
    }

    /**
     * Returns the name of the error.
     *
     * @return the name, such as {@code EAGAIN}; {@code errno=N} if it has none
     */
    public String errnoName() {
        return Errno.name(errno);
    }
}
