// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs one JMH benchmark once, in a fresh JVM. */
final class Jmh {

    /**
     * What came out.
     *
     * @param nanos time per operation
     * @param bytes bytes allocated per operation
     */
    record Score(double nanos, double bytes) {
    }

    private Jmh() {
    }

    static Score run(String benchmark) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder().include("^" + benchmark.replace(".", "\\.") + "$")
                .forks(1).warmupIterations(5).warmupTime(TimeValue.milliseconds(200)).measurementIterations(3)
                .measurementTime(TimeValue.milliseconds(200)).addProfiler(GCProfiler.class).verbosity(VerboseMode.SILENT)
                .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow").build()).run();
        RunResult result = results.iterator().next();
        Result<?> allocated = result.getSecondaryResults().get("gc.alloc.rate.norm");
        return new Score(result.getPrimaryResult().getScore(), allocated == null ? -1 : allocated.getScore());
    }
}
