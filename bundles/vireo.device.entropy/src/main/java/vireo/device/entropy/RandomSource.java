// SPDX-License-Identifier: Apache-2.0
package vireo.device.entropy;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;

/** Where random bytes come from. Used by several queue workers at once. */
interface RandomSource extends AutoCloseable {

    /** The generator of the operating system, which never blocks once the machine has started. */
    Path SYSTEM = Path.of("/dev/urandom");

    /**
     * Fills the start of an array with random bytes.
     *
     * @throws IOException if there are none to be had
     */
    void fill(byte[] target, int length) throws IOException;

    @Override
    void close();

    /**
     * Opens a source.
     *
     * @param path a file or device, or blank for the system's generator and, where there is none, Java's
     * @throws IOException whose message names the source, what is wrong and what to do
     */
    static RandomSource open(String path) throws IOException {
        if (path.isBlank() && !Files.isReadable(SYSTEM)) {
            return new Generated();
        }
        Path file = path.isBlank() ? SYSTEM : Path.of(path);
        if (Files.isDirectory(file) || !Files.isReadable(file)) {
            throw new IOException("source " + file + (Files.exists(file) ? " cannot be read" : " does not exist")
                    + "; name a device such as /dev/hwrng, or leave source away for the system's generator");
        }
        return new Read(file.toString(), new FileInputStream(file.toFile()));
    }

    /** Bytes of a file or device. Read through a stream, as a channel would be closed by an interrupted reader. */
    record Read(String path, FileInputStream stream) implements RandomSource {

        @Override
        public void fill(byte[] target, int length) throws IOException {
            for (int done = 0; done < length; ) {
                int count = stream.read(target, done, length - done);
                if (count <= 0) {
                    throw new IOException("source " + path + " has no more bytes");
                }
                done += count;
            }
        }

        @Override
        public void close() {
            try {
                stream.close();
            } catch (IOException ignored) {
                // Nothing was written that could be lost.
                return;
            }
        }
    }

    /** Bytes of Java's generator, for systems without a file of random bytes. */
    final class Generated implements RandomSource {

        private final SecureRandom random = new SecureRandom();

        @Override
        public void fill(byte[] target, int length) {
            byte[] bytes = length == target.length ? target : new byte[length];
            random.nextBytes(bytes);
            if (bytes != target) {
                System.arraycopy(bytes, 0, target, 0, length);
            }
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }
}
