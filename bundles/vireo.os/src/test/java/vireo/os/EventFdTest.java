// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventFdTest {

    @Test
    void shouldCountSignalsUntilDrained() throws Exception {
        try (EventFd event = EventFd.create()) {
            assertEquals(0, event.drain());
            event.signal();
            event.signal();
            assertEquals(2, event.drain());
            assertEquals(0, event.drain());
            Proc.assertCloseOnExec(event.fd());
        }
    }

    @Test
    void shouldNotWaitWhenTheCountIsAtItsEnd() throws Exception {
        try (EventFd event = EventFd.create(); Arena arena = Arena.ofConfined()) {
            event.descriptor().write(arena.allocateFrom(ValueLayout.JAVA_LONG, -2L), 0, 8);
            event.signal();
            assertEquals(-2, event.drain());
        }
    }

    @Test
    void shouldDoNothingOnceClosed() throws Exception {
        EventFd event = EventFd.create();
        int number = event.fd();
        event.close();
        try (EventFd next = EventFd.create()) {
            assertEquals(number, next.fd());
            event.signal();
            event.close();
            assertEquals(0, event.drain());
            assertEquals(-1, event.fd());
            assertEquals(0, next.drain());
        }
    }

    @Test
    void shouldMakeAdoptedDescriptorNonBlocking() throws Exception {
        EventFd mine = EventFd.create();
        mine.descriptor().setNonBlocking(false);
        try (EventFd adopted = EventFd.adopt(mine.descriptor().duplicate())) {
            assertEquals(0, adopted.drain());
            mine.signal();
            assertEquals(1, adopted.drain());
        }
        Descriptor closed = mine.descriptor();
        mine.close();
        assertFalse(closed.isOpen());
        assertThrows(OsException.class, () -> EventFd.adopt(closed));
    }

    @Test
    void shouldLeaveNothingBehindAfterThousandsOfCycles() throws Exception {
        Map<Integer, String> before = Proc.descriptors();
        for (int i = 0; i < 5000; i++) {
            try (EventFd event = EventFd.create()) {
                event.signal();
            }
        }
        Proc.awaitDescriptors(before);
    }

    @Test
    void shouldAllocateNothing() throws Exception {
        try (EventFd event = EventFd.create()) {
            Proc.assertAllocatesNothing(() -> {
                event.signal();
                event.drain();
                event.drain();
            });
        }
    }
}
