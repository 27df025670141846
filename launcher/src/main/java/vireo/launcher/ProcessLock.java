// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A lock file that names the process which holds it; the kernel frees it when that process ends, however it ends. */
public final class ProcessLock implements AutoCloseable {

    private final FileChannel file;

    private ProcessLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes a lock.
     *
     * @param path the lock file, made if missing and never deleted, since that would let two holders in
     * @param what what the lock stands for
     * @param remedy what to do if it is taken
     * @return the lock
     * @throws LaunchException if another process, or this one already, holds it
     */
    public static ProcessLock take(Path path, String what, String remedy) throws LaunchException {
        FileChannel file = null;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = tryLock(file);
            if (lock == null) {
                String holder = read(file);
                file.close();
                throw new LaunchException(ExitStatus.TEMPORARY, what + " is in use by process " + holder
                        + "; end that, or " + remedy);
            }
            file.truncate(0);
            file.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII)), 0);
            return new ProcessLock(file);
        } catch (IOException e) {
            close(file);
            throw new LaunchException(ExitStatus.CANNOT_CREATE, "lock file " + path + " cannot be used: " + e
                    + "; " + remedy, e);
        }
    }

    private static FileLock tryLock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String read(FileChannel file) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        file.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
    }

    private static void close(FileChannel file) {
        try {
            if (file != null) {
                file.close();
            }
        } catch (IOException e) {
            // Nothing was written that could be lost.
        }
    }

    @Override
    public void close() {
        close(file);
    }
}
