// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import vireo.api.block.BlockVolume;

/** Block reads through AMP between two JVMs, beside pread of the same file in C. */
final class BlockSuite implements Suite {

    private static final long IMAGE = 256L << 20;
    private static final int SMALL = 4096;
    private static final int LARGE = 1 << 20;

    @Override
    public String name() {
        return "block";
    }

    @Override
    public String about() {
        return "block reads through AMP between two JVMs, beside pread of the same file in C";
    }

    /** One kind of read. */
    private record Kind(String name, String unit, int bytes, int depth, boolean sequential) {
    }

    private static final List<Kind> KINDS = List.of(new Kind("read 4 KiB, depth 1", "IOPS", SMALL, 1, false),
            new Kind("read 4 KiB, depth 32", "IOPS", SMALL, 32, false),
            new Kind("read 1 MiB, sequential", "MB/s", LARGE, 1, true));

    @Override
    public List<Row> run(Setting setting) throws Exception {
        CProgram peer = setting.peers() ? CProgram.compile("pread", setting.folder()) : null;
        Path image = setting.folder().resolve("block.img");
        fill(image);
        try (Link link = new Link(setting, image, 1, "vireo.driver.block-"); Arena arena = Arena.ofShared()) {
            BlockVolume volume = link.platform().await(BlockVolume.class);
            MemorySegment buffer = arena.allocate(32L * SMALL + LARGE, 4096);
            List<Row> rows = new ArrayList<>();
            for (Kind kind : KINDS) {
                measure(volume, kind, buffer, Math.max(2, setting.seconds()));
                rows.add(row(setting, peer, image, link, volume, kind, buffer));
            }
            return rows;
        } finally {
            Files.delete(image);
        }
    }

    private static void fill(Path image) throws IOException {
        byte[] piece = new byte[LARGE];
        new Random(1).nextBytes(piece);
        try (var out = Files.newOutputStream(image)) {
            for (long done = 0; done < IMAGE; done += piece.length) {
                out.write(piece);
            }
        }
    }

    private static Row row(Setting setting, CProgram peer, Path image, Link link, BlockVolume volume, Kind kind,
            MemorySegment buffer) throws Exception {
        int pairs = setting.pairs();
        Series series = new Series(new double[pairs], new double[peer == null ? 0 : pairs]);
        double bytes = 0;
        for (int pair = 0; pair < pairs; pair++) {
            setting.progress(kind.name, pair);
            if (peer != null) {
                double[] c = kind.sequential
                        ? peer.run(image.toString(), "" + kind.bytes, "1", "" + setting.seconds(), "seq")
                        : peer.run(image.toString(), "" + kind.bytes, "" + kind.depth, "" + setting.seconds());
                series.peer()[pair] = kind.sequential ? c[1] : c[0];
            }
            long before = link.serverAllocated();
            double[] done = measure(volume, kind, buffer, setting.seconds());
            // What asking costs is in the difference too, so this is an upper bound.
            bytes = (link.serverAllocated() - before) / done[0];
            series.ours()[pair] = kind.sequential ? done[0] * kind.bytes / done[1] / 1e6 : done[0] / done[1];
        }
        return new Row(kind.name, kind.unit, false, 0, series, bytes, "bytes/op: allocated by the device's process, the question included");
    }

    /** Reads for a while; returns how many reads there were and how many seconds they took. */
    private static double[] measure(BlockVolume volume, Kind kind, MemorySegment buffer, double seconds) throws Exception {
        return kind.sequential ? sequential(volume, buffer, seconds) : random(volume, kind.depth, buffer, seconds);
    }

    private static double[] sequential(BlockVolume volume, MemorySegment buffer, double seconds) throws IOException {
        MemorySegment target = buffer.asSlice(0, LARGE);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long reads = 0;
        while (System.nanoTime() - end < 0) {
            volume.read(reads++ * LARGE % IMAGE, target);
        }
        return new double[] {reads, (System.nanoTime() - start) / 1e9};
    }

    private static double[] random(BlockVolume volume, int depth, MemorySegment buffer, double seconds) throws Exception {
        if (depth == 1) {
            return blocking(volume, buffer, seconds);
        }
        Semaphore free = new Semaphore(depth);
        AtomicReference<IOException> trouble = new AtomicReference<>();
        Random random = new Random(1);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long reads = 0;
        while (System.nanoTime() - end < 0 && trouble.get() == null) {
            free.acquire();
            volume.readAsync(random.nextInt((int) (IMAGE / SMALL)) * (long) SMALL, buffer, reads % depth * SMALL, SMALL,
                    reads, (cookie, failure) -> {
                        if (failure != null) {
                            trouble.set(failure);
                        }
                        free.release();
                    });
            reads++;
        }
        free.acquire(depth);
        if (trouble.get() != null) {
            throw trouble.get();
        }
        return new double[] {reads, (System.nanoTime() - start) / 1e9};
    }

    private static double[] blocking(BlockVolume volume, MemorySegment buffer, double seconds) throws IOException {
        MemorySegment target = buffer.asSlice(0, SMALL);
        Random random = new Random(1);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long reads = 0;
        while (System.nanoTime() - end < 0) {
            volume.read(random.nextInt((int) (IMAGE / SMALL)) * (long) SMALL, target);
            reads++;
        }
        return new double[] {reads, (System.nanoTime() - start) / 1e9};
    }
}
