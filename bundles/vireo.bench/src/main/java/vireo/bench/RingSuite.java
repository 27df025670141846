// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The FIFO ring of the AMP bus, on one thread and between two processes, against the same ring in C. */
final class RingSuite implements Suite {

    @Override
    public String name() {
        return "ring";
    }

    @Override
    public String about() {
        return "FIFO ring: put + get on one thread, and the round trip between two processes, against C";
    }

    @Override
    public List<Row> run(Setting setting) throws Exception {
        CProgram peer = setting.peers() ? CProgram.compile("ring", setting.folder()) : null;
        int theirs = peer == null ? 0 : setting.pairs();
        Series one = new Series(new double[setting.pairs()], new double[theirs]);
        Series trip = new Series(new double[setting.pairs()], new double[theirs]);
        double bytes = 0;
        for (int pair = 0; pair < setting.pairs(); pair++) {
            setting.progress("ring", pair);
            if (peer != null) {
                one.peer()[pair] = peer.run("one", String.valueOf(setting.seconds()))[0];
                trip.peer()[pair] = roundTrip(setting, peer);
            }
            Jmh.Score score = Jmh.run("vireo.bus.amp.RingBench.putAndGet");
            one.ours()[pair] = score.nanos();
            bytes = Math.max(bytes, score.bytes());
            trip.ours()[pair] = roundTrip(setting, null);
        }
        return List.of(new Row("ring put + get, one thread", "ns", true, 2.0, one, bytes, "48 bytes; every check kept"),
                new Row("ring round trip, two processes", "ns", true, 1.3, trip, -1, "busy polling, 48 bytes"));
    }

    private static double roundTrip(Setting setting, CProgram peer) throws IOException, InterruptedException {
        String to = emptyRing(setting, "to");
        String from = emptyRing(setting, "from");
        String seconds = String.valueOf(setting.seconds());
        Process pong = (peer == null ? java("pong", to, from) : peer.command("pong", to, from)).start();
        try {
            return CProgram.numbers((peer == null ? java("ping", seconds, to, from) : peer.command("ping", seconds, to, from))
                    .start())[0];
        } finally {
            if (!pong.waitFor(5, TimeUnit.SECONDS)) {
                pong.destroyForcibly();
            }
        }
    }

    private static String emptyRing(Setting setting, String name) throws IOException {
        Path file = setting.folder().resolve("ring-" + name);
        return Files.write(file, new byte[4096]).toString();
    }

    private static ProcessBuilder java(String... arguments) {
        return Java.command("vireo.bus.amp.RingPeer", List.of(), arguments);
    }
}
