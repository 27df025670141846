// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.nio.file.Path;

/**
 * How to measure.
 *
 * @param pairs interleaved pairs of runs for each row
 * @param seconds length of one timed run, where it can be chosen
 * @param folder scratch folder
 * @param home folder of the assembled platform
 * @param peers false if there is no C compiler, so that rows have no peer
 */
record Setting(int pairs, double seconds, Path folder, Path home, boolean peers) {

    void progress(String what, int pair) {
        System.err.println("  " + what + " " + (pair + 1) + "/" + pairs);
    }
}
