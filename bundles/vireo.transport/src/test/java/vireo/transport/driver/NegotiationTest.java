// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.bus.BusInfo;
import vireo.bus.BusInfo.Role;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.BusInfo.TokenOwner;
import vireo.bus.WireProfile;
import vireo.codec.MessageIds;
import vireo.device.FeatureSet;
import vireo.driver.RemoteDevice;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;
import vireo.transport.core.Messages;

@Timeout(30)
class NegotiationTest {
    private static final FeatureSet WANTED = FeatureSet.of(3, 5, FeatureSet.RING_PACKED, 39);

    private static BusInfo bus(int maxMessageSize, Signalling kicks) {
        return new BusInfo("b", Role.DRIVER, WireProfile.RFC3, 1, 0, maxMessageSize, 64, TokenOwner.TRANSPORT, kicks,
                Signalling.IN_BAND, false, 256);
    }

    private static List<Integer> statuses(DriverFixture fixture) {
        return fixture.bus.sent().stream().filter(message -> Messages.id(message) == MessageIds.SET_DEVICE_STATUS)
                .map(message -> Messages.word(message, 8)).toList();
    }

    @Test
    void shouldSetFailedAndSayWhatWasOfferedWhenDeviceDoesNotAgree() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.fake(1).agrees = false;
            RequestException failure =
                    assertThrows(RequestException.class, () -> fixture.device(1).negotiate(WANTED));
            assertEquals(Kind.REFUSED, failure.kind());
            assertTrue(failure.getMessage().contains("did not agree"), failure.getMessage());
            assertEquals(128 | 3, statuses(fixture).getLast());
        }
    }

    @Test
    void shouldSetFailedWhenDeviceIsLegacy() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.fake(1).offered = FeatureSet.of(3);
            assertEquals(Kind.REFUSED, assertThrows(RequestException.class,
                    () -> fixture.device(1).negotiate(WANTED)).kind());
            assertEquals(128 | 3, statuses(fixture).getLast());
        }
    }

    @Test
    void shouldFailWhenResetIsNeverDone() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(DriverFixture.INFO, 500, 1)) {
            fixture.fake(1).resets = false;
            fixture.device(1).setStatus(3);
            RequestException failure =
                    assertThrows(RequestException.class, () -> fixture.device(1).negotiate(WANTED));
            assertEquals(Kind.NO_ANSWER, failure.kind());
            assertTrue(failure.getMessage().contains("status 3"), failure.getMessage());
        }
    }

    @Test
    void shouldWaitUntilStatusIsZeroWhenResetTakesItsTime() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.device(1).setStatus(3);
            fixture.fake(1).resets = false;
            AtomicInteger looks = new AtomicInteger();
            fixture.peer.on(false, MessageIds.GET_DEVICE_STATUS, (request, answer) -> {
                if (looks.incrementAndGet() == 3) {
                    fixture.fake(1).status = 0;
                }
                fixture.bus.deliver(Messages.answer(request, fixture.fake(1).status));
            });
            fixture.device(1).negotiate(WANTED);
            assertEquals(3, looks.get());
        }
    }

    @Test
    void shouldReportLiesAboutFeatures() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            int[][] lies = {{1, 2, 0, 0}, {0, 0}, {0, 3, 0, 0, 0}, {0, 2, 0}};
            for (int[] lie : lies) {
                fixture.peer.on(false, MessageIds.GET_DEVICE_FEATURES, (request, answer) ->
                        fixture.bus.deliver(Messages.answer(request, lie)));
                assertEquals(Kind.MALFORMED_ANSWER,
                        assertThrows(RequestException.class, () -> fixture.device(1).features()).kind());
            }
        }
    }

    @Test
    void shouldFailWhenDeviceDoesNotGoLive() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.device(1).negotiate(WANTED);
            fixture.peer.on(false, MessageIds.SET_DEVICE_STATUS, (request, answer) ->
                    fixture.bus.deliver(Messages.answer(request, 15 | 64)));
            assertEquals(Kind.REFUSED, assertThrows(RequestException.class, fixture.device(1)::ready).kind());
        }
    }

    @Test
    void shouldWalkTheStatusInOrderAndChooseWhatBothKnow() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            FeatureSet agreed = fixture.device(1).negotiate(WANTED);
            assertEquals(FeatureSet.of(3, FeatureSet.INDIRECT_DESC, FeatureSet.EVENT_IDX, FeatureSet.VERSION_1,
                    FeatureSet.NOTIFICATION_DATA, FeatureSet.RING_RESET), agreed);
            fixture.device(1).ready();
            assertEquals(List.of(0, 1, 3, 11, 15), statuses(fixture));
            assertArrayEquals(new int[] {agreed.block(0), agreed.block(1), 0, 0}, fixture.fake(1).selected);
            assertEquals(15, fixture.driver.remotes().getFirst().status());
            assertEquals(agreed, fixture.driver.remotes().getFirst().selected());
        }
    }

    @Test
    void shouldNotTakeNotificationDataWhenKicksAreNotMessages() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(bus(264, Signalling.OUT_OF_BAND), 20_000, 1)) {
            assertFalse(fixture.device(1).negotiate(WANTED).has(FeatureSet.NOTIFICATION_DATA));
        }
    }

    @Test
    void shouldTakeSeveralMessagesWhenBlocksDoNotFitOneAndAnswersAreShort() throws Exception {
        try (DriverFixture fixture = new DriverFixture(bus(48, Signalling.IN_BAND), 20_000)) {
            FakeDevice fake = fixture.peer.add(1);
            fake.featureBlocks = 20;
            fake.selected = new int[20];
            fake.mostBlocks = 5;
            fake.offered = FeatureSet.of(FeatureSet.VERSION_1, 50, 500, 639);
            fixture.driver.start();
            fixture.bus.connect(1, false);
            RemoteDevice device = fixture.device(1);
            assertEquals(fake.offered, device.negotiate(FeatureSet.of(50, 500, 639, 600)));
            assertEquals(fake.offered, FeatureSet.ofBlocks(fake.selected));
            assertTrue(fixture.bus.sent().stream().allMatch(message -> message.length <= 48));
        }
    }

    @Test
    void shouldAskForRegionsAndRefuseAnswersAboutOthers() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            assertArrayEquals(new long[] {0x40000, 0x2000}, fixture.device(1).sharedMemory(3));
            fixture.peer.on(false, MessageIds.GET_SHM, (request, answer) ->
                    fixture.bus.deliver(Messages.answer(request, 4, 1, 1)));
            assertEquals(Kind.MALFORMED_ANSWER,
                    assertThrows(RequestException.class, () -> fixture.device(1).sharedMemory(3)).kind());
        }
    }
}
