// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import vireo.api.block.BlockVolume;
import vireo.api.entropy.EntropySource;
import vireo.bus.BusInfo;
import vireo.observe.CounterSet;
import vireo.transport.BusView;
import vireo.transport.RemoteView;
import vireo.transport.SlotView;
import vireo.transport.TransportAdmin;

/** Everything on the platform that commands look at, and the answers when a name is wrong. */
@Component(service = Platform.class)
public final class Platform {

    @Reference
    private TransportAdmin admin;

    @Reference
    private Names names;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private final List<BlockVolume> volumes = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private final List<EntropySource> sources = new CopyOnWriteArrayList<>();

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    private final List<CounterSet> counters = new CopyOnWriteArrayList<>();

    TransportAdmin admin() {
        return admin;
    }

    Names names() {
        return names;
    }

    List<BlockVolume> volumes() {
        return List.copyOf(volumes);
    }

    List<CounterSet> counters() {
        return List.copyOf(counters);
    }

    BlockVolume volume(String name) {
        return pick("volume", name, volumes(), BlockVolume::name,
                "a volume appears when a block device is found on a driver-role bus; see 'vireo:remotes'");
    }

    EntropySource source(String name) {
        List<EntropySource> all = List.copyOf(sources);
        if (name == null && !all.isEmpty()) {
            return all.getFirst();
        }
        return pick("entropy source", name == null ? "" : name, all, EntropySource::name,
                "one appears when an entropy device is found on a driver-role bus; see 'vireo:remotes'");
    }

    List<String> busNames(BusInfo.Role role) {
        return admin.buses().stream().filter(bus -> role == null || bus.info().role() == role)
                .map(bus -> bus.info().name()).distinct().toList();
    }

    List<String> deviceNames() {
        return java.util.stream.Stream.concat(admin.slots().stream().map(SlotView::deviceName),
                admin.unplugged().stream().map(device -> device.deviceName())).distinct().sorted().toList();
    }

    List<BusView> buses() {
        return admin.buses();
    }

    List<RemoteView> remotes() {
        return admin.remotes();
    }

    /** Finds one thing by name, or says which names there are. */
    static <T> T pick(String kind, String name, List<T> all, Function<T, String> naming, String remedy) {
        return all.stream().filter(one -> naming.apply(one).equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no " + kind + " '" + name + "'; "
                        + (all.isEmpty() ? "there is none: " + remedy
                                : "there is " + String.join(", ", all.stream().map(naming).sorted().toList()))));
    }
}
