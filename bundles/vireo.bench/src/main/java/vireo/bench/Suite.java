// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.util.List;

/** Some rows that are measured together. */
interface Suite {

    /** Name by which it is chosen. */
    String name();

    /** One line for the list. */
    String about();

    /**
     * Measures.
     *
     * @param setting how long and where
     * @return the rows
     * @throws Exception if something cannot be run
     */
    List<Row> run(Setting setting) throws Exception;
}
