// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import vireo.codec.MessageIds;
import vireo.driver.ConfigSnapshot;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;
import vireo.transport.core.Await;
import vireo.transport.core.Messages;

@Timeout(30)
class ConfigTest {
    private static RequestException readFailure(RemoteDevice device, int offset, int length) {
        return assertThrows(RequestException.class, () -> device.readConfig(offset, length));
    }

    private static void event(DriverFixture fixture, int status, int generation, int... data) {
        int[] words = Arrays.copyOf(new int[] {status, generation, 0, 4 * data.length}, 4 + data.length);
        System.arraycopy(data, 0, words, 4, data.length);
        fixture.bus.deliver(Messages.message(0, MessageIds.EVENT_CONFIG, 1, 0, words));
    }

    @Test
    void shouldRefuseRangeOutsideTheSpaceWithoutAsking() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            int sent = fixture.bus.sent().size();
            for (int[] range : new int[][] {{-1, 1}, {0, -1}, {600, 1}, {599, 2}, {Integer.MAX_VALUE, 1},
                {1, Integer.MAX_VALUE}}) {
                assertEquals(Kind.REFUSED, readFailure(fixture.device(1), range[0], range[1]).kind());
            }
            assertEquals(sent, fixture.bus.sent().size());
        }
    }

    @Test
    void shouldReportMalformedAnswerWhenItContradictsTheRequest() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            int[][] lies = {{5, 4, 4, 0}, {5, 0, 8, 0, 0}, {5, 0, 0}, {5, -1, 4, 0}};
            for (int[] lie : lies) {
                fixture.peer.on(false, MessageIds.GET_CONFIG, (request, answer) ->
                        fixture.bus.deliver(Messages.answer(request, lie)));
                assertEquals(Kind.MALFORMED_ANSWER, readFailure(fixture.device(1), 0, 4).kind());
            }
            fixture.peer.on(false, MessageIds.GET_CONFIG, (request, answer) ->
                    fixture.bus.deliver(Messages.answer(request, 5, 0, 400)));
            assertEquals(Kind.MALFORMED_ANSWER, readFailure(fixture.device(1), 0, 600).kind());
        }
    }

    @Test
    void shouldReadAgainWhenGenerationChangesBetweenChunks() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            FakeDevice fake = fixture.fake(1);
            AtomicInteger reads = new AtomicInteger();
            fixture.peer.on(false, MessageIds.GET_CONFIG, (request, answer) -> {
                if (reads.incrementAndGet() == 1) {
                    Arrays.fill(fake.config, (byte) 9);
                    fake.generation++;
                }
                fixture.bus.deliver(answer);
            });
            ConfigSnapshot read = fixture.device(1).readConfig(0, 600);
            assertArrayEquals(fake.config, read.data());
            assertEquals(42, read.generation());
            assertEquals(5, reads.get());
        }
    }

    @Test
    void shouldGiveUpWhenGenerationNeverStandsStill() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.peer.on(false, MessageIds.GET_CONFIG, (request, answer) -> {
                fixture.fake(1).generation++;
                fixture.bus.deliver(answer);
            });
            assertEquals(Kind.REFUSED, readFailure(fixture.device(1), 0, 600).kind());
        }
    }

    @Test
    void shouldGoOnWhereShortAnswerEnds() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            FakeDevice fake = fixture.fake(1);
            fixture.peer.on(false, MessageIds.GET_CONFIG, (request, answer) -> {
                byte[] less = request.clone();
                less[12] = (byte) Math.min(7, Messages.word(request, 12));
                less[13] = 0;
                fixture.bus.deliver(fake.get(less));
            });
            assertArrayEquals(Arrays.copyOfRange(fake.config, 3, 60), fixture.device(1).readConfig(3, 57).data());
        }
    }

    @Test
    void shouldReadInChunksAndWriteWithNewestGeneration() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            FakeDevice fake = fixture.fake(1);
            assertArrayEquals(fake.config, fixture.device(1).readConfig(0, 600).data());
            assertEquals(0, fixture.device(1).readConfig(600, 0).data().length);
            ConfigSnapshot written = fixture.device(1).writeConfig(10, new byte[] {1, 2, 3});
            assertArrayEquals(new byte[] {1, 2, 3}, written.data());
            assertEquals(2, fake.config[11]);
        }
    }

    @Test
    void shouldReadAndTryAgainWhenWriteIsRejectedForItsGeneration() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.device(1).readConfig(0, 4);
            fixture.fake(1).generation = 77;
            assertEquals(77, fixture.device(1).writeConfig(10, new byte[] {5}).generation());
            assertEquals(5, fixture.fake(1).config[10]);
            List<Integer> ids = fixture.bus.sent().stream().map(Messages::id).toList();
            assertEquals(List.of(MessageIds.SET_CONFIG, MessageIds.GET_CONFIG, MessageIds.SET_CONFIG),
                    ids.subList(ids.size() - 3, ids.size()));
        }
    }

    @Test
    void shouldNotReadAgainWhenEventBroughtTheNewCountMeanwhile() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.device(1).readConfig(0, 4);
            fixture.fake(1).generation = 78;
            fixture.peer.on(false, MessageIds.SET_CONFIG, (request, answer) -> {
                event(fixture, 0, 78);
                fixture.bus.deliver(answer);
            });
            assertEquals(78, fixture.device(1).writeConfig(10, new byte[] {5}).generation());
            List<Integer> ids = fixture.bus.sent().stream().map(Messages::id).toList();
            assertEquals(List.of(MessageIds.SET_CONFIG, MessageIds.SET_CONFIG),
                    ids.subList(ids.size() - 2, ids.size()));
        }
    }

    @Test
    void shouldGiveUpWhenWriteIsRejectedForAnotherReasonOrForEver() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            RemoteDevice device = fixture.device(1);
            fixture.peer.on(false, MessageIds.SET_CONFIG, (request, answer) ->
                    fixture.bus.deliver(Messages.answer(request, 41, 10, 0)));
            assertEquals(Kind.REFUSED,
                    assertThrows(RequestException.class, () -> device.writeConfig(10, new byte[1])).kind());
            fixture.peer.on(false, MessageIds.SET_CONFIG, (request, answer) -> {
                fixture.fake(1).generation++;
                fixture.bus.deliver(Messages.answer(request, fixture.fake(1).generation, 10, 0));
            });
            assertEquals(Kind.REFUSED,
                    assertThrows(RequestException.class, () -> device.writeConfig(10, new byte[1])).kind());
            fixture.peer.on(false, MessageIds.SET_CONFIG, (request, answer) ->
                    fixture.bus.deliver(Messages.answer(request, fixture.fake(1).generation, 10, 2, 0)));
            assertEquals(Kind.MALFORMED_ANSWER,
                    assertThrows(RequestException.class, () -> device.writeConfig(10, new byte[1])).kind());
            assertEquals(Kind.REFUSED,
                    assertThrows(RequestException.class, () -> device.writeConfig(10, new byte[245])).kind());
            assertEquals(Kind.REFUSED,
                    assertThrows(RequestException.class, () -> device.writeConfig(10, new byte[0])).kind());
        }
    }

    @Test
    void shouldTakeWrittenDataForGrantedWhenAnswerOmitsThem() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            fixture.peer.on(false, MessageIds.SET_CONFIG, (request, answer) ->
                    fixture.bus.deliver(Messages.answer(request, 41, 10, 2)));
            assertArrayEquals(new byte[] {8, 9}, fixture.device(1).writeConfig(10, new byte[] {8, 9}).data());
        }
    }

    @Test
    void shouldTellDriverOncePerChangeAndOncePerNeed() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            DriverFixture.Notes notes = new DriverFixture.Notes();
            fixture.device(1).claim("test", notes);
            fixture.device(1).readConfig(0, 4);
            event(fixture, 15, 41);
            event(fixture, 15, 42, 1);
            Await.until(() -> notes.notes.size() == 1);
            event(fixture, 15, 42);
            event(fixture, 15 | 64, 42);
            event(fixture, 15 | 64, 42);
            Await.until(() -> notes.notes.size() == 2);
            event(fixture, 15, 43);
            Await.until(() -> notes.notes.size() == 3);
            assertEquals(List.of("config 42", "needs reset", "config 43"), notes.notes);
        }
    }

    @Test
    void shouldKeepAtMostOneNoticeWaitingWhenDeviceFloodsEvents() throws Exception {
        try (DriverFixture fixture = DriverFixture.withDevices(1)) {
            AtomicInteger told = new AtomicInteger();
            CountDownLatch go = new CountDownLatch(1);
            fixture.device(1).claim("test", new RemoteDeviceListener() {
                @Override
                public void configChanged(int generation) {
                    told.incrementAndGet();
                    try {
                        go.await();
                    } catch (InterruptedException end) {
                        Thread.currentThread().interrupt();
                    }
                }
            });
            for (int i = 0; i < 5000; i++) {
                event(fixture, 15, i, 1);
            }
            fixture.bus.settle();
            Await.until(() -> told.get() == 1);
            go.countDown();
            fixture.driver.close();
            assertTrue(told.get() <= 2, "told " + told);
        }
    }
}
