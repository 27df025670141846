// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.PrintStream;
import java.util.Locale;

/** Shows how far a long copy is: a bar that is drawn over on a terminal, else a line at every tenth. */
final class Progress implements AutoCloseable {

    private static final int WIDTH = 30;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintStream out;
    private final boolean terminal;
    private final String what;
    private final long total;
    private final long start = System.nanoTime();
    private long drawn = start - REDRAW_NANOS;
    private int tenth;
    private long done;

    Progress(PrintStream out, boolean terminal, String what, long total) {
        this.out = out;
        this.terminal = terminal;
        this.what = what;
        this.total = total;
    }

    void advance(long bytes) {
        done += bytes;
        long now = System.nanoTime();
        if (terminal && (now - drawn >= REDRAW_NANOS || done == total)) {
            drawn = now;
            int filled = total == 0 ? WIDTH : (int) (done * WIDTH / total);
            out.print("\r" + what + " [" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + state(now));
            out.flush();
        } else if (!terminal && done * 10 / Math.max(1, total) > tenth) {
            tenth = (int) (done * 10 / total);
            out.println(what + " " + tenth * 10 + "% " + state(now));
            out.flush();
        }
    }

    private String state(long now) {
        double seconds = Math.max(1e-9, (now - start) / 1e9);
        return String.format(Locale.ROOT, "%d of %d MiB, %.0f MB/s ", done >> 20, total >> 20, done / 1e6 / seconds);
    }

    @Override
    public void close() {
        if (terminal) {
            out.println();
        }
    }
}
