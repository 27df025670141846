// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** The file of a listening socket: made with exactly the mode that was asked for, and removed if it is still the same. */
final class SocketFile {

    private static final int AT_FDCWD = -100;
    private static final int BACKLOG = 128;

    private final Path path;
    private final Object key;
    private final AtomicBoolean removed = new AtomicBoolean();

    private SocketFile(Path path, Object key) {
        this.path = path;
        this.key = key;
    }

    static SocketFile listen(Descriptor socket, Path path, int mode) throws OsException {
        // Set on the socket first, so that the file never has a wider mode than it is to have, whatever the umask.
        FileControl.call(socket.handle(), SystemCall.FCHMOD, "fchmod", mode, 0, 0);
        long result = bind(socket, path);
        if (result == -Errno.EADDRINUSE && isStale(path)) {
            unlink(path);
            result = bind(socket, path);
        }
        if (result < 0) {
            throw new OsException((int) -result, "bind(" + path + ")");
        }
        SocketFile file = new SocketFile(path, key(path));
        try {
            widen(path, mode);
            FileControl.call(socket.handle(), SystemCall.LISTEN, "listen", BACKLOG, 0, 0);
            return file;
        } catch (OsException e) {
            file.remove();
            throw e;
        }
    }

    private static long bind(Descriptor socket, Path path) {
        Frame frame = Frame.take();
        try {
            long length = SocketAddress.put(frame.scratch, path);
            return frame.call(SystemCall.BIND, socket.number(), frame.scratch.address(), length);
        } finally {
            frame.give();
        }
    }

    /** Only a socket that refuses connections is one that its listener left behind. */
    private static boolean isStale(Path path) throws OsException {
        try {
            UnixSocket.connect(path).close();
            return false;
        } catch (OsException e) {
            return e.errno() == Errno.ECONNREFUSED && isSocket(path);
        }
    }

    private static boolean isSocket(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS) >> 12 == 0xc;
        } catch (IOException e) {
            return false;
        }
    }

    /** Gives the file what the umask took from it. */
    private static void widen(Path path, int mode) throws OsException {
        try (Arena arena = Arena.ofConfined()) {
            long name = PathName.allocate(arena, path).address();
            long result = Frame.direct(SystemCall.FCHMODAT, AT_FDCWD, name, mode, 0);
            if (result < 0) {
                throw new OsException((int) -result, "fchmodat(" + path + ", " + Integer.toOctalString(mode) + ")");
            }
        }
    }

    private static void unlink(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            Frame.direct(SystemCall.UNLINKAT, AT_FDCWD, PathName.allocate(arena, path).address(), 0, 0);
        }
    }

    private static Object key(Path path) {
        try {
            return Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            return null;
        }
    }

    /** Removes the file once, unless another one is there by now. */
    void remove() {
        if (removed.compareAndSet(false, true) && key != null && key.equals(key(path))) {
            unlink(path);
        }
    }
}
