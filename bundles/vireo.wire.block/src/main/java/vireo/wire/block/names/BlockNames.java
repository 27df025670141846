// SPDX-License-Identifier: Apache-2.0
package vireo.wire.block.names;

import org.osgi.service.component.annotations.Component;
import vireo.observe.DeviceTypeNames;
import vireo.wire.block.BlockFeature;
import vireo.wire.block.BlockLayout;

/** Lets the platform show block devices and their features by name. */
@Component(property = "device.id:Integer=2")
public final class BlockNames implements DeviceTypeNames {

    /** Made by Declarative Services. */
    public BlockNames() {
    }

    @Override
    public int deviceId() {
        return BlockLayout.DEVICE_ID;
    }

    @Override
    public String typeName() {
        return "block";
    }

    @Override
    public String featureName(int bit) {
        return BlockFeature.name(bit);
    }
}
