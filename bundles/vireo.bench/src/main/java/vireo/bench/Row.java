// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

/**
 * One line of the report.
 *
 * @param name what was measured
 * @param unit unit of both sides' figures
 * @param smallerIsBetter false for rates
 * @param aim the ratio aimed at, ours over the peer's; 0 if there is none
 * @param series the figures
 * @param bytesPerOp bytes allocated per operation on our side, negative if not measured
 * @param note what a reader must know
 */
record Row(String name, String unit, boolean smallerIsBetter, double aim, Series series, double bytesPerOp, String note) {

    /** Met only if the whole interval is on the right side of the aim. */
    String verdict() {
        if (aim == 0 || !series.hasPeer()) {
            return "-";
        }
        double[] interval = series.interval();
        return (smallerIsBetter ? interval[1] <= aim : interval[0] >= aim) ? "met" : "missed";
    }
}
