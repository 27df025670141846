// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.concurrent.Callable;

/** Waits for something to become true; the test's own time limit ends a wait in vain. */
public final class Await {
    private Await() {
    }

    public static void until(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(1);
        }
    }
}
