// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static vireo.wire.block.BlockLayout.STATUS_IOERR;
import static vireo.wire.block.BlockLayout.STATUS_OK;
import static vireo.wire.block.BlockLayout.TYPE_DISCARD;
import static vireo.wire.block.BlockLayout.TYPE_FLUSH;
import static vireo.wire.block.BlockLayout.TYPE_IN;
import static vireo.wire.block.BlockLayout.TYPE_OUT;
import static vireo.wire.block.BlockLayout.TYPE_WRITE_ZEROES;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import vireo.device.FeatureSet;

@EnabledOnOs(OS.LINUX)
class ImageFileTest {

    @TempDir
    private Path folder;

    private BlockOptions options(Path path, boolean readOnly, long create) {
        return new BlockOptions("disk0", path, readOnly, create, "", 1, 256, 512, true, FeatureSet.NONE);
    }

    private Path image(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return Files.write(folder.resolve("disk.img"), bytes);
    }

    private String refusal(BlockOptions options) {
        return assertThrows(IOException.class, () -> BlockDevice.open(options)).getMessage();
    }

    private static long descriptorsOn(Path path) throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.filter(descriptor -> {
                try {
                    return Files.readSymbolicLink(descriptor).equals(path);
                } catch (IOException closed) {
                    return false;
                }
            }).count();
        }
    }

    @Test
    void shouldSayWhatToDoWhenThereIsNoImage() {
        Path path = folder.resolve("none.img");
        assertEquals("image " + path + " does not exist; create it, or set create.size to have it made",
                refusal(options(path, false, 0)));
    }

    @Test
    void shouldSayWhatToDoWhenTheImageIsADirectory() {
        assertEquals("image " + folder + " is a directory; path has to name an image file",
                refusal(options(folder, false, 0)));
    }

    @Test
    void shouldSayWhatToDoWhenTheImageIsNoFile() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        assertEquals("image " + pipe + " is neither a file nor a block device", refusal(options(pipe, false, 0)));
    }

    @Test
    void shouldSayWhatToDoWhenTheImageIsEmptyOrNoMultipleOfABlock() throws IOException {
        Path path = image(1000);
        assertEquals("image " + path + " has 1000 bytes, which is not a multiple of blk.size=512; make it one with "
                + "truncate -s %512 " + path, refusal(options(path, false, 0)));
        Files.write(path, new byte[0]);
        assertTrue(refusal(options(path, false, 0)).contains(" is empty; "));
        assertEquals(0, descriptorsOn(path));
    }

    @Test
    void shouldSayWhatToDoWhenAReadOnlyImageIsOpenedForWriting() throws IOException {
        Path path = image(512);
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r--r--r--"));
        assertEquals("image " + path + " is not writable; set read.only=true to serve it as it is, or make it writable",
                refusal(options(path, false, 0)));
        BlockDevice.open(options(path, true, 0)).close();
    }

    @Test
    void shouldSayWhoHoldsItWhenAnImageHasAWriterAlready() throws IOException {
        Path path = image(512);
        BlockDevice first = BlockDevice.open(options(path, false, 0));
        assertEquals("image " + path + " is in use by another device of this process; stop that user first, or serve a "
                + "copy (several devices may share an image only if all have read.only=true)",
                refusal(options(path, false, 0)));
        assertEquals("image " + path + " is in use by another device of this process, which may write to it; stop that "
                + "user first, or serve a copy", refusal(options(path, true, 0)));
        assertEquals(1, descriptorsOn(path));
        first.close();
        BlockDevice.open(options(path, false, 0)).close();
        assertEquals(0, descriptorsOn(path));
    }

    @Test
    void shouldShareAnImageWhenAllOnlyRead() throws IOException {
        Path path = image(512);
        BlockDevice first = BlockDevice.open(options(path, true, 0));
        BlockDevice second = BlockDevice.open(options(path, true, 0));
        assertTrue(refusal(options(path, false, 0)).contains("is in use"));
        first.close();
        second.close();
    }

    @Test
    void shouldMakeASparseImageWhenThereIsNoneAndOneIsWanted() throws IOException {
        Path path = folder.resolve("new.img");
        BlockDevice device = BlockDevice.open(options(path, false, 64 << 20));
        assertEquals(64 << 20, device.capacity());
        assertEquals(64 << 20, Files.size(path));
        device.close();
        assertEquals(512, BlockDevice.open(options(image(512), false, 64 << 20)).capacity(),
                "an image is left as it is");
        assertTrue(refusal(options(folder.resolve("no/folder/x.img"), false, 512)).contains("cannot be created"));
    }

    @Test
    void shouldMoveBytesBetweenChainsAndTheFile() throws IOException {
        Path path = image(1 << 20);
        byte[] model = Files.readAllBytes(path);
        BlockDevice device = BlockDevice.open(options(path, false, 0));
        Desk desk = new Desk(device, device.model().features()).activate();
        byte[] data = new byte[8192];
        new Random(9).nextBytes(data);
        FakeChain cut = new FakeChain().readable(FakeChain.header(TYPE_OUT, 1, data), 16, 100, 5000).writable(1);
        assertEquals(STATUS_OK, desk.serve(cut));
        System.arraycopy(data, 0, model, 512, data.length);
        assertEquals(STATUS_OK, desk.serve(TYPE_OUT, 100, data, 1));
        System.arraycopy(data, 0, model, 51200, data.length);
        assertEquals(STATUS_OK, desk.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(3, 1, 0, 101, 9, 1), 1));
        Arrays.fill(model, 3 * 512, 4 * 512, (byte) 0);
        Arrays.fill(model, 101 * 512, 110 * 512, (byte) 0);
        assertEquals(STATUS_OK, desk.serve(TYPE_FLUSH, 0, new byte[0], 1));
        FakeChain read = new FakeChain().readable(FakeChain.header(TYPE_IN, 0, new byte[0])).writable(1, 511, 70000, 1);
        read.writable(1 + (1 << 20) - read.writablePart().length);
        assertEquals(STATUS_OK, desk.serve(read));
        assertArrayEquals(model, Arrays.copyOf(read.writablePart(), model.length));
        assertEquals(STATUS_OK, desk.serve(TYPE_DISCARD, 0, FakeChain.segments(0, 2048, 0), 1));
        device.close();
        assertEquals(1 << 20, Files.size(path));
    }

    @Test
    void shouldAnswerIoErrWhenTheImageIsTruncatedMeanwhile() throws IOException {
        Path path = image(1 << 20);
        BlockDevice device = BlockDevice.open(options(path, false, 0));
        Desk desk = new Desk(device, device.model().features()).activate();
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(1024);
        }
        assertEquals(STATUS_OK, desk.serve(TYPE_IN, 0, new byte[0], 513));
        assertEquals(STATUS_IOERR, desk.serve(TYPE_IN, 2, new byte[0], 513));
        assertEquals(STATUS_IOERR, desk.serve(TYPE_IN, 1, new byte[0], 1025));
        device.close();
    }

    @Test
    void shouldWriteZeroesItselfWhenTheFileSystemCannot() throws IOException {
        Path memory = Path.of("/dev/shm");
        if (!Files.isWritable(memory)) {
            return;
        }
        // Zeroing without a hole is not a thing of tmpfs.
        Path path = Files.createTempFile(memory, "vireo", ".img");
        try {
            byte[] ones = new byte[1 << 20];
            Arrays.fill(ones, (byte) 1);
            Files.write(path, ones);
            BlockDevice device = BlockDevice.open(options(path, false, 0));
            Desk desk = new Desk(device, device.model().features()).activate();
            assertEquals(STATUS_OK, desk.serve(TYPE_WRITE_ZEROES, 0, FakeChain.segments(1, 2046, 0), 1));
            device.close();
            Arrays.fill(ones, 512, 2047 * 512, (byte) 0);
            assertArrayEquals(ones, Files.readAllBytes(path));
        } finally {
            Files.delete(path);
        }
    }
}
