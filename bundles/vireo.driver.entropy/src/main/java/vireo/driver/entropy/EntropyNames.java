// SPDX-License-Identifier: Apache-2.0
package vireo.driver.entropy;

import org.osgi.service.component.annotations.Component;
import vireo.observe.DeviceTypeNames;

/**
 * Lets the platform show entropy devices by name. The device bundle has the same, as either may be there alone; both
 * say the same of the type.
 */
@Component(property = "device.id:Integer=4")
public final class EntropyNames implements DeviceTypeNames {

    @Override
    public int deviceId() {
        return 4;
    }

    @Override
    public String typeName() {
        return "entropy";
    }

    @Override
    public String featureName(int bit) {
        return null;
    }
}
