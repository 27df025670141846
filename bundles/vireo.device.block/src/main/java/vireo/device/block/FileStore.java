// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import vireo.os.Descriptor;
import vireo.os.IoVector;
import vireo.os.OsException;

/** A raw image file, or a block device of the host. Bytes go straight between driver memory and the page cache. */
final class FileStore implements BlockStore {

    private static final MemorySegment ZEROES = Arena.ofAuto().allocate(1 << 18);
    private static final int ENOSYS = 38;
    private static final int EOPNOTSUPP = 95;

    private final String path;
    private final Descriptor file;
    private final long size;
    /** What the file system turned out not to do, so that it is not asked every time. */
    private volatile boolean noPunchHole;
    private volatile boolean noZeroRange;
    private volatile OsException flushFailure;

    /** Owns the descriptor from now on. */
    FileStore(String path, Descriptor file, long size) {
        this.path = path;
        this.file = file;
        this.size = size;
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long position, BlockData target) throws IOException {
        target.rewind();
        int only = target.only();
        long done = 0;
        if (only >= 0) {
            done = file.pread(target.base(only), target.startInElement(), target.length(), position);
            checkEnd(position, done, target.length());
            return;
        }
        while (done < target.length()) {
            IoVector pieces = target.fill();
            checkEnd(position + done, file.preadv(pieces, position + done), pieces.byteCount());
            done += pieces.byteCount();
        }
    }

    private void checkEnd(long position, long read, long wanted) throws IOException {
        if (read != wanted) {
            throw new IOException("image " + path + " ends at " + (position + Math.max(0, read)) + " bytes, it had "
                    + size + " when it was opened; it was truncated meanwhile");
        }
    }

    @Override
    public void write(long position, BlockData source) throws IOException {
        source.rewind();
        int only = source.only();
        if (only >= 0) {
            file.pwrite(source.base(only), source.startInElement(), source.length(), position);
            return;
        }
        long done = 0;
        while (done < source.length()) {
            IoVector pieces = source.fill();
            file.pwritev(pieces, position + done);
            done += pieces.byteCount();
        }
    }

    @Override
    public void flush() throws IOException {
        // The kernel reports a lost write once and forgets the page: a later success would be a lie.
        if (flushFailure != null) {
            throw new IOException("image " + path + " cannot be trusted since a flush failed; reopen it",
                    flushFailure);
        }
        try {
            file.fdatasync();
        } catch (OsException failure) {
            flushFailure = failure;
            throw failure;
        }
    }

    @Override
    public void discard(long position, long length) throws IOException {
        punchHole(position, length);
    }

    @Override
    public void zero(long position, long length, boolean unmap) throws IOException {
        if (unmap && punchHole(position, length) || zeroRange(position, length)) {
            return;
        }
        for (long done = 0; done < length; ) {
            long piece = Math.min(length - done, ZEROES.byteSize());
            file.pwrite(ZEROES, 0, piece, position + done);
            done += piece;
        }
    }

    private boolean punchHole(long position, long length) throws IOException {
        if (noPunchHole) {
            return false;
        }
        try {
            file.punchHole(position, length);
            return true;
        } catch (OsException failure) {
            noPunchHole = isUnsupported(failure);
            return false;
        }
    }

    private boolean zeroRange(long position, long length) throws IOException {
        if (noZeroRange) {
            return false;
        }
        try {
            file.zeroRange(position, length);
            return true;
        } catch (OsException failure) {
            noZeroRange = isUnsupported(failure);
            return false;
        }
    }

    private static boolean isUnsupported(OsException failure) throws OsException {
        if (failure.errno() == EOPNOTSUPP || failure.errno() == ENOSYS) {
            return true;
        }
        throw failure;
    }

    @Override
    public void close() {
        file.close();
    }

    @Override
    public String toString() {
        return path;
    }
}
