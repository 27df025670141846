// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

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
import vireo.driver.RemoteDevice;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;
import vireo.transport.core.Await;
import vireo.transport.core.Exchange;
import vireo.transport.core.Messages;

@Timeout(30)
class EnumerationTest {
    private static final int READY = 1;
    private static final int REMOVED = 2;

    private static BusInfo numbers(int maxDevices) {
        return new BusInfo("b", Role.DRIVER, WireProfile.RFC3, 1, 0, 264, 64, TokenOwner.TRANSPORT, Signalling.IN_BAND,
                Signalling.IN_BAND, false, maxDevices);
    }

    private static long asked(DriverFixture fixture, boolean bus, int id) {
        return fixture.bus.sent().stream()
                .filter(message -> Messages.type(message) == (bus ? 2 : 0) && Messages.id(message) == id).count();
    }

    @Test
    void shouldEndWhenNextOffsetDoesNotAdvance() throws Exception {
        for (int next : new int[] {8, 16}) {
            try (DriverFixture fixture = new DriverFixture(DriverFixture.INFO, 20_000)) {
                fixture.peer.add(2);
                fixture.peer.on(true, MessageIds.BUS_GET_DEVICES, (request, answer) -> {
                    int first = Messages.word(request, 8) & 0xffff;
                    fixture.bus.deliver(Messages.answer(request, first | 8 << 16,
                            (first == 0 ? 16 : next) | 4 << 16));
                });
                fixture.driver.start();
                fixture.bus.connect(1, false);
                fixture.device(2);
                Await.until(() -> fixture.count("windows_astray") == 1);
                assertEquals(2, asked(fixture, true, MessageIds.BUS_GET_DEVICES));
            }
        }
    }

    @Test
    void shouldAskNoMoreThanOncePerEightNumbersWhenPeerGoesOnForEver() throws Exception {
        try (DriverFixture fixture = new DriverFixture(numbers(100), 20_000)) {
            fixture.peer.on(true, MessageIds.BUS_GET_DEVICES, (request, answer) -> {
                int first = Messages.word(request, 8) & 0xffff;
                fixture.bus.deliver(Messages.answer(request, first | 8 << 16, (first + 8) | 0xff << 16));
            });
            fixture.driver.start();
            fixture.bus.connect(1, false);
            Await.until(() -> asked(fixture, false, MessageIds.GET_DEVICE_INFO) > 0);
            assertEquals(13, asked(fixture, true, MessageIds.BUS_GET_DEVICES));
        }
    }

    @Test
    void shouldIgnoreNumbersThatBusDoesNotHave() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(numbers(12), 20_000, 3, 11)) {
            fixture.peer.add(12);
            fixture.driver.enumerate();
            fixture.peer.event(12, READY);
            fixture.peer.event(65535, READY);
            fixture.peer.event(65535, REMOVED);
            Await.until(() -> fixture.count("unknown_device") == 3);
            assertEquals(Set.of(3, 11), fixture.services.keySet());
        }
    }

    @Test
    void shouldGiveUpWhenPeerNamesDevicesAndAnswersForNone() throws Exception {
        try (DriverFixture fixture = new DriverFixture(numbers(64), 300)) {
            fixture.peer.on(true, MessageIds.BUS_GET_DEVICES, (request, answer) ->
                    fixture.bus.deliver(Messages.answer(request, 16 << 16, 0xffff << 16)));
            fixture.driver.start();
            fixture.bus.connect(1, false);
            Await.until(() -> fixture.count("enumerations_failed") == 1);
            assertEquals(3, fixture.count("queries_failed"));
            assertTrue(fixture.services.isEmpty());
        }
    }

    @Test
    void shouldTryAgainWhenEnumerationFailed() throws Exception {
        try (DriverFixture fixture = new DriverFixture(DriverFixture.INFO, 20_000)) {
            fixture.peer.add(5);
            fixture.peer.on(true, MessageIds.BUS_GET_DEVICES, (request, answer) -> {
                fixture.bus.deliver(Messages.answer(request));
                fixture.peer.behave();
            });
            fixture.driver.start();
            fixture.bus.connect(1, false);
            fixture.device(5);
            assertEquals(1, fixture.count("enumerations_failed"));
        }
    }

    @Test
    void shouldRefuseDeviceWithClearHintWhenProfileIsTheOther() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices()) {
            fixture.peer.add(1);
            fixture.peer.on(false, MessageIds.GET_DEVICE_INFO, (request, answer) ->
                    fixture.bus.deliver(Messages.answer(request, 2, 0, 0, 0, 0, 0, 32, 64, 1, 0, 0)));
            fixture.driver.enumerate();
            assertEquals(1, fixture.count("queries_failed"));
            assertTrue(fixture.services.isEmpty());
            RequestException hint = assertThrows(RequestException.class, () -> new DeviceRequests(
                    new Target(fixture.driver.link(), 1, fixture.driver.link().connection())).info());
            assertEquals(Kind.MALFORMED_ANSWER, hint.kind());
            assertTrue(hint.getMessage().contains("profile v1") && hint.getMessage().contains("with rfc3"),
                    hint.getMessage());
        }
    }

    @Test
    void shouldFailWhenAskedToEnumerateWithoutPeer() throws Exception {
        try (DriverFixture fixture = new DriverFixture(DriverFixture.INFO, 20_000)) {
            fixture.driver.start();
            assertEquals(Kind.TRANSMISSION,
                    assertThrows(RequestException.class, fixture.driver::enumerate).kind());
        }
    }

    @Test
    void shouldFailWhoeverWaitsForEnumerationWhenBusIsTakenAway() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1);
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            fixture.peer.on(true, MessageIds.BUS_GET_DEVICES, (request, answer) -> { });
            long before = asked(fixture, true, MessageIds.BUS_GET_DEVICES);
            Future<RequestException> first = callers.submit(
                    () -> assertThrows(RequestException.class, fixture.driver::enumerate));
            Future<RequestException> second = callers.submit(
                    () -> assertThrows(RequestException.class, fixture.driver::enumerate));
            Await.until(() -> asked(fixture, true, MessageIds.BUS_GET_DEVICES) > before);
            fixture.driver.close();
            assertEquals(Kind.TRANSMISSION, first.get().kind());
            assertEquals(Kind.TRANSMISSION, second.get().kind());
        }
    }

    @Test
    void shouldRegisterEachDeviceWithItsProperties() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(0, 5, 16, 40)) {
            assertEquals(Map.of(RemoteDevice.BUS_NAME, "b", RemoteDevice.NUMBER, 40, RemoteDevice.DEVICE_ID, 2),
                    fixture.properties.get(40));
            assertEquals(600, fixture.device(0).info().configSize());
            assertEquals(List.of(0, 5, 16, 40), fixture.driver.remotes().stream().map(view -> view.number()).toList());
            assertEquals(4, fixture.driver.view().devices());
        }
    }

    @Test
    void shouldLeaveOutDevicesThatAreInactiveOrMisbehave() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices()) {
            fixture.peer.add(1).deviceId = 0;
            fixture.peer.add(2);
            fixture.peer.add(3);
            fixture.peer.on(false, MessageIds.GET_DEVICE_INFO, (request, answer) -> fixture.bus.deliver(
                    Messages.device(request) == 2 ? Messages.answer(request, 2, 0) : answer));
            fixture.driver.enumerate();
            assertEquals(Set.of(3), fixture.services.keySet());
        }
    }

    @Test
    void shouldFollowEventsWhenDevicesComeAndGo() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice first = fixture.device(1);
            fixture.peer.add(7);
            fixture.peer.event(7, READY);
            fixture.device(7);
            fixture.peer.event(7, READY);
            fixture.peer.event(1, READY);
            fixture.peer.event(9, READY);
            fixture.peer.event(9, REMOVED);
            fixture.peer.event(3, 0x7fff);
            fixture.peer.devices.remove(7);
            fixture.peer.event(7, REMOVED);
            fixture.peer.event(7, REMOVED);
            Await.until(() -> !fixture.services.containsKey(7));
            assertSame(first, fixture.device(1));
            assertEquals(1, fixture.count("unknown_state"));
            assertEquals(List.of("+1", "+7", "-7"), fixture.history);
        }
    }

    @Test
    void shouldLookFurtherAtOnceWhenTheDeviceThatIsAskedIsRemovedInsteadOfAnswering() throws Exception {
        for (int silent : new int[] {MessageIds.GET_DEVICE_INFO, MessageIds.GET_DEVICE_STATUS}) {
            try (DriverFixture fixture = DriverFixture.withDevices(DriverFixture.INFO, 600_000, 1)) {
                fixture.peer.add(7);
                fixture.peer.add(8);
                fixture.peer.on(false, silent, (request, answer) -> {
                    if (Messages.device(request) == 7) {
                        fixture.peer.event(7, REMOVED);
                    } else {
                        fixture.bus.deliver(answer);
                    }
                });
                fixture.peer.event(7, READY);
                fixture.peer.event(8, READY);
                fixture.device(8);
                assertEquals(List.of("+1", "+8"), fixture.history);
                fixture.peer.behave();
                fixture.peer.event(7, READY);
                fixture.device(7);
            }
        }
    }

    @Test
    void shouldFailAtOnceWhenDeviceIsLostJustBeforeItIsAsked() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(DriverFixture.INFO, 600_000, 1)) {
            Target target = new Target(fixture.driver.link(), 1, fixture.driver.link().connection());
            fixture.peer.manners = (request, answer) -> { };
            try (Exchange exchange = target.exchange()) {
                int length = Header.putEmpty(exchange.request(), 0, 0, MessageIds.GET_DEVICE_STATUS, 1, 0);
                BusException cause = new BusException(Reason.PEER_LOST, "the peer removed it");
                target.lost(cause);
                fixture.driver.link().failRequests(1, cause);
                RequestException failure = assertThrows(RequestException.class, () -> exchange.call(length));
                assertEquals(Kind.TRANSMISSION, failure.kind());
                assertEquals("GET_DEVICE_STATUS to device 1 on bus b: the peer removed it", failure.getMessage());
            }
            assertEquals(0, fixture.driver.view().inFlight());
        }
    }

    @Test
    void shouldNotRegisterWhenDeviceIsRemovedWhileItIsAskedWhatItIs() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.peer.add(7);
            fixture.peer.on(false, MessageIds.GET_DEVICE_INFO, (request, answer) -> {
                fixture.peer.event(7, REMOVED);
                fixture.bus.deliver(answer);
            });
            fixture.driver.enumerate();
            assertEquals(Set.of(1), fixture.services.keySet());
        }
    }

    @Test
    void shouldFailRequestsAndTellDriverWhenDeviceIsRemoved() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1, 2)) {
            DriverFixture.Notes notes = new DriverFixture.Notes();
            RemoteDevice device = fixture.device(1);
            device.claim("test", notes);
            fixture.peer.on(false, MessageIds.GET_DEVICE_STATUS, (request, answer) -> fixture.peer.event(1, REMOVED));
            RequestException failure = assertThrows(RequestException.class, device::status);
            assertEquals(Kind.TRANSMISSION, failure.kind());
            assertTrue(failure.getMessage().contains("removed"), failure.getMessage());
            Await.until(() -> notes.notes.contains("lost"));
            Await.until(() -> !fixture.services.containsKey(1));
            assertEquals(Kind.TRANSMISSION, assertThrows(RequestException.class, device::status).kind());
            fixture.peer.behave();
            assertEquals(0, fixture.device(2).status());
        }
    }

    @Test
    void shouldEnumerateAnewWhenBusComesBack() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1, 2)) {
            DriverFixture.Notes notes = new DriverFixture.Notes();
            RemoteDevice before = fixture.device(1);
            before.claim("test", notes);
            fixture.bus.disconnect(new BusException(Reason.PEER_LOST, "process 77 was killed"));
            Await.until(() -> fixture.services.isEmpty());
            Await.until(() -> notes.lost != null);
            assertTrue(notes.lost.getMessage().contains("process 77 was killed"));
            fixture.bus.connect(2, false);
            RemoteDevice after = fixture.device(1);
            assertNotSame(before, after);
            assertEquals(0, after.status());
            assertEquals(Kind.TRANSMISSION, assertThrows(RequestException.class, before::status).kind());
        }
    }

    @Test
    void shouldDropAndAddWhenEnumerationShowsAnotherPicture() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1, 2, 3)) {
            RemoteDevice kept = fixture.device(3);
            fixture.peer.devices.remove(1);
            fixture.fake(2).deviceId = 4;
            fixture.peer.add(30);
            fixture.driver.enumerate();
            assertEquals(Set.of(2, 3, 30), fixture.services.keySet());
            assertEquals(4, fixture.device(2).info().deviceId());
            assertSame(kept, fixture.device(3));
        }
    }

    @Test
    void shouldReplaceDeviceWhenItWasResetBehindTheDriversBack() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            DriverFixture.Notes notes = new DriverFixture.Notes();
            RemoteDevice before = fixture.device(1);
            before.claim("test", notes);
            before.negotiate(vireo.device.FeatureSet.NONE);
            fixture.peer.event(1, READY);
            fixture.bus.settle();
            fixture.driver.enumerate();
            assertSame(before, fixture.device(1));
            fixture.fake(1).status = 0;
            fixture.peer.event(1, READY);
            Await.until(() -> notes.lost != null);
            Await.until(() -> fixture.services.get(1) != null && fixture.services.get(1) != before);
        }
    }

    @Test
    void shouldResetDeviceBeforeOfferingItWhenItIsLiveFromBefore() throws Exception {
        try (DriverFixture fixture = new DriverFixture(DriverFixture.INFO, 20_000)) {
            fixture.peer.add(1).status = 15;
            fixture.driver.start();
            fixture.bus.connect(1, false);
            fixture.device(1);
            assertEquals(0, fixture.fake(1).status);
        }
    }

    @Test
    void shouldCountWhatNobodyExpects() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.bus.deliver(Messages.message(0, MessageIds.EVENT_AVAIL, 1, 0, 0, 0));
            fixture.bus.deliver(Messages.message(0, MessageIds.GET_DEVICE_INFO, 1, 4));
            fixture.bus.deliver(Messages.message(2, MessageIds.BUS_GET_DEVICES, 0, 5, 8 << 16));
            fixture.bus.deliver(Messages.message(0, MessageIds.EVENT_USED, 1, 0, 0xffffffff));
            fixture.bus.deliver(Messages.message(0, MessageIds.EVENT_USED, 77, 0, 0));
            fixture.bus.deliver(Messages.message(0, MessageIds.EVENT_CONFIG, 40000, 0, 0, 0, 0, 0));
            Await.until(() -> fixture.count("unknown_device") == 2);
            assertEquals(3, fixture.count("unexpected"));
            assertEquals(1, fixture.count("unknown_queue"));
        }
    }
}
