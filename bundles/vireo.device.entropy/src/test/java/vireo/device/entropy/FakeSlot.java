// SPDX-License-Identifier: Apache-2.0
package vireo.device.entropy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import vireo.device.Chain;
import vireo.device.ChainHandler;
import vireo.device.DeviceContext;
import vireo.device.DeviceQueue;
import vireo.device.DeviceSession;
import vireo.device.FeatureSet;

/** A slot with one queue, served on the test's thread. */
final class FakeSlot implements DeviceContext {

    final List<String> resets = new ArrayList<>();
    final DeviceSession session;
    ChainHandler handler;

    FakeSlot(EntropyDevice device) throws IOException {
        session = device.activate(this);
        session.queueStarted(new DeviceQueue() {
            @Override
            public int index() {
                return 0;
            }

            @Override
            public int size() {
                return 64;
            }

            @Override
            public void handler(ChainHandler newHandler) {
                handler = newHandler;
            }

            @Override
            public Chain take() {
                return null;
            }

            @Override
            public void wake() {
            }
        });
    }

    @Override
    public String busName() {
        return "test";
    }

    @Override
    public int deviceNumber() {
        return 1;
    }

    @Override
    public FeatureSet features() {
        return FeatureSet.of(FeatureSet.VERSION_1);
    }

    @Override
    public byte[] config() {
        return new byte[0];
    }

    @Override
    public void updateConfig(int offset, byte[] bytes) {
        throw new UnsupportedOperationException("updateConfig");
    }

    @Override
    public void needsReset(String reason) {
        resets.add(reason);
    }
}
