// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import vireo.device.DeviceContext;
import vireo.device.FeatureSet;

/** A slot as one session of its device sees it; says nothing to the slot any more once that session is over. */
final class SlotContext implements DeviceContext {
    private final DeviceSlot slot;
    private final FeatureSet features;
    private volatile boolean closed;

    SlotContext(DeviceSlot slot, FeatureSet features) {
        this.slot = slot;
        this.features = features;
    }

    void close() {
        closed = true;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public String busName() {
        return slot.bus().name();
    }

    @Override
    public int deviceNumber() {
        return slot.number();
    }

    @Override
    public FeatureSet features() {
        return features;
    }

    @Override
    public byte[] config() {
        return slot.config().bytes();
    }

    @Override
    public void updateConfig(int offset, byte[] bytes) {
        if (!closed) {
            slot.config().update(offset, bytes);
            slot.events().changed();
        }
    }

    @Override
    public void needsReset(String reason) {
        slot.life().needsReset(this, reason);
    }
}
