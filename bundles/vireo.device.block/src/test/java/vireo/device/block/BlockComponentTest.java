// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import vireo.device.FeatureSet;
import vireo.device.VirtioDevice;
import vireo.observe.Problem;
import vireo.wire.block.BlockFeature;

@Timeout(20)
class BlockComponentTest {

    @TempDir
    private Path folder;

    private final Map<Object, Dictionary<?, ?>> services = new ConcurrentHashMap<>();
    private final Map<String, Object> values = new HashMap<>();
    private BlockComponent component;

    @AfterEach
    void stop() {
        if (component != null) {
            component.stop();
        }
        assertTrue(services.isEmpty(), "services left behind");
        assertFalse(Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.getName().startsWith("vireo-image-")), "threads left behind");
    }

    private void start(Object... settings) {
        for (int i = 0; i < settings.length; i += 2) {
            values.put((String) settings[i], settings[i + 1]);
        }
        component = new BlockComponent(bundle(), config(), Map.of("service.pid", "vireo.device.block~a"));
    }

    private BlockConfig config() {
        return (BlockConfig) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BlockConfig.class},
                (proxy, method, args) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private BundleContext bundle() {
        return (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {BundleContext.class},
                (proxy, method, args) -> {
                    assertEquals("registerService", method.getName());
                    Dictionary<?, ?> properties = (Dictionary<?, ?>) args[2];
                    services.put(args[1], properties == null ? new java.util.Hashtable<>() : properties);
                    return registration(args[1]);
                });
    }

    private ServiceRegistration<?> registration(Object service) {
        return (ServiceRegistration<?>) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {ServiceRegistration.class}, (proxy, method, args) -> {
                    assertEquals("unregister", method.getName());
                    services.remove(service);
                    return null;
                });
    }

    private VirtioDevice device() {
        return services.keySet().stream().filter(VirtioDevice.class::isInstance).map(VirtioDevice.class::cast)
                .findFirst().orElse(null);
    }

    @Test
    void shouldShowTheProblemAndNoDeviceWhenTheConfigurationIsWrong() {
        assertEquals("path is missing; it has to name the image file", problemOf("path", ""));
        assertEquals("device.name is missing; give the device a name of its own",
                problemOf("path", "x.img", "device_name", ""));
        assertEquals("create.size=lots is no size; write one such as 64MiB or 1GiB",
                problemOf("path", "x.img", "device_name", "d", "create_size", "lots"));
        assertEquals("path is no path: Nul character not allowed: x?.img",
                problemOf("path", "x\0.img", "device_name", "d", "create_size", ""));
    }

    private String problemOf(Object... settings) {
        start(settings);
        assertNull(device());
        String reason = problem();
        component.stop();
        return reason;
    }

    /** The reason of the problem that is shown now, or null. */
    private String problem() {
        return services.keySet().stream().filter(Problem.class::isInstance).map(Problem.class::cast).map(Problem::reason)
                .findFirst().orElse(null);
    }

    @Test
    void shouldRegisterOnceTheImageIsThere() throws Exception {
        Path path = folder.resolve("late.img");
        start("path", path.toString(), "device_name", "late");
        assertNull(device());
        assertTrue(problem().contains("late.img does not exist"), problem());
        Files.write(path, new byte[512]);
        while (device() == null) {
            Thread.sleep(1);
        }
        assertNull(problem(), "a problem that is over is shown no more");
    }

    @Test
    void shouldEndAtOnceWhenStoppedWhileItsImageIsMissing() {
        start("path", folder.resolve("never.img").toString(), "device_name", "never");
        component.stop();
        component.stop();
    }

    @Test
    void shouldSayWhatItWantsInServiceProperties() throws IOException {
        Path path = Files.write(folder.resolve("a.img"), new byte[1024]);
        start("path", path.toString(), "device_name", "a", "bus_target", "(bus.name=amp0)", "device_number", 0,
                "grace_ms", 0L, "features_without", new String[] {"FLUSH", "EVENT_IDX"}, "read_only", true);
        Dictionary<?, ?> properties = services.get(device());
        assertEquals("a", properties.get(VirtioDevice.NAME));
        assertEquals("(bus.name=amp0)", properties.get(VirtioDevice.BUS_TARGET));
        assertEquals(0, properties.get(VirtioDevice.NUMBER));
        assertEquals(0L, properties.get(VirtioDevice.GRACE));
        assertEquals(2, ((String[]) properties.get(VirtioDevice.FEATURES_WITHOUT)).length);
        assertEquals("vireo.device.block~a", properties.get("service.pid"));
        assertFalse(device().model().features().has(BlockFeature.CONFIG_WCE));
        assertTrue(device().model().features().has(BlockFeature.RO));
        assertEquals(2, services.size());
    }

    @Test
    void shouldLeaveUnsaidWhatIsNotWanted() throws IOException {
        Path path = Files.write(folder.resolve("a.img"), new byte[1024]);
        start("path", path.toString(), "device_name", "a");
        Dictionary<?, ?> properties = services.get(device());
        assertNull(properties.get(VirtioDevice.BUS_TARGET));
        assertNull(properties.get(VirtioDevice.NUMBER));
        assertNull(properties.get(VirtioDevice.FEATURES_WITHOUT));
        assertEquals(3000L, properties.get(VirtioDevice.GRACE));
    }

    @Test
    void shouldTakeFeaturesByNameAndByNumber() {
        assertEquals(FeatureSet.of(BlockFeature.FLUSH, BlockFeature.MQ),
                BlockComponent.without(new String[] {" flush ", "12", "EVENT_IDX", "28", "99999", ""}));
    }
}
