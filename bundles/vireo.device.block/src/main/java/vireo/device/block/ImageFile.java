// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import vireo.os.Descriptor;
import vireo.os.OsException;

/** Opens image files: every way in which one cannot serve gets a message of its own, with a remedy. */
final class ImageFile {

    private static final Set<PosixFilePermission> WRITE = Set.of(PosixFilePermission.OWNER_WRITE,
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);

    private ImageFile() {
    }

    /**
     * Opens and locks an image, and makes it first if that is wanted.
     *
     * @throws IOException whose message names the image, what is wrong and what to do
     */
    static BlockStore open(BlockOptions options) throws IOException {
        Path path = options.path().toAbsolutePath().normalize();
        if (options.createSize() > 0 && Files.notExists(path)) {
            create(path, options.createSize());
        }
        checkKind(path);
        checkWritable(path, options.readOnly());
        Descriptor file = openFile(path, options.readOnly());
        try {
            lock(path, file, options.readOnly());
            return new FileStore(path.toString(), file, size(path, file, options.blockSize()));
        } catch (IOException | RuntimeException refused) {
            file.close();
            throw refused;
        }
    }

    private static void create(Path path, long size) throws IOException {
        try (FileChannel made = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            // One byte at the end gives the length; the rest is a hole.
            made.write(java.nio.ByteBuffer.allocate(1), size - 1);
        } catch (FileAlreadyExistsException somebodyElseMadeIt) {
            return;
        } catch (IOException refused) {
            throw new IOException("image " + path + " of " + size + " bytes cannot be created: " + refused
                    + "; create.size needs a directory that exists and may be written to", refused);
        }
    }

    private static void checkKind(Path path) throws IOException {
        if (Files.notExists(path)) {
            throw new IOException("image " + path + " does not exist; create it, or set create.size to have it made");
        }
        if (Files.isDirectory(path)) {
            throw new IOException("image " + path + " is a directory; path has to name an image file");
        }
        boolean device = path.startsWith("/dev");
        if (Files.exists(path) && !Files.isRegularFile(path) && !device) {
            throw new IOException("image " + path + " is neither a file nor a block device");
        }
    }

    /** Asks the permission bits too: root could write an image that its owner made read-only. */
    private static void checkWritable(Path path, boolean readOnly) throws IOException {
        if (!readOnly && Files.isReadable(path) && (!Files.isWritable(path)
                || Files.getPosixFilePermissions(path).stream().noneMatch(WRITE::contains))) {
            throw new IOException("image " + path + " is not writable; set read.only=true to serve it as it is, or "
                    + "make it writable");
        }
    }

    private static Descriptor openFile(Path path, boolean readOnly) throws IOException {
        List<StandardOpenOption> options = new ArrayList<>(List.of(StandardOpenOption.READ));
        if (!readOnly) {
            options.add(StandardOpenOption.WRITE);
        }
        try {
            return Descriptor.open(path, options.toArray(StandardOpenOption[]::new));
        } catch (OsException refused) {
            throw new IOException("image " + path + " cannot be opened for " + (readOnly ? "reading" : "writing") + ": "
                    + refused.getMessage(), refused);
        }
    }

    private static void lock(Path path, Descriptor file, boolean readOnly) throws IOException {
        if (readOnly ? file.tryLockShared() : file.tryLockExclusive()) {
            return;
        }
        String holder = LockHolder.of(path);
        throw new IOException("image " + path + " is in use" + (holder == null ? "" : " by " + holder)
                + (readOnly ? ", which may write to it" : "") + "; stop that user first, or serve a copy"
                + (readOnly ? "" : " (several devices may share an image only if all have read.only=true)"));
    }

    private static long size(Path path, Descriptor file, int blockSize) throws IOException {
        long size = file.size();
        if (size == 0) {
            throw new IOException("image " + path + " is empty; make it as large as the disk is to be, for example "
                    + "with truncate -s 64M " + path);
        }
        if (size % blockSize != 0) {
            throw new IOException("image " + path + " has " + size + " bytes, which is not a multiple of blk.size="
                    + blockSize + "; make it one with truncate -s %" + blockSize + " " + path);
        }
        return size;
    }
}
