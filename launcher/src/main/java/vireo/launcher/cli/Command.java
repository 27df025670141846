// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.io.IOException;
import vireo.launcher.LaunchException;

/** One command of {@code ./vireo}. */
interface Command {

    /** What it takes. */
    Syntax syntax();

    /** What {@code --help} prints. */
    String help();

    /**
     * Does the work.
     *
     * @param given its arguments
     * @param console its streams
     * @return the exit status
     * @throws LaunchException if it cannot be done
     * @throws IOException if a stream of the process breaks
     * @throws InterruptedException if interrupted
     */
    int run(Syntax.Given given, Console console) throws LaunchException, IOException, InterruptedException;
}
