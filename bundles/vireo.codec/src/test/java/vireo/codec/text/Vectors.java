// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import vireo.bus.WireProfile;
import vireo.codec.Header;

/** The golden vectors. */
public final class Vectors {

    /** One case of a file. */
    public record Case(WireProfile profile, Map<String, Object> json) {

        public String name() {
            return (String) json.get("name");
        }

        public byte[] bytes() {
            return HexFormat.of().parseHex((String) json.get("hex"));
        }

        public Boolean valid() {
            return (Boolean) json.get("valid");
        }

        public String reason() {
            return (String) json.get("reason");
        }

        public int maxSize() {
            return json.get("max_size") instanceof Long max ? max.intValue() : Header.MAX_MESSAGE_SIZE;
        }

        @Override
        public String toString() {
            return profile + " " + name();
        }
    }

    private Vectors() {
    }

    public static Stream<Case> all() {
        return Stream.of(WireProfile.values()).flatMap(profile -> cases(profile).stream());
    }

    public static Stream<Case> valid() {
        return all().filter(c -> Boolean.TRUE.equals(c.valid()));
    }

    @SuppressWarnings("unchecked")
    private static List<Case> cases(WireProfile profile) {
        try (InputStreamReader in = new InputStreamReader(open(profile), StandardCharsets.UTF_8)) {
            Map<String, Object> file = (Map<String, Object>) new JsonReader(new TextSource(in)).value();
            return ((List<Map<String, Object>>) file.get("cases")).stream().map(c -> new Case(profile, c)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static InputStream open(WireProfile profile) {
        return Vectors.class.getResourceAsStream("/vectors/" + profile.name().toLowerCase(Locale.ROOT) + ".json");
    }
}
