// SPDX-License-Identifier: Apache-2.0
package vireo.transport.pair;

import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vireo.bus.WireProfile;
import vireo.device.FeatureSet;
import vireo.driver.ConfigSnapshot;
import vireo.driver.DmaBuffer;
import vireo.driver.DriverQueue;
import vireo.driver.RemoteDevice;
import vireo.driver.RemoteDeviceListener;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;
import vireo.transport.core.Await;

/** Each half believed of the other what it tested alone; here they meet. */
@Timeout(60)
class PairTest {
    private static final int ROUNDS = 2000;

    /** Echoes numbers over a queue, as many at once as it takes, and tells how many came back right. */
    private static int echo(RemoteDevice device, DriverQueue queue, Semaphore woken, int rounds) throws Exception {
        int slots = queue.size() / 2;
        try (DmaBuffer buffer = device.allocate(16L * queue.size(), 16)) {
            int[] slotOf = new int[queue.size()];
            long[] sent = new long[slots];
            ArrayDeque<Integer> free = new ArrayDeque<>();
            for (int i = 0; i < slots; i++) {
                free.add(i);
            }
            int[] counts = new int[2];
            while (counts[0] < rounds) {
                while (!free.isEmpty() && counts[1] < rounds) {
                    int slot = free.poll();
                    sent[slot] = 0x1234_5678_9abcL * ++counts[1];
                    buffer.segment().set(JAVA_LONG, 16L * slot, sent[slot]);
                    buffer.segment().set(JAVA_LONG, 16L * slot + 8, 0);
                    queue.readable(buffer.address() + 16L * slot, 8);
                    queue.writable(buffer.address() + 16L * slot + 8, 8);
                    slotOf[queue.submit()] = slot;
                }
                queue.kick();
                int polled = queue.poll((id, written) -> {
                    int slot = slotOf[id];
                    assertEquals(8, written);
                    assertEquals(sent[slot], buffer.segment().get(JAVA_LONG, 16L * slot + 8));
                    counts[0]++;
                    free.add(slot);
                }, queue.size());
                if (polled == 0 && queue.arm()) {
                    assertTrue(woken.tryAcquire(30, TimeUnit.SECONDS), "never woken");
                }
            }
            return counts[0];
        }
    }

    private static DriverQueue live(RemoteDevice device, Semaphore woken) throws RequestException {
        device.negotiate(FeatureSet.of(3));
        DriverQueue queue = device.openQueue(0, 32, woken::release);
        device.openQueue(1, 64, null);
        device.ready();
        return queue;
    }

    @ParameterizedTest
    @EnumSource(WireProfile.class)
    void shouldCarryChainsThereAndBack(WireProfile profile) throws Exception {
        try (Pair pair = new Pair(profile, profile.minMaxMessageSize())) {
            pair.plug("echo", 5, new EchoDevice());
            RemoteDevice device = pair.remote(5);
            assertEquals(EchoDevice.TYPE, device.info().deviceId());
            Semaphore woken = new Semaphore(0);
            DriverQueue queue = live(device, woken);
            assertEquals(ROUNDS, echo(device, queue, woken, ROUNDS));
            assertEquals(15, device.status());
            assertEquals(16, device.queueInfo(1).size());
            assertTrue(pair.driver.link().ping(Duration.ofSeconds(20)) > 0);
        }
    }

    @ParameterizedTest
    @EnumSource(WireProfile.class)
    void shouldAgreeOnConfiguration(WireProfile profile) throws Exception {
        try (Pair pair = new Pair(profile, 64)) {
            EchoDevice echo = new EchoDevice();
            pair.plug("echo", 5, echo);
            RemoteDevice device = pair.remote(5);
            List<Integer> told = new CopyOnWriteArrayList<>();
            device.claim("test", new RemoteDeviceListener() {
                @Override
                public void configChanged(int generation) {
                    told.add(generation);
                }
            });
            live(device, new Semaphore(0));
            ConfigSnapshot before = device.readConfig(0, 500);
            assertArrayEquals(echo.model().config(), before.data());
            assertArrayEquals(new byte[] {9, 8}, device.writeConfig(100, new byte[] {9, 8}).data());
            assertEquals(Kind.REFUSED,
                    assertThrows(RequestException.class, () -> device.writeConfig(0, new byte[1])).kind());
            echo.context.updateConfig(490, new byte[] {1, 2, 3});
            Await.until(() -> !told.isEmpty());
            ConfigSnapshot after = device.readConfig(490, 3);
            assertArrayEquals(new byte[] {1, 2, 3}, after.data());
            assertEquals(told.getLast(), after.generation());
        }
    }

    @ParameterizedTest
    @EnumSource(WireProfile.class)
    void shouldFindDevicesThatComeAndGo(WireProfile profile) throws Exception {
        try (Pair pair = new Pair(profile, 264)) {
            Map<String, Object> first = pair.plug("one", 1, new EchoDevice());
            pair.remote(1);
            pair.plug("two", 63, new EchoDevice());
            pair.remote(63);
            pair.devices.deviceGone(first, false);
            Await.until(() -> !pair.found.containsKey(1));
            pair.driver.enumerate();
            assertEquals(Set.of(63), pair.found.keySet());
        }
    }

    @ParameterizedTest
    @EnumSource(WireProfile.class)
    void shouldStartAnewWhenConnectionIsCutInMidTransfer(WireProfile profile) throws Exception {
        try (Pair pair = new Pair(profile, 264)) {
            pair.plug("echo", 5, new EchoDevice());
            for (int round = 0; round < 5; round++) {
                RemoteDevice device = pair.remote(5);
                Semaphore woken = new Semaphore(0);
                List<RequestException> lost = new CopyOnWriteArrayList<>();
                RemoteDevice.Claim claim = device.claim("test", new RemoteDeviceListener() {
                    @Override
                    public void lost(RequestException cause) {
                        lost.add(cause);
                    }
                });
                DriverQueue queue = live(device, woken);
                echo(device, queue, woken, 100);
                pair.disconnect();
                Await.until(() -> !lost.isEmpty());
                claim.close();
                Await.until(() -> !pair.found.containsKey(5));
                pair.connect();
            }
            assertEquals(0, pair.remote(5).status());
        }
    }
}
