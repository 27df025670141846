// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.List;

import vireo.device.DeviceModel;
import vireo.device.FeatureSet;

/** Judges whether a device can go on where another one left, so that the driver notices nothing but time. */
final class Takeover {
    private Takeover() {
    }

    /**
     * Compares a successor with what the driver has seen.
     *
     * @param registers what the driver agreed on with the predecessor
     * @param configSize bytes of the predecessor's configuration space
     * @param model what the successor is
     * @param offer what it would offer in this slot
     * @return null if it can take over, else why not
     */
    static String refusal(SlotRegisters registers, int configSize, DeviceModel model, FeatureSet offer) {
        List<Integer> sizes = model.queueSizes();
        if (model.deviceId() != registers.deviceId()) {
            return "its device type is " + model.deviceId() + ", not " + registers.deviceId();
        }
        FeatureSet missing = registers.selected().minus(offer);
        if (missing.blocks() > 0) {
            return "it does not offer the negotiated features " + missing;
        }
        if (model.config().length != configSize) {
            return "its configuration has " + model.config().length + " bytes, not " + configSize;
        }
        if (sizes.size() < registers.queueCount()) {
            return "it has " + sizes.size() + " queues, not " + registers.queueCount();
        }
        for (int i = 0; i < registers.queueCount(); i++) {
            if (sizes.get(i) < registers.queue(i).size()) {
                return "its queue " + i + " has at most " + sizes.get(i) + " entries, and the driver uses "
                        + registers.queue(i).size();
            }
        }
        return null;
    }
}
