// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.util.Arrays;
import java.util.Random;

/** What was measured in interleaved pairs: ours and the peer's figure of each pair, all positive. */
record Series(double[] ours, double[] peer) {

    private static final int RESAMPLES = 4000;

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    boolean hasPeer() {
        return peer.length > 0;
    }

    /** Ratio of the medians, ours over the peer's. */
    double ratio() {
        return median(ours) / median(peer);
    }

    /** The 95 % interval of {@link #ratio()}, by resampling whole pairs. */
    double[] interval() {
        Random random = new Random(1);
        double[] ratios = new double[RESAMPLES];
        double[] a = new double[ours.length];
        double[] b = new double[ours.length];
        for (int i = 0; i < RESAMPLES; i++) {
            for (int j = 0; j < a.length; j++) {
                int pick = random.nextInt(a.length);
                a[j] = ours[pick];
                b[j] = peer[pick];
            }
            ratios[i] = median(a) / median(b);
        }
        Arrays.sort(ratios);
        return new double[] {ratios[RESAMPLES * 25 / 1000], ratios[RESAMPLES * 975 / 1000]};
    }
}
