// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import vireo.bus.MessageBus;
import vireo.observe.CounterSet;

/** What a configuration becomes; the registry is a list here, and a real framework has its own tests. */
@Timeout(20)
class AmpComponentTest {

    @TempDir
    Path dir;

    /** A service that was registered and not taken back. */
    private record Service(Class<?> type, Object object, Dictionary<String, ?> properties) {
    }

    private final List<Service> services = new ArrayList<>();
    private String lookedFor;
    private boolean other;

    private final BundleContext context = (BundleContext) Proxy.newProxyInstance(getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class}, (proxy, method, args) -> switch (method.getName()) {
                case "registerService" -> register((Class<?>) args[0], args[1], (Dictionary<?, ?>) args[2]);
                case "getServiceReferences" -> {
                    lookedFor = (String) args[1];
                    yield other ? List.of("one") : List.of();
                }
                default -> throw new UnsupportedOperationException(method.toString());
            });

    @SuppressWarnings("unchecked")
    private Object register(Class<?> type, Object object, Dictionary<?, ?> properties) {
        Service service = new Service(type, object, (Dictionary<String, ?>) properties);
        services.add(service);
        return Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {ServiceRegistration.class},
                (proxy, method, args) -> {
                    assertEquals("unregister", method.getName());
                    assertTrue(services.remove(service));
                    return null;
                });
    }

    private AmpComponent start(Object... more) throws IOException {
        return new AmpComponent(context, Bench.config(dir, "device", more));
    }

    @Test
    void shouldRegisterBusAndCountersWhileItIsOpen() throws Exception {
        AmpComponent component = start("service.pid", "vireo.bus.amp~a", "service.ranking", 7);
        assertEquals(List.of(CounterSet.class, MessageBus.class),
                services.stream().<Object>map(Service::type).toList());
        Dictionary<String, ?> properties = services.getLast().properties();
        assertEquals("amp0", properties.get(MessageBus.NAME));
        assertEquals(MessageBus.ROLE_DEVICE, properties.get(MessageBus.ROLE));
        assertEquals(7, properties.get("service.ranking"));
        MessageBus bus = (MessageBus) services.getLast().object();
        assertEquals("amp0", bus.info().name());
        component.close();
        assertTrue(services.isEmpty());
        assertEquals(-1, bus.memory().generation(), "closed");
        assertEquals("(&(bus.name=amp0)(role=device))", lookedFor);
    }

    @Test
    void shouldRefuseANameThatIsTakenByThisKindOfBus() throws Exception {
        AmpComponent first = start();
        String text = assertThrows(IllegalArgumentException.class, this::start).getMessage();
        assertTrue(text.contains("bus.name=amp0") && text.contains("role=device"), text);
        assertTrue(text.contains("choose another name"), text);
        assertEquals(2, services.size(), "the first is undisturbed");
        AmpComponent driver = new AmpComponent(context, Bench.config(dir, "driver"));
        driver.close();
        first.close();
        start().close();
    }

    @Test
    void shouldRefuseANameThatIsTakenByAnotherKindOfBus() throws Exception {
        other = true;
        assertThrows(IllegalArgumentException.class, this::start);
        other = false;
        start().close();
    }

    @Test
    void shouldLeaveNothingBehindWhenItCannotStart() throws Exception {
        int descriptors = Bench.descriptors();
        Files.write(dir.resolve("queue-amp0-device"), new byte[10]);
        for (int i = 0; i < 20; i++) {
            String text = assertThrows(IOException.class, this::start).getMessage();
            assertTrue(text.contains("queue-amp0-device") && text.contains("10 bytes"), text);
        }
        assertThrows(IllegalArgumentException.class, () -> start("slots", "x"));
        assertTrue(services.isEmpty());
        assertEquals(descriptors, Bench.descriptors());
        Files.delete(dir.resolve("queue-amp0-device"));
        start().close();
    }
}
