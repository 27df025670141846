// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import vireo.api.block.BlockVolume;
import vireo.driver.RemoteDevice;
import vireo.observe.CounterSet;

/** Makes a volume of every block device that a bus shows. */
@Component(configurationPid = "vireo.driver.block", immediate = true, service = {})
@Designate(ocd = BlockDriverConfig.class)
public final class BlockDriverComponent {

    private final BundleContext bundle;
    private final VolumeOptions options;
    private final Map<RemoteDevice, VolumeBinding> bindings = new ConcurrentHashMap<>();

    /**
     * Made by Declarative Services.
     *
     * @param bundle where volumes are registered
     * @param config the configuration
     */
    @Activate
    public BlockDriverComponent(BundleContext bundle, BlockDriverConfig config) {
        this.bundle = bundle;
        this.options = VolumeOptions.of(config);
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC,
            target = "(" + RemoteDevice.DEVICE_ID + "=2)")
    void addDevice(RemoteDevice device) {
        VolumeBinding binding = new VolumeBinding(device, options, this::publish);
        bindings.put(device, binding);
        binding.start();
    }

    void removeDevice(RemoteDevice device) {
        VolumeBinding binding = bindings.remove(device);
        if (binding != null) {
            binding.close();
        }
    }

    @Deactivate
    void stop() {
        // All at once first, so that one device that does not answer costs the others nothing.
        bindings.values().forEach(binding -> binding.stop("the block driver was stopped"));
        bindings.keySet().forEach(this::removeDevice);
    }

    private Runnable publish(RemoteVolume volume) {
        int slash = volume.name().lastIndexOf('/');
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(BlockVolume.NAME, volume.name());
        properties.put(RemoteDevice.BUS_NAME, volume.name().substring(0, slash));
        properties.put(RemoteDevice.NUMBER, Integer.valueOf(volume.name().substring(slash + 1)));
        ServiceRegistration<?> service = bundle.registerService(BlockVolume.class, volume, properties);
        ServiceRegistration<?> counters = bundle.registerService(CounterSet.class, volume.counters(), null);
        return () -> {
            unregister(service);
            unregister(counters);
        };
    }

    private static void unregister(ServiceRegistration<?> registration) {
        try {
            registration.unregister();
        } catch (IllegalStateException alreadyGone) {
            // The bundle was stopped meanwhile, which unregisters as well.
            return;
        }
    }
}
