// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static vireo.wire.block.BlockLayout.STATUS_IOERR;
import static vireo.wire.block.BlockLayout.STATUS_OK;
import static vireo.wire.block.BlockLayout.TYPE_FLUSH;
import static vireo.wire.block.BlockLayout.TYPE_IN;
import static vireo.wire.block.BlockLayout.TYPE_OUT;
import static vireo.wire.block.BlockLayout.TYPE_WRITE_ZEROES;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import vireo.device.FeatureSet;

/** Random requests, randomly cut, on a real file, beside an array. */
class BlockPropertyTest {

    private static final int SECTORS = 48;

    record Step(int type, int sector, int sectors, long seed) {
    }

    @Provide
    Arbitrary<List<Step>> steps() {
        return Combinators.combine(Arbitraries.of(TYPE_IN, TYPE_OUT, TYPE_FLUSH, TYPE_WRITE_ZEROES),
                Arbitraries.integers().between(0, SECTORS + 2), Arbitraries.integers().between(0, SECTORS + 2),
                Arbitraries.longs()).as(Step::new).list().ofMaxSize(20);
    }

    @Property(tries = 100)
    void shouldBehaveAsAnArrayWhenRequestsAreRandom(@ForAll("steps") List<Step> steps) throws IOException {
        Path path = Files.createTempFile("vireo", ".img");
        byte[] model = new byte[SECTORS * 512];
        Files.write(path, model);
        try (BlockDevice device = BlockDevice.open(
                new BlockOptions("d", path, false, 0, "", 1, 256, 512, true, FeatureSet.NONE))) {
            Desk desk = new Desk(device, device.model().features()).activate();
            for (Step step : steps) {
                run(desk, model, step);
            }
        } finally {
            assertArrayEquals(model, Files.readAllBytes(path));
            Files.delete(path);
        }
    }

    private static void run(Desk desk, byte[] model, Step step) {
        Random random = new Random(step.seed());
        int from = step.sector() * 512;
        int length = step.sectors() * 512;
        boolean fits = step.sector() + step.sectors() <= SECTORS;
        int expected = fits || step.type() == TYPE_FLUSH ? STATUS_OK : STATUS_IOERR;
        switch (step.type()) {
            case TYPE_IN -> {
                FakeChain chain = new FakeChain().readable(FakeChain.header(TYPE_IN, step.sector(), new byte[0]),
                        1 + random.nextInt(15)).writable(cuts(random, length + 1));
                assertEquals(expected, desk.serve(chain));
                byte[] wanted = fits ? Arrays.copyOfRange(model, from, from + length) : new byte[length];
                assertArrayEquals(wanted, Arrays.copyOf(chain.writablePart(), length));
            }
            case TYPE_OUT -> {
                byte[] data = new byte[length];
                random.nextBytes(data);
                FakeChain chain = new FakeChain().readable(FakeChain.header(TYPE_OUT, step.sector(), data),
                        cuts(random, length + 16)).writable(1);
                assertEquals(expected, desk.serve(chain));
                if (fits) {
                    System.arraycopy(data, 0, model, from, length);
                }
            }
            case TYPE_WRITE_ZEROES -> {
                assertEquals(expected, desk.serve(TYPE_WRITE_ZEROES, 0,
                        FakeChain.segments(step.sector(), step.sectors(), random.nextInt(2)), 1));
                if (fits) {
                    Arrays.fill(model, from, from + length, (byte) 0);
                }
            }
            default -> assertEquals(expected, desk.serve(TYPE_FLUSH, 0, new byte[0], 1));
        }
    }

    private static int[] cuts(Random random, int length) {
        int[] cuts = new int[1 + random.nextInt(12)];
        int left = length;
        for (int i = 0; i < cuts.length - 1 && left > 1; i++) {
            cuts[i] = 1 + random.nextInt(left - 1);
            left -= cuts[i];
        }
        cuts[cuts.length - 1] = left;
        return Arrays.stream(cuts).filter(cut -> cut > 0).toArray();
    }
}
