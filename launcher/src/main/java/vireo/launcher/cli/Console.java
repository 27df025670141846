// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * The streams of the process. They are handed around because Gogo replaces those of {@link System} when it starts, and
 * gives whoever uses the replacements the streams of some session.
 *
 * @param in standard input
 * @param out standard output
 * @param err standard error
 */
public record Console(InputStream in, PrintStream out, PrintStream err) {
}
