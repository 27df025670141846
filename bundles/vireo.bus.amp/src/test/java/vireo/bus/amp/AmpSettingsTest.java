// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import vireo.bus.BusInfo;
import vireo.bus.WireProfile;

class AmpSettingsTest {

    @TempDir
    Path dir;

    private Map<String, Object> usual(String role) {
        return new HashMap<>(Map.of("bus.name", "amp0", "role", role, "dir", dir.toString(), "memory.trusted", true));
    }

    private String refusal(String key, Object value) {
        Map<String, Object> properties = usual("device");
        properties.put(key, value);
        return assertThrows(IllegalArgumentException.class, () -> AmpSettings.of(properties)).getMessage();
    }

    @ParameterizedTest
    @CsvSource({"role, host", "role, DEVICE", "layout, file", "slots, 1", "slots, 0", "slots, -5", "slots, many",
        "slots, 1048577", "create, yes", "wake, pipe", "wake.listen, 1", "memory.base, -1", "memory.base, 0x",
        "memory.base, 0x8000000000000000", "memory.size, 4095", "memory.size, 2T", "memory.size, 1GG", "memory.size, K",
        "memory.size, 99999999999999999999", "memory.low, -1", "memory.low.base, x", "memory.trusted, maybe", "ping, 0",
        "profile, rfc2", "poll.us, -1", "poll.us, 1000001", "max.devices, 0", "max.devices, 65537", "bus.name, a/b",
        "bus.name, -a", "bus.name, a b", "bus.name, (x)"})
    void shouldNameKeyValueAndRemedyWhenAValueWillNotDo(String key, String value) {
        String text = refusal(key, value);
        assertTrue(text.contains(key + "=" + value), text);
        assertTrue(text.contains("; give"), text);
    }

    @Test
    void shouldSayWhatIsMissing() {
        for (String key : Set.of("bus.name", "role")) {
            Map<String, Object> properties = usual("device");
            properties.put(key, "  ");
            String text = assertThrows(IllegalArgumentException.class, () -> AmpSettings.of(properties)).getMessage();
            assertTrue(text.startsWith(key + " is missing; "), text);
        }
        Map<String, Object> properties = usual("device");
        properties.remove("dir");
        String text = assertThrows(IllegalArgumentException.class, () -> AmpSettings.of(properties)).getMessage();
        assertTrue(text.contains("dir=DIRECTORY"), text);
    }

    @Test
    void shouldRefuseADirectoryThatDoesNotExist() {
        assertTrue(refusal("dir", dir.resolve("no")).contains("there is no such directory"));
        for (String key : Set.of("ring.driver", "ring.device", "wake.path", "memory.file")) {
            String text = refusal(key, dir.resolve("no/file"));
            assertTrue(text.contains(key + "=" + dir.resolve("no/file")), text);
            assertTrue(text.contains("directory does not exist"), text);
        }
    }

    @Test
    void shouldRefuseOneFileForBothRings() {
        String text = refusal("ring.device", dir.resolve("queue-amp0-driver"));
        assertTrue(text.contains("ring.driver names the same file"), text);
    }

    @Test
    void shouldRefuseMoreSlotsThanAPageHolds() {
        Map<String, Object> properties = usual("device");
        properties.put("layout", "window");
        properties.put("slots", 63);
        String text = assertThrows(IllegalArgumentException.class, () -> AmpSettings.of(properties)).getMessage();
        assertTrue(text.contains("slots=63") && text.contains("2..62"), text);
    }

    @Test
    void shouldRefuseASocketPathThatTheKernelCannotHold() {
        String text = refusal("wake.path", dir + "/" + "x".repeat(108));
        assertTrue(text.contains("at most 107 bytes"), text);
    }

    @Test
    void shouldNeedOnlyFourKeysOnBothSides() {
        AmpSettings device = AmpSettings.of(usual("device"));
        AmpSettings driver = AmpSettings.of(usual("driver"));
        assertEquals(device.rings(), driver.rings());
        assertEquals(device.memory(), driver.memory());
        assertEquals(device.wake().path(), driver.wake().path());
        assertTrue(device.wake().listen() && device.create());
        assertFalse(driver.wake().listen() || driver.create());
        assertEquals(new AmpSettings.Rings(AmpLayout.FILES, dir.resolve("queue-amp0-driver"),
                dir.resolve("queue-amp0-device"), 4096), device.rings());
        assertEquals(BusInfo.Role.DRIVER, driver.role());
        assertEquals(WireProfile.RFC3, device.profile());
        assertTrue(device.ping());
        assertEquals(50_000, device.pollNanos());
        assertEquals(256, device.maxDevices());
    }

    @Test
    void shouldTakeEveryValueFromTextAsFromTypes() {
        Map<String, Object> typed = usual("driver");
        typed.putAll(Map.of("layout", "page-pair", "slots", 10, "create", true, "wake", "eventfd", "wake.listen", true,
                "memory.base", 1L << 32, "memory.size", 1 << 20, "ping", false, "profile", "v1"));
        typed.put("max.devices", 3);
        Map<String, Object> text = usual("driver");
        text.putAll(Map.of("layout", "page-pair", "slots", "10", "create", "true", "wake", "eventfd",
                "wake.listen", "TRUE", "memory.base", "0x100000000", "memory.size", "1M", "ping", "false",
                "profile", "v1"));
        text.put("max.devices", " 3 ");
        AmpSettings settings = AmpSettings.of(typed);
        assertEquals(settings, AmpSettings.of(text));
        assertEquals(AmpLayout.PAGE_PAIR, settings.rings().layout());
        assertEquals(AmpSettings.WakeKind.EVENTFD, settings.wake().kind());
        assertEquals(1L << 32, settings.memory().base());
        assertEquals(WireProfile.V1, settings.profile());
        assertEquals(dir.resolve("area-amp0"), settings.rings().driver());
    }

    /**
     * The Metatype description is what people read; a key there that nothing reads, or the reverse, would mislead them.
     */
    @Test
    void shouldReadExactlyTheKeysThatTheDescriptionHas() {
        Set<String> described = new TreeSet<>();
        Map<String, Object> defaults = new HashMap<>();
        for (Method method : AmpConfig.class.getDeclaredMethods()) {
            String key = method.getName().replace('_', '.');
            described.add(key);
            if (method.getDefaultValue() != null) {
                defaults.put(key, method.getDefaultValue());
            }
        }
        described.remove("PID");
        Set<String> read = new TreeSet<>();
        for (String layout : Set.of("files", "window")) {
            Map<String, Object> properties = new HashMap<>(defaults) {
                private static final long serialVersionUID = 1L;

                @Override
                public Object get(Object key) {
                    read.add((String) key);
                    return super.get(key);
                }
            };
            properties.putAll(usual("device"));
            properties.put("layout", layout);
            properties.put("memory.size", "1M");
            AmpSettings.of(properties);
        }
        assertEquals(described, read);
    }

    @Test
    void shouldMeanTheSameWhenDefaultsAreWrittenOut() {
        Map<String, Object> properties = usual("device");
        Arrays.stream(AmpConfig.class.getDeclaredMethods()).filter(method -> method.getDefaultValue() != null)
                .forEach(method ->
                        properties.putIfAbsent(method.getName().replace('_', '.'), method.getDefaultValue()));
        assertEquals(AmpSettings.of(usual("device")), AmpSettings.of(properties));
    }
}
