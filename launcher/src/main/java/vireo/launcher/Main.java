// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import vireo.launcher.cli.CommandLine;
import vireo.launcher.cli.Console;

/** What {@code ./vireo} starts. */
public final class Main {

    private Main() {
    }

    /**
     * Runs one command and ends the process with its status.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(CommandLine.execute(arguments, new Console(System.in, System.out, System.err)));
    }
}
