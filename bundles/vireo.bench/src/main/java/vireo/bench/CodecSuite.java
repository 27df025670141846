// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.util.ArrayList;
import java.util.List;

/** SET_VQUEUE in a loop of 64 messages against packed C structs. */
final class CodecSuite implements Suite {

    private static final List<String> PARTS = List.of("encode", "decode", "both");
    private static final double[] AIMS = {2.0, 1.3, 0};

    @Override
    public String name() {
        return "codec";
    }

    @Override
    public String about() {
        return "encode, decode and validate SET_VQUEUE, against packed C structs";
    }

    @Override
    public List<Row> run(Setting setting) throws Exception {
        CProgram peer = setting.peers() ? CProgram.compile("codec", setting.folder()) : null;
        double[][] ours = new double[PARTS.size()][setting.pairs()];
        double[][] theirs = new double[PARTS.size()][peer == null ? 0 : setting.pairs()];
        double[] bytes = new double[PARTS.size()];
        for (int pair = 0; pair < setting.pairs(); pair++) {
            setting.progress("codec", pair);
            double[] c = peer == null ? null : peer.run(String.valueOf(setting.seconds()));
            for (int part = 0; part < PARTS.size(); part++) {
                Jmh.Score score = Jmh.run("vireo.bench.CodecBench." + PARTS.get(part));
                ours[part][pair] = score.nanos();
                bytes[part] = Math.max(bytes[part], score.bytes());
                if (c != null) {
                    theirs[part][pair] = c[part];
                }
            }
        }
        List<Row> rows = new ArrayList<>();
        for (int part = 0; part < PARTS.size(); part++) {
            rows.add(new Row("SET_VQUEUE " + PARTS.get(part), "ns", true, AIMS[part],
                    new Series(ours[part], theirs[part]), bytes[part], part == 1 ? "decode includes validation" : ""));
        }
        return rows;
    }
}
