// SPDX-License-Identifier: Apache-2.0
package acme.bus.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import vireo.bus.BusInfo;
import vireo.bus.MessageBus;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryRegion;

/** Offers both halves of one loop bus, named {@code acme}, while the bundle is active. */
public final class Activator implements BundleActivator {

    private static final String BUS = "acme";
    private static final long BASE = 0x1000_0000L;
    private static final long SIZE = 4 << 20;

    private final List<ServiceRegistration<?>> halves = new ArrayList<>();
    private GuestMemory memory;

    @Override
    public void start(BundleContext context) {
        Arena arena = Arena.ofShared();
        MemorySegment segment = arena.allocate(SIZE, 4096);
        memory = GuestMemory.mapped();
        memory.publish(List.of(new MemoryRegion(BASE, segment)), arena::close);
        LoopHalf device = new LoopHalf(BUS, BusInfo.Role.DEVICE, memory);
        LoopHalf driver = new LoopHalf(BUS, BusInfo.Role.DRIVER, memory);
        device.join(driver);
        register(context, device, MessageBus.ROLE_DEVICE);
        register(context, driver, MessageBus.ROLE_DRIVER);
    }

    private void register(BundleContext context, MessageBus bus, String role) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put(MessageBus.NAME, BUS);
        properties.put(MessageBus.ROLE, role);
        halves.add(context.registerService(MessageBus.class, bus, properties));
    }

    @Override
    public void stop(BundleContext context) {
        // The driver's half goes first, while the device can still answer; the memory goes when nobody uses it any more.
        halves.reversed().forEach(ServiceRegistration::unregister);
        halves.clear();
        memory.close();
    }
}
