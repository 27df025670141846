// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusException;
import vireo.bus.BusException.Reason;
import vireo.bus.BusInfo;
import vireo.bus.BusInfo.Role;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.BusInfo.TokenOwner;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;

@Timeout(30)
class CorrelationTest {
    private static RequestException failure(LinkFixture fixture) {
        return assertThrows(RequestException.class, () -> fixture.status(3));
    }

    private static BusInfo inFlight(int most, TokenOwner owner) {
        return new BusInfo("b", Role.DRIVER, WireProfile.RFC3, 1, 0, 264, most, owner, Signalling.IN_BAND,
                Signalling.IN_BAND, false, 256);
    }

    @Test
    void shouldFailWithNoAnswerWhenPeerIsSilent() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(20)) {
            RequestException failure = failure(fixture);
            assertEquals(Kind.NO_ANSWER, failure.kind());
            assertEquals("GET_DEVICE_STATUS to device 3 on bus b: no answer within 20 ms", failure.getMessage());
            assertEquals(1, fixture.count("requests_unanswered"));
        }
    }

    @Test
    void shouldFailAllInFlightAtOnceWhenBusIsLost() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> waiting = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                waiting.add(callers.submit(() -> fixture.status(3)));
            }
            Await.until(() -> fixture.bus.sent().size() == 40);
            fixture.bus.disconnect(new BusException(Reason.PEER_LOST, "the other process died"));
            for (Future<Integer> caller : waiting) {
                ExecutionException failed = assertThrows(ExecutionException.class, caller::get);
                RequestException trouble = assertInstanceOf(RequestException.class, failed.getCause());
                assertEquals(Kind.TRANSMISSION, trouble.kind());
                assertTrue(trouble.getMessage().contains("the other process died"), trouble.getMessage());
            }
            assertEquals(Kind.TRANSMISSION, failure(fixture).kind());
            assertEquals(40, fixture.bus.sent().size());
        }
    }

    @Test
    void shouldFailCallersThatWaitForRoomWhenBusIsLost() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(inFlight(1, TokenOwner.TRANSPORT), 60_000, 60_000);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Integer> first = callers.submit(() -> fixture.status(3));
            Await.until(() -> fixture.bus.sent().size() == 1);
            Future<Integer> second = callers.submit(() -> fixture.status(4));
            Await.until(() -> fixture.count("requests") == 2);
            fixture.bus.disconnect(new BusException(Reason.PEER_LOST, "gone"));
            assertThrows(ExecutionException.class, first::get);
            assertThrows(ExecutionException.class, second::get);
        }
    }

    @Test
    void shouldFailWithMalformedAnswerWhenAnswerIsTooShortForItsRequest() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.peer(request -> fixture.bus.deliver(Messages.answer(request)));
            RequestException failure = failure(fixture);
            assertEquals(Kind.MALFORMED_ANSWER, failure.kind());
            assertTrue(failure.getMessage().contains("PAYLOAD_TOO_SHORT"), failure.getMessage());
        }
    }

    @Test
    void shouldNotTakeLateAnswerForNewRequestWhenTokensComeRound() throws Exception {
        assertEquals(2, secondStatus(60_000_000_000L));
    }

    /** The control of the test above: without the rest, the same late answer is believed. */
    @Test
    void shouldTakeLateAnswerForNewRequestWhenTokensDoNotRest() throws Exception {
        assertEquals(1, secondStatus(0));
    }

    /** Asks twice; the answer to the first, status 1, arrives when the second is in flight, before its own, status 2. */
    private static int secondStatus(long restNanos) throws Exception {
        FakeBus bus = new FakeBus(LinkFixture.INFO, 4096);
        List<byte[]> seen = new CopyOnWriteArrayList<>();
        Correlator correlator = new Correlator(8, restNanos, 7, restNanos == 0 ? 7 : 8);
        try (bus; Timers timers = new Timers();
                Link link = new Link(bus, Settings.of(60_000, 60_000, 1, 0), timers, correlator)) {
            LinkFixture notes = new LinkFixture(LinkFixture.INFO, Settings.DEFAULT);
            link.start(notes);
            bus.connect(1, false);
            Await.until(link::connected);
            bus.peer(request -> {
                seen.add(request);
                if (seen.size() == 2) {
                    bus.deliver(Messages.answer(seen.get(0), 1));
                    bus.deliver(Messages.answer(seen.get(1), 2));
                }
            });
            try (Exchange first = link.exchange()) {
                int length = Header.putEmpty(first.request(), 0, 0, MessageIds.GET_DEVICE_STATUS, 3, 0);
                assertEquals(Kind.NO_ANSWER,
                        assertThrows(RequestException.class, () -> first.call(length, 1_000_000)).kind());
            }
            try (Exchange second = link.exchange()) {
                second.call(Header.putEmpty(second.request(), 0, 0, MessageIds.GET_DEVICE_STATUS, 3, 0));
                return second.answer().get(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, 8);
            } finally {
                notes.close();
            }
        }
    }

    @Test
    void shouldCountLateAnswerWhenItsTokenRests() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(10)) {
            failure(fixture);
            fixture.bus.deliver(Messages.answer(fixture.bus.sent().getFirst(), 15));
            Await.until(() -> fixture.count("responses_late") == 1);
        }
    }

    @Test
    void shouldDropAnswerWhenNobodyAsked() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.deliver(Messages.message(Header.RESPONSE, MessageIds.GET_DEVICE_STATUS, 3, 77, 15));
            Await.until(() -> fixture.count("responses_unmatched") == 1);
            assertEquals(List.of("connected 1 false"), fixture.notes);
            assertEquals(0, fixture.bus.sent().size());
        }
    }

    @Test
    void shouldDropAnswerWhenDeviceNumberIsAnother() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.peer(request -> {
                fixture.bus.deliver(Messages.with(Messages.answer(request, 1), Header.DEV_NUM_OFFSET, 9));
                fixture.bus.deliver(Messages.answer(request, 2));
            });
            assertEquals(2, fixture.status(3));
            assertEquals(1, fixture.count("responses_unmatched"));
        }
    }

    @Test
    void shouldTakeFirstAnswerOnlyWhenItComesTwice() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.peer(request -> {
                fixture.bus.deliver(Messages.answer(request, 1));
                fixture.bus.deliver(Messages.answer(request, 2));
            });
            assertEquals(1, fixture.status(3));
            Await.until(() -> fixture.count("responses_unmatched") == 1);
        }
    }

    @Test
    void shouldMatchWhateverIdAndBusBitAnswerHas() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            for (int id : new int[] {0, MessageIds.GET_VQUEUE, 0x40, 0x80, 0xff}) {
                fixture.bus.peer(request -> fixture.bus.deliver(
                        Messages.with(Messages.answer(request, id), Header.MSG_ID_OFFSET, id)));
                assertEquals(id, fixture.status(3));
            }
            fixture.bus.peer(request -> fixture.bus.deliver(Messages.with(Messages.answer(request, 5), 0, 0xff)));
            assertEquals(5, fixture.status(3));
        }
    }

    @Test
    void shouldGiveEachCallerItsAnswerWhenAnswersComeInAnyOrder() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<byte[]> asked = new ArrayList<>();
            fixture.bus.peer(request -> {
                asked.add(request);
                if (asked.size() == 20) {
                    Collections.shuffle(asked);
                    asked.forEach(one -> fixture.bus.deliver(Messages.answer(one, Messages.device(one) * 3)));
                    asked.clear();
                }
            });
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                int device = i;
                calls.add(() -> fixture.status(device) - 3 * device);
            }
            for (Future<Integer> answer : callers.invokeAll(calls)) {
                assertEquals(0, answer.get());
            }
            assertEquals(400, fixture.bus.sent().stream().map(Messages::token).distinct().count());
        }
    }

    @Test
    void shouldKeepToTheBusLimitWhenMoreWantToAsk() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(inFlight(3, TokenOwner.TRANSPORT), 60_000, 60_000);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicInteger open = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            fixture.bus.peer(request -> {
                most.accumulateAndGet(open.incrementAndGet(), Math::max);
                fixture.bus.dispatch(open::decrementAndGet);
                fixture.bus.deliver(Messages.answer(request, 1));
            });
            List<Callable<Integer>> calls = Collections.nCopies(100, () -> fixture.status(1));
            for (Future<Integer> answer : callers.invokeAll(calls)) {
                assertEquals(1, answer.get());
            }
            assertTrue(most.get() <= 3, "in flight at once: " + most);
        }
    }

    @Test
    void shouldSayWhyWhenRequestCouldNotBeSentInTime() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(inFlight(1, TokenOwner.TRANSPORT), 60_000, 60_000);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            callers.submit(() -> fixture.status(1));
            Await.until(() -> fixture.bus.sent().size() == 1);
            try (Exchange exchange = fixture.link.exchange()) {
                int length = Header.putEmpty(exchange.request(), 0, 0, MessageIds.GET_DEVICE_STATUS, 2, 0);
                RequestException failure =
                        assertThrows(RequestException.class, () -> exchange.call(length, 5_000_000));
                assertEquals(Kind.TRANSMISSION, failure.kind());
                assertTrue(failure.getMessage().contains("1 requests are in flight"), failure.getMessage());
            }
            fixture.link.close();
        }
    }

    @Test
    void shouldFailOneRequestOnlyWhenBusCouldNotDeliverIt() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.peer(request -> fixture.bus.dispatch(() -> fixture.bus.listener()
                    .requestFailed(Messages.token(request), new BusException(Reason.PEER_ERROR, "DENIED"))));
            RequestException failure = failure(fixture);
            assertEquals(Kind.TRANSMISSION, failure.kind());
            assertTrue(failure.getMessage().endsWith("DENIED"), failure.getMessage());
            fixture.bus.peer(request -> fixture.bus.deliver(Messages.answer(request, 4)));
            assertEquals(4, fixture.status(3));
        }
    }

    @Test
    void shouldEndWaitWhenCallerIsInterrupted() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            Thread caller = Thread.currentThread();
            fixture.bus.peer(request -> caller.interrupt());
            assertEquals(Kind.TRANSMISSION, failure(fixture).kind());
            assertTrue(Thread.interrupted());
        }
    }

    @Test
    void shouldStartElsewhereWhenConnectedAgain() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            fixture.bus.peer(request -> fixture.bus.deliver(Messages.answer(request, 1)));
            List<Integer> tokens = new ArrayList<>();
            for (int i = 2; i < 10; i++) {
                fixture.status(3);
                tokens.add(Messages.token(fixture.bus.sent().getLast()));
                fixture.bus.disconnect(new BusException(Reason.PEER_LOST, "gone"));
                fixture.bus.connect(i, false);
                int epoch = i;
                Await.until(() -> fixture.notes.contains("connected " + epoch + " false"));
            }
            int first = tokens.getFirst();
            assertTrue(tokens.stream().anyMatch(token -> token - first > 100 || first - token > 100), "" + tokens);
            assertTrue(tokens.stream().allMatch(token -> token >= 1 && token <= 0x7fff), "" + tokens);
        }
    }

    @Test
    void shouldNotSendRequestOfOlderConnectionWhenConnectedAgain() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(60_000)) {
            long before = fixture.link.connection();
            fixture.bus.disconnect(new BusException(Reason.PEER_LOST, "gone"));
            fixture.bus.connect(2, false);
            Await.until(() -> fixture.notes.contains("connected 2 false"));
            assertNotEquals(before, fixture.link.connection());
            try (Exchange exchange = fixture.link.exchange(before)) {
                int length = Header.putEmpty(exchange.request(), 0, 0, MessageIds.GET_DEVICE_STATUS, 2, 0);
                assertEquals(Kind.TRANSMISSION,
                        assertThrows(RequestException.class, () -> exchange.call(length)).kind());
            }
            assertEquals(0, fixture.bus.sent().size());
        }
    }

    @Test
    void shouldLeaveTokensToBusWhenItOwnsThem() throws Exception {
        try (LinkFixture fixture = LinkFixture.connected(inFlight(8, TokenOwner.BUS), 60_000, 60_000)) {
            fixture.bus.requests((request, deadline, callback) -> {
                assertEquals(0, Messages.token(request));
                byte[] answer = Messages.answer(request, 6);
                callback.onResponse(Messages.segment(answer), 0, answer.length);
                callback.onResponse(Messages.segment(answer), 0, answer.length);
            });
            assertEquals(6, fixture.status(3));
            Await.until(() -> fixture.count("responses_late") == 1);
            fixture.bus.requests((request, deadline, callback) ->
                    callback.onFailure(new BusException(Reason.TIMEOUT, "nothing came")));
            assertEquals(Kind.NO_ANSWER, failure(fixture).kind());
            fixture.bus.requests((request, deadline, callback) ->
                    callback.onFailure(new BusException(Reason.PEER_ERROR, "BUSY")));
            assertEquals(Kind.TRANSMISSION, failure(fixture).kind());
            fixture.bus.requests((request, deadline, callback) ->
                    callback.onResponse(Messages.segment(request), 0, 4));
            assertEquals(Kind.MALFORMED_ANSWER, failure(fixture).kind());
            fixture.bus.deliver(Messages.message(Header.RESPONSE, MessageIds.GET_DEVICE_STATUS, 3, 1, 15));
            Await.until(() -> fixture.count("responses_unmatched") == 1);
        }
    }
}
