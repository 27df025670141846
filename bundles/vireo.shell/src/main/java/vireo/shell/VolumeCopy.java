// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import vireo.api.block.BlockVolume;

/** Copies a whole volume to a file and back, with the SHA-256 of what was copied. */
final class VolumeCopy {

    private static final long PIECE = 4 << 20;

    private VolumeCopy() {
    }

    /** Copies to a file that has its name only once it is whole. */
    static String dump(BlockVolume volume, Path file, PrintStream out, boolean terminal) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            String sum;
            try (FileChannel to = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE,
                    StandardOpenOption.TRUNCATE_EXISTING)) {
                sum = copy("dump " + volume.name(), volume.capacity(), out, terminal, (at, piece) -> {
                    volume.read(at, piece);
                    write(to, at, piece.asByteBuffer());
                });
                to.force(true);
            }
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            return sum;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Copies a file onto a volume and makes it durable. */
    static String restore(Path file, BlockVolume volume, PrintStream out, boolean terminal) throws IOException {
        try (FileChannel from = FileChannel.open(file, StandardOpenOption.READ)) {
            String sum = copy("restore " + volume.name(), from.size(), out, terminal, (at, piece) -> {
                read(from, at, piece.asByteBuffer(), file);
                volume.write(at, piece);
            });
            volume.flush();
            return sum;
        }
    }

    /** Moves one piece; afterwards the segment holds what was moved. */
    private interface Mover {
        void move(long at, MemorySegment piece) throws IOException;
    }

    private static String copy(String what, long total, PrintStream out, boolean terminal, Mover mover)
            throws IOException {
        MessageDigest digest = sha256();
        try (Arena arena = Arena.ofShared(); Progress progress = new Progress(out, terminal, what, total)) {
            MemorySegment buffer = arena.allocate(PIECE, 4096);
            for (long at = 0; at < total; at += PIECE) {
                MemorySegment piece = buffer.asSlice(0, Math.min(PIECE, total - at));
                mover.move(at, piece);
                digest.update(piece.asByteBuffer());
                progress.advance(piece.byteSize());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void write(FileChannel to, long at, ByteBuffer bytes) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            position += to.write(bytes, position);
        }
    }

    private static void read(FileChannel from, long at, ByteBuffer bytes, Path file) throws IOException {
        long position = at;
        while (bytes.hasRemaining()) {
            int got = from.read(bytes, position);
            if (got < 0) {
                throw new IOException("file " + file + " became shorter while it was read: it ends at byte " + position);
            }
            position += got;
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
