// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import vireo.api.block.BlockCompletion;

/** Collects completions; a second one for a cookie is an error. */
final class Completions implements BlockCompletion {

    private final Map<Long, IOException> failures = new HashMap<>();
    private int count;
    private int doubled;

    @Override
    public synchronized void done(long cookie, IOException failure) {
        if (failures.containsKey(cookie)) {
            doubled++;
        }
        failures.put(cookie, failure);
        count++;
        notifyAll();
    }

    synchronized Map<Long, IOException> await(int wanted) throws InterruptedException {
        while (count < wanted) {
            wait();
        }
        assertEquals(0, doubled, "completions told twice");
        assertEquals(wanted, count);
        return failures;
    }

    void awaitSuccess(int wanted) throws InterruptedException {
        await(wanted).forEach((cookie, failure) -> assertEquals(null, failure, "cookie " + cookie));
    }

    synchronized int count() {
        return count;
    }
}
