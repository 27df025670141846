// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class FlusherTest {
    @Test
    void shouldTryOnceMoreWhenRequestComesWhileTheLastAttemptSucceeds() throws Exception {
        try (Timers timers = new Timers()) {
            AtomicInteger attempts = new AtomicInteger();
            AtomicReference<Flusher> self = new AtomicReference<>();
            BooleanSupplier attempt = () -> {
                if (attempts.incrementAndGet() == 1) {
                    self.get().request();
                }
                return true;
            };
            self.set(new Flusher(timers, attempt, () -> { }, () -> 0));
            self.get().request();
            Await.until(() -> attempts.get() == 2);
        }
    }

    @Test
    void shouldAttemptNothingWhenClosedOrNotAsked() throws Exception {
        try (Timers timers = new Timers()) {
            AtomicInteger attempts = new AtomicInteger();
            Flusher flusher = new Flusher(timers, () -> attempts.incrementAndGet() > 5, () -> { }, () -> 0);
            flusher.now();
            assertEquals(0, attempts.get());
            flusher.close();
            flusher.request();
            flusher.now();
            assertEquals(0, attempts.get());
        }
    }

    @Test
    void shouldCloseWhenAskedToFromItsOwnAttempt() throws Exception {
        try (Timers timers = new Timers()) {
            AtomicInteger attempts = new AtomicInteger();
            AtomicReference<Flusher> self = new AtomicReference<>();
            BooleanSupplier attempt = () -> {
                self.get().close();
                attempts.incrementAndGet();
                return false;
            };
            self.set(new Flusher(timers, attempt, () -> { }, () -> 0));
            self.get().request();
            Await.until(() -> attempts.get() == 1);
        }
    }
}
