// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import vireo.bus.WireProfile;
import vireo.codec.bus.GetDevicesResponse;
import vireo.codec.device.ConfigData;
import vireo.codec.device.FeatureBlocks;
import vireo.codec.device.GetDeviceInfoResponse;
import vireo.codec.queue.EventUsed;
import vireo.codec.queue.SetVqueueRequest;

/** The data path allocates nothing once it is warm. */
class AllocationTest {

    private static final int ROUNDS = 10_000;
    private static final int ATTEMPTS = 100;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private static long sink;

    /** The least that any of many attempts allocated: the first ones still warm up, and what leaks shows in each. */
    private static long allocated(Runnable round) {
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && least > 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++) {
                round.run();
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return least;
    }

    @Test
    void shouldNoticeAllocationWhenThereIsSome() {
        assertTrue(allocated(() -> sink += System.identityHashCode(new byte[16])) >= 16L * ROUNDS);
    }

    @ParameterizedTest
    @EnumSource(WireProfile.class)
    void shouldAllocateNothingWhenMessagesAreMadeCheckedAndRead(WireProfile profile) {
        try (Arena arena = Arena.ofShared()) {
            Path path = new Path(profile, arena.allocate(512, 8));
            assertEquals(0, allocated(path::round));
        }
    }

    @ParameterizedTest
    @EnumSource(WireProfile.class)
    void shouldAllocateNothingWhenMessagesAreRefused(WireProfile profile) {
        MemorySegment base = MemorySegment.ofArray(new byte[64]);
        Validator validator = new Validator(profile, 264);
        assertEquals(0, allocated(() -> {
            for (int id = 0; id < 256; id++) {
                Header.put(base, 0, id & 3, id, id & 1, id & 4, id & 63);
                sink += validator.check(base, 0, 48).ordinal();
            }
        }));
    }

    /** A few messages of each shape. */
    private static final class Path {

        private final MemorySegment base;
        private final Validator validator;
        private final SetVqueueRequest queue;
        private final GetDeviceInfoResponse info;
        private final GetDevicesResponse devices;
        private final FeatureBlocks features = new FeatureBlocks();
        private final ConfigData config = new ConfigData();
        private final EventUsed used = new EventUsed();
        private final byte[] data = new byte[64];

        Path(WireProfile profile, MemorySegment base) {
            this.base = base;
            validator = new Validator(profile, 264);
            queue = SetVqueueRequest.of(profile);
            info = GetDeviceInfoResponse.of(profile);
            devices = GetDevicesResponse.of(profile);
        }

        void round() {
            queue.create(base, 8, 1, 2, 3, 256, 0x1000, 0x2000, 0x3000);
            expectOk(8);
            sink += queue.wrap(base, 8).index() + queue.size() + queue.descriptors() + queue.driver() + queue.device();
            info.create(base, 8, 1, 2).deviceId(2).featureBlocks(2).configSize(60).maxQueues(1);
            expectOk(8);
            sink += info.wrap(base, 8).featureBlocks() + info.maxQueues();
            features.createRequest(base, 8, 1, 2, 0, 2).block(0, 1).block(1, 2);
            expectOk(8);
            sink += features.wrap(base, 8).block(1);
            config.createGetResponse(base, 8, 1, 2, data.length).generation(7).putData(data, 0, data.length);
            expectOk(8);
            config.wrap(base, 8).getData(data, 0, config.dataLength());
            devices.create(base, 8, 2, 0, 64).setAvailable(5).next(64);
            expectOk(8);
            sink += devices.wrap(base, 8).isAvailable(5) ? 1 : 0;
            used.create(base, 8, 1, 4);
            expectOk(8);
            sink += used.wrap(base, 8).index();
        }

        private void expectOk(long offset) {
            if (validator.check(base, offset, 264) != Reason.OK) {
                throw new AssertionError(validator.check(base, offset, 264));
            }
        }
    }
}
