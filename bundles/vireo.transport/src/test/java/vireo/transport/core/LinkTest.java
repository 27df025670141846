// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusException;
import vireo.bus.BusException.Reason;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;

@Timeout(30)
class LinkTest {
    private static final byte[] EVENT_USED = Messages.message(0, MessageIds.EVENT_USED, 3, 0, 0);

    @Test
    void shouldCountAndDropWithoutAnswerWhenMessageIsMalformed() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.deliver(new byte[0]);
            fixture.bus.deliver(new byte[7]);
            fixture.bus.deliver(Messages.with(EVENT_USED, Header.MSG_SIZE_OFFSET, 4));
            fixture.bus.deliver(Messages.with(EVENT_USED, Header.MSG_SIZE_OFFSET, 13));
            fixture.bus.deliver(Messages.with(EVENT_USED, Header.MSG_SIZE_OFFSET + 1, 0xff));
            fixture.bus.deliver(Messages.with(EVENT_USED, Header.MSG_ID_OFFSET, 0x7f));
            fixture.bus.deliver(Messages.message(Header.RESPONSE, MessageIds.GET_DEVICE_STATUS, 3, 0, 1));
            fixture.bus.deliver(Messages.with(Messages.message(Header.RESPONSE, 7, 3, 9, 1),
                    Header.MSG_SIZE_OFFSET, 99));
            fixture.bus.deliver(EVENT_USED);
            Await.until(() -> fixture.notes.size() == 2);
            assertEquals(List.of("connected 1 false", "received 66 12"), fixture.notes);
            assertEquals(2, fixture.count("malformed_truncated_header"));
            assertEquals(1, fixture.count("malformed_size_below_header"));
            assertEquals(2, fixture.count("malformed_size_exceeds_buffer"));
            assertEquals(1, fixture.count("malformed_size_exceeds_bus_max"));
            assertEquals(1, fixture.count("malformed_unknown_msg_id"));
            assertEquals(0, fixture.bus.sent().size());
        }
    }

    @Test
    void shouldSurviveAnyBytes() throws Exception {
        Random random = new Random(7);
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            for (int i = 0; i < 20_000; i++) {
                byte[] bytes = new byte[random.nextInt(80)];
                random.nextBytes(bytes);
                if (bytes.length > 1) {
                    bytes[0] &= 3;
                    bytes[1] &= 0x43;
                }
                fixture.bus.deliver(bytes);
            }
            fixture.bus.deliver(EVENT_USED);
            Await.until(() -> fixture.notes.getLast().equals("received 66 12"));
            assertEquals(0, fixture.count("failures"));
        }
    }

    @Test
    void shouldIgnorePaddingWhenMessageIsShorterThanItsFrame() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            byte[] padded = new byte[48];
            System.arraycopy(EVENT_USED, 0, padded, 0, EVENT_USED.length);
            fixture.bus.deliver(padded);
            Await.until(() -> fixture.notes.contains("received 66 12"));
        }
    }

    @Test
    void shouldCostThatMessageOnlyWhenOwnerThrows() throws Exception {
        try (LinkFixture fixture = new LinkFixture(LinkFixture.INFO, Settings.DEFAULT)) {
            fixture.link.start(new ThrowingOwner(fixture));
            fixture.bus.connect(1, false);
            fixture.bus.deliver(EVENT_USED);
            fixture.bus.deliver(EVENT_USED);
            Await.until(() -> fixture.count("failures") == 2);
            assertEquals(2, fixture.count("received"));
        }
    }

    @Test
    void shouldDropMessagesWhenNoPeerIsThere() throws Exception {
        try (LinkFixture fixture = new LinkFixture(LinkFixture.INFO, Settings.DEFAULT)) {
            fixture.link.start(fixture);
            fixture.bus.deliver(EVENT_USED);
            Await.until(() -> fixture.count("unconnected") == 1);
            assertEquals(Kind.TRANSMISSION, assertThrows(RequestException.class, () -> fixture.status(1)).kind());
            assertTrue(fixture.notes.isEmpty());
        }
    }

    @Test
    void shouldSendPendingEventsWhenBusHasRoomAgain() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            AtomicInteger refused = new AtomicInteger();
            fixture.bus.full(message -> refused.incrementAndGet() < 20);
            fixture.pending.set(5);
            fixture.link.flushLater();
            Await.until(() -> fixture.bus.sent().size() == 5);
            assertEquals(0, fixture.pending.get());
            assertEquals(19, fixture.count("full"));
        }
    }

    @Test
    void shouldNeverLoseRequestToFlushWhenMadeFromManyThreads() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000);
                ExecutorService threads = Executors.newFixedThreadPool(4)) {
            AtomicInteger tries = new AtomicInteger();
            fixture.bus.full(message -> tries.incrementAndGet() % 3 != 0);
            for (int i = 0; i < 4; i++) {
                threads.execute(() -> {
                    for (int n = 0; n < 100; n++) {
                        fixture.pending.incrementAndGet();
                        fixture.link.flushLater();
                    }
                });
            }
            Await.until(() -> fixture.bus.sent().size() == 400);
        }
    }

    @Test
    void shouldTryAgainAtOnceWhenMessageArrives() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            AtomicInteger refused = new AtomicInteger();
            fixture.bus.full(message -> {
                refused.incrementAndGet();
                return true;
            });
            fixture.pending.set(1);
            fixture.link.flushLater();
            Await.until(() -> refused.get() > 2);
            fixture.bus.full(message -> false);
            fixture.bus.deliver(EVENT_USED);
            fixture.bus.settle();
            assertEquals(1, fixture.bus.sent().size());
        }
    }

    @Test
    void shouldWaitForRoomWhenRequestFindsBusFull() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            AtomicInteger refused = new AtomicInteger();
            fixture.bus.full(message -> refused.incrementAndGet() < 10);
            fixture.bus.peer(request -> fixture.bus.deliver(Messages.answer(request, 3)));
            assertEquals(3, fixture.status(1));
        }
    }

    @Test
    void shouldFailRequestsAndRecoverWhenPeerStallsAndGoesOn() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(LinkFixture.INFO, 60_000, 30)) {
            fixture.bus.full(message -> true);
            RequestException failure = assertThrows(RequestException.class, () -> fixture.status(1));
            assertEquals(Kind.TRANSMISSION, failure.kind());
            assertEquals(Reason.STALLED, ((BusException) failure.getCause()).reason());
            Await.until(() -> fixture.notes.contains("disconnected STALLED"));
            assertFalse(fixture.link.connected());
            fixture.bus.full(message -> false);
            Await.until(() -> fixture.notes.contains("connected 1 true"));
            fixture.bus.peer(request -> fixture.bus.deliver(Messages.answer(request, 3)));
            assertEquals(3, fixture.status(1));
            assertEquals(1, fixture.count("stalls"));
            assertEquals(MessageIds.BUS_PING, Messages.id(fixture.bus.sent().getFirst()));
        }
    }

    @Test
    void shouldStallWhenOnlyEventsWait() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(LinkFixture.INFO, 60_000, 30)) {
            fixture.bus.full(message -> true);
            fixture.pending.set(1);
            fixture.link.flushLater();
            Await.until(() -> fixture.notes.contains("disconnected STALLED"));
        }
    }

    @Test
    void shouldNotTellTwiceWhenStalledPeerIsLost() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(LinkFixture.INFO, 60_000, 30)) {
            fixture.bus.full(message -> true);
            fixture.pending.set(1);
            fixture.link.flushLater();
            Await.until(() -> fixture.notes.contains("disconnected STALLED"));
            fixture.bus.disconnect(new BusException(Reason.PEER_LOST, "died"));
            fixture.bus.full(message -> false);
            fixture.bus.connect(2, false);
            Await.until(() -> fixture.notes.contains("connected 2 false"));
            assertEquals(List.of("connected 1 false", "disconnected STALLED", "connected 2 false"), fixture.notes);
        }
    }

    @Test
    void shouldTellOfLossWhenAnotherPeerTakesThePlace() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.connect(2, false);
            Await.until(() -> fixture.notes.size() == 3);
            assertEquals(List.of("connected 1 false", "disconnected PEER_LOST", "connected 2 false"), fixture.notes);
        }
    }

    @Test
    void shouldEchoDataWhenPeerPings() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.deliver(Messages.message(Header.BUS, MessageIds.BUS_PING, 0, 0x9123, 0xcafef00d));
            Await.until(() -> fixture.bus.sent().size() == 1);
            assertArrayEquals(Messages.message(Header.BUS | Header.RESPONSE, MessageIds.BUS_PING, 0, 0x9123,
                    0xcafef00d), fixture.bus.sent().getFirst());
            assertEquals(List.of("connected 1 false"), fixture.notes);
        }
    }

    @Test
    void shouldKeepFewAnswersWhenPeerPingsAndDoesNotRead() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.full(message -> true);
            for (int i = 1; i <= 100; i++) {
                fixture.bus.deliver(Messages.message(Header.BUS, MessageIds.BUS_PING, 0, i, i));
            }
            Await.until(() -> fixture.count("pings_dropped") > 80);
            fixture.bus.full(message -> false);
            Await.until(() -> fixture.count("pings_dropped") + fixture.count("pings_answered") == 100);
            assertTrue(fixture.count("pings_answered") <= 17);
            assertEquals(1, Messages.token(fixture.bus.sent().getFirst()));
        }
    }

    @Test
    void shouldMeasurePingAndRefuseAnotherEcho() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.peer(request -> fixture.bus.deliver(Messages.answer(request, Messages.word(request, 8))));
            assertTrue(fixture.link.ping(Duration.ofSeconds(20)) > 0);
            fixture.bus.peer(request -> fixture.bus.deliver(Messages.answer(request, ~Messages.word(request, 8))));
            assertEquals(Kind.MALFORMED_ANSWER,
                    assertThrows(RequestException.class, () -> fixture.link.ping(Duration.ofSeconds(20))).kind());
            fixture.bus.peer(request -> { });
            assertEquals(Kind.NO_ANSWER,
                    assertThrows(RequestException.class, () -> fixture.link.ping(Duration.ofMillis(5))).kind());
        }
    }

    @Test
    void shouldFailRequestsWhenClosedAndLeaveTheBusToOthers() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<RequestException> caller = callers.submit(
                    () -> assertThrows(RequestException.class, () -> fixture.status(3)));
            Await.until(() -> fixture.bus.sent().size() == 1);
            fixture.link.close();
            fixture.link.close();
            assertEquals(Kind.TRANSMISSION, caller.get().kind());
            LinkFixture other = new LinkFixture(LinkFixture.INFO, Settings.DEFAULT);
            try (Link next = new Link(fixture.bus, Settings.DEFAULT, fixture.timers)) {
                next.start(other);
                Await.until(() -> other.notes.contains("connected 1 false"));
            }
            other.close();
        }
    }

    @Test
    void shouldCloseWhenAskedToFromItsOwnCallback() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.dispatch(fixture.link::close);
            fixture.bus.settle();
            fixture.bus.deliver(EVENT_USED);
            fixture.bus.settle();
            assertEquals(List.of("connected 1 false"), fixture.notes);
        }
    }
}
