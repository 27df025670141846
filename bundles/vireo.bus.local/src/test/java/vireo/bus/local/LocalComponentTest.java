// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;
import vireo.bus.MessageBus;
import vireo.bus.SendResult;
import vireo.observe.CounterSet;

@Timeout(60)
class LocalComponentTest {

    /** What is registered now, in order. */
    private final List<Registered> registered = new ArrayList<>();
    private final List<LocalComponent> components = new ArrayList<>();
    private boolean foreignBus;
    private boolean stopping;

    private record Registered(Object service, Dictionary<?, ?> properties) {

        boolean isHalf(String role) {
            return service instanceof MessageBus && role.equals(properties.get(MessageBus.ROLE));
        }
    }

    @AfterEach
    void end() {
        components.forEach(LocalComponent::close);
        assertTrue(registered.isEmpty());
        assertEquals(0, Recorder.threads());
    }

    private <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private BundleContext context() {
        return fake(BundleContext.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "registerService" -> register(arguments[1], (Dictionary<?, ?>) arguments[2]);
            case "getServiceReferences" -> foreignBus ? List.of(foreign()) : List.of();
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private ServiceRegistration<?> register(Object service, Dictionary<?, ?> properties) {
        if (stopping && registered.size() == 2) {
            throw new IllegalStateException("the bundle is stopping");
        }
        Registered entry = new Registered(service, properties);
        registered.add(entry);
        return fake(ServiceRegistration.class, (proxy, method, arguments) -> {
            assertEquals("unregister", method.getName());
            assertTrue(registered.remove(entry));
            return null;
        });
    }

    private ServiceReference<?> foreign() {
        Bundle bundle = fake(Bundle.class, (proxy, method, arguments) -> "vireo.bus.amp");
        return fake(ServiceReference.class, (proxy, method, arguments) -> bundle);
    }

    private LocalComponent activate(String name) {
        LocalComponent component = new LocalComponent(context(), new HashMap<>(Map.of("bus.name", name)));
        components.add(component);
        return component;
    }

    private MessageBus half(String role) {
        return (MessageBus) registered.stream().filter(entry -> entry.isHalf(role)).findFirst().orElseThrow().service();
    }

    @Test
    void shouldRefuseNameThatAnotherConfigurationHas() {
        activate("lab");
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> activate("lab"));
        assertEquals("bus.name=lab will not do; another configuration of vireo.bus.local has a bus of that name on this "
                + "platform: choose another name, or remove the other bus", e.getMessage());
        activate("other");
        assertEquals(6, registered.size());
    }

    @Test
    void shouldRefuseNameThatAnotherKindOfBusHas() {
        foreignBus = true;
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> activate("lab"));
        assertTrue(e.getMessage().contains("bundle vireo.bus.amp has a bus of that name"), e.getMessage());
        foreignBus = false;
        activate("lab");
    }

    @Test
    void shouldFreeTheNameWhenItFailsOrIsClosed() {
        assertThrows(IllegalArgumentException.class, () -> new LocalComponent(context(),
                new HashMap<>(Map.of("bus.name", "lab", "queue.depth", "100"))));
        stopping = true;
        assertThrows(IllegalStateException.class, () -> activate("lab"));
        assertTrue(registered.isEmpty());
        stopping = false;
        for (int i = 0; i < 3; i++) {
            activate("lab").close();
            components.clear();
        }
    }

    @Test
    void shouldRegisterBothHalvesAndTheCounters() {
        activate("lab");
        assertEquals(1, registered.stream().filter(entry -> entry.service() instanceof CounterSet).count());
        registered.forEach(entry -> assertEquals("lab",
                entry.properties().get(entry.service() instanceof MessageBus ? MessageBus.NAME : "bus")));
        MessageBus device = half(MessageBus.ROLE_DEVICE);
        MessageBus driver = half(MessageBus.ROLE_DRIVER);
        Recorder atDevice = new Recorder();
        device.attach(atDevice);
        driver.attach(new Recorder());
        atDevice.awaitConnected();
        assertEquals(SendResult.SENT, atDevice.send(driver, 9));
        atDevice.await("message 9");
    }
}
