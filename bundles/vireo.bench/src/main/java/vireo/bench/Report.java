// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Prints rows as a table and as JSON. */
final class Report {

    private Report() {
    }

    static void table(List<Row> rows, PrintStream out) {
        out.printf("%-34s %-8s %12s %12s %12s %12s %7s %15s %7s %-6s %10s%n", "benchmark", "unit", "ours median",
                "ours best", "peer median", "peer best", "ratio", "95 %", "aim", "", "bytes/op");
        for (Row row : rows) {
            Series series = row.series();
            out.printf(Locale.ROOT, "%-34s %-8s %12.2f %12.2f %12s %12s %7s %15s %7s %-6s %10s%n", row.name(),
                    row.unit(), Series.median(series.ours()), best(row, series.ours()),
                    series.hasPeer() ? number(Series.median(series.peer())) : "-",
                    series.hasPeer() ? number(best(row, series.peer())) : "-",
                    series.hasPeer() ? number(series.ratio()) : "-",
                    series.hasPeer() ? interval(series) : "-",
                    row.aim() == 0 ? "-" : (row.smallerIsBetter() ? "<=" : ">=") + number(row.aim()), row.verdict(),
                    row.bytesPerOp() < 0 ? "-" : number(row.bytesPerOp()));
        }
        rows.stream().filter(row -> !row.note().isEmpty())
                .forEach(row -> out.println("  " + row.name() + ": " + row.note()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String interval(Series series) {
        double[] interval = series.interval();
        return number(interval[0]) + ".." + number(interval[1]);
    }

    private static double best(Row row, double[] values) {
        return row.smallerIsBetter() ? Arrays.stream(values).min().orElseThrow()
                : Arrays.stream(values).max().orElseThrow();
    }

    static String json(List<Row> rows) {
        StringBuilder json = new StringBuilder("{\"machine\":{\"cores\":" + Runtime.getRuntime().availableProcessors()
                + ",\"java\":\"" + Runtime.version() + "\",\"os\":\"" + System.getProperty("os.version")
                + "\"},\"rows\":[");
        String separator = "\n";
        for (Row row : rows) {
            Series series = row.series();
            json.append(separator).append("{\"name\":\"").append(row.name()).append("\",\"unit\":\"").append(row.unit())
                    .append("\",\"ours\":").append(Arrays.toString(series.ours())).append(",\"peer\":")
                    .append(Arrays.toString(series.peer()));
            if (series.hasPeer()) {
                json.append(",\"ratio\":").append(series.ratio()).append(",\"interval\":")
                        .append(Arrays.toString(series.interval()));
            }
            json.append(",\"aim\":").append(row.aim()).append(",\"verdict\":\"").append(row.verdict())
                    .append("\",\"bytes_per_op\":").append(row.bytesPerOp() < 0 ? "null" : row.bytesPerOp())
                    .append(",\"note\":\"").append(row.note().replace("\"", "'")).append("\"}");
            separator = ",\n";
        }
        return json.append("\n]}\n").toString();
    }
}
