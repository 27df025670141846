// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import vireo.bus.WireProfile;
import vireo.codec.Reason;

/** Messages as JSON objects, both ways; the package description has the schema. Immutable and thread-safe. */
public final class MessageJson {

    private final WireProfile profile;
    private final int maxMessageSize;

    /**
     * Makes a converter.
     *
     * @param profile wire layout
     * @param maxMessageSize largest message in bytes, header included, 8 or more; 65535 for no limit
     */
    public MessageJson(WireProfile profile, int maxMessageSize) {
        this.profile = Objects.requireNonNull(profile, "profile");
        this.maxMessageSize = maxMessageSize;
    }

    /**
     * Takes received bytes apart.
     *
     * @param received any bytes, padding included
     * @return a JSON object in one line
     */
    public String decode(byte[] received) {
        return Quote.json(describe(received, Map.of()));
    }

    /**
     * Puts a message together.
     *
     * @param json a JSON object as {@link #decode} gives; {@code message} or {@code msg_id}, and {@code direction},
     *        {@code dev_num}, {@code token} and {@code fields} are used, and may be left out where obvious
     * @return the message
     * @throws IllegalArgumentException if that makes no message; says what is wrong, and the remedy
     */
    public byte[] encode(String json) {
        TextSource source = new TextSource(new StringReader(json));
        try {
            Object value = new JsonReader(source).value();
            if (source.skipWhite() != TextSource.END) {
                throw new IllegalArgumentException("something follows the JSON object at line " + source.line()
                        + ", column " + (source.column() + 1) + ": give one object only");
            }
            return encode(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts a message together from a value that a JSON reader gave. */
    @SuppressWarnings("unchecked")
    byte[] encode(Object value) {
        if (value instanceof Map<?, ?> message) {
            return new Encoder(profile, maxMessageSize).encode((Map<String, Object>) message);
        }
        throw new IllegalArgumentException(Quote.json(value) + " is not a JSON object: give {\"message\": ...}");
    }

    /** Takes received bytes apart; {@code given} is what an input object says of them. */
    Map<String, Object> describe(byte[] received, Map<String, Object> given) {
        Decoded decoded = new Decoder(profile, maxMessageSize).decode(received);
        Map<String, Object> out = new LinkedHashMap<>();
        pass(given, out, "name");
        out.put("hex", HexFormat.of().formatHex(received));
        out.put("valid", leftOpen(decoded, given) ? null : (Boolean) decoded.accepted());
        List<Reason> findings = decoded.findings();
        if (!findings.isEmpty()) {
            out.put("reason", findings.getFirst().name());
        }
        if (findings.size() > 1) {
            out.put("also", findings.stream().skip(1).map(Reason::name).toList());
        }
        header(decoded.header(), out);
        pass(given, out, "max_size");
        if (decoded.fields() != null) {
            out.put("fields", decoded.jsonFields());
        }
        if (decoded.canonical() != null) {
            out.put("canonical_hex", HexFormat.of().formatHex(decoded.canonical()));
        }
        pass(given, out, "note");
        return out;
    }

    /** Whether the input says that a question is open, and it is the one that was found. */
    private static boolean leftOpen(Decoded decoded, Map<String, Object> given) {
        return given.containsKey("valid") && given.get("valid") == null && !decoded.findings().isEmpty()
                && decoded.findings().getFirst().open()
                && decoded.findings().getFirst().name().equals(given.get("reason"));
    }

    private static void pass(Map<String, Object> given, Map<String, Object> out, String key) {
        if (given.containsKey(key)) {
            out.put(key, given.get(key));
        }
    }

    private static void header(Decoded.Head head, Map<String, Object> out) {
        out.put("direction", head == null ? null : head.direction());
        out.put("bus", head == null ? null : (Boolean) head.isBus());
        out.put("msg_id", head == null ? null : (Integer) head.messageId());
        out.put("message", head == null ? null : head.name());
        out.put("dev_num", head == null ? null : (Integer) head.deviceNumber());
        out.put("token", head == null ? null : (Integer) head.token());
        out.put("msg_size", head == null ? null : (Integer) head.size());
    }
}
