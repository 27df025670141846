// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;
import vireo.device.FeatureSet;
import vireo.virtqueue.HostileModel.Op;

/** Any mixture of honest work, wrong doing and random damage leaves the engine within its bounds. */
class HostileDriverTest {

    private static final int DESCRIPTORS = HostileModel.SIZE + 2;

    @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
    void shouldStayWithinBoundsWhateverDriverDoes(@ForAll("programs") List<Op> program,
            @ForAll("rings") FeatureSet ring) {
        String outcome = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            try (HostileModel model = new HostileModel(ring)) {
                program.forEach(model::run);
                return model.outcome();
            }
        });
        Statistics.label("outcome").collect(outcome).coverage(seen -> {
            seen.check("served").count(count -> count > 0);
            for (String rule : List.of("01", "02", "03", "04", "05", "07", "08", "11", "13")) {
                seen.check("VQ-ROB-" + rule).count(count -> count > 0);
            }
        });
    }

    @Provide
    Arbitrary<FeatureSet> rings() {
        return Arbitraries.of(TestQueue.PLAIN, TestQueue.INDIRECT, TestQueue.EVENTS, TestQueue.ALL);
    }

    @Provide
    Arbitrary<List<Op>> programs() {
        return Arbitraries.frequencyOf(
                Tuple.of(30, honest()),
                Tuple.of(25, device()),
                Tuple.of(6, wrong()),
                Tuple.of(3, owner())).list().ofMinSize(1).ofMaxSize(60);
    }

    private static Arbitrary<Boolean> eitherWay() {
        return Arbitraries.of(true, false);
    }

    private Arbitrary<Op> honest() {
        Arbitrary<Integer> elements = Arbitraries.integers().between(0, 12);
        return Combinators.combine(elements, elements, Arbitraries.integers().between(0, 13), eitherWay())
                .as(Op.Honest::new);
    }

    private Arbitrary<Op> device() {
        Arbitrary<Integer> which = Arbitraries.integers().between(0, HostileModel.SIZE);
        Arbitrary<Op> serve = Combinators.combine(Arbitraries.integers().between(1, 20),
                Arbitraries.integers().between(0, 3)).as(Op.Serve::new);
        return Arbitraries.oneOf(serve, serve, serve,
                Arbitraries.just(new Op.Take()),
                Combinators.combine(which, lengths(), eitherWay()).as(Op.Complete::new),
                which.map(Op.Touch::new),
                Arbitraries.just(new Op.Arm()),
                Arbitraries.just(new Op.Poll()));
    }

    private Arbitrary<Op> wrong() {
        Arbitrary<Integer> index = Arbitraries.oneOf(Arbitraries.integers().between(0, DESCRIPTORS),
                Arbitraries.integers().between(0, 0xffff));
        Arbitrary<Integer> flags = Arbitraries.oneOf(Arbitraries.integers().between(0, 7),
                Arbitraries.integers().between(0, 0xffff));
        return Arbitraries.oneOf(
                Combinators.combine(Arbitraries.integers().between(0, HostileModel.SIZE - 1), addresses(), lengths(),
                        flags, index).as(Op.Descriptor::new),
                Combinators.combine(Arbitraries.integers().between(0, 3), addresses(), lengths(), flags, index)
                        .as(Op.TableEntry::new),
                Combinators.combine(Arbitraries.integers().between(0, HostileModel.SIZE - 1),
                        Arbitraries.integers().between(0, HostileModel.SIZE - 1)).as(Op.Loop::new),
                index.map(Op.Offer::new),
                Arbitraries.integers().between(0, 0xffff).map(Op.AvailIndex::new),
                Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(1, 64), eitherWay())
                        .as(Op.Scribble::new));
    }

    private Arbitrary<Op> owner() {
        return Arbitraries.oneOf(
                eitherWay().map(Op.Epoch::new),
                eitherWay().map(Op.Stop::new),
                Arbitraries.just(new Op.Abandon()),
                Arbitraries.integers().between(0, 9).map(Op.Publish::new));
    }

    private Arbitrary<Long> addresses() {
        return Arbitraries.oneOf(HostileModel.inMemory(), HostileModel.inMemory(), HostileModel.inMemory(),
                Arbitraries.longs());
    }

    private Arbitrary<Long> lengths() {
        return Arbitraries.oneOf(Arbitraries.longs().between(0, 64), Arbitraries.longs().between(0, 4).map(n -> n * 16),
                Arbitraries.longs().between(0, 0xffff_ffffL));
    }
}
