// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Map;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.Reason;
import vireo.codec.Validator;

/** Puts a message together from its JSON form. */
final class Encoder {

    private static final int MAX_16 = 0xffff;
    private static final int MAX_ID = 0xff;

    private final WireProfile profile;
    private final int maxMessageSize;

    Encoder(WireProfile profile, int maxMessageSize) {
        this.profile = profile;
        this.maxMessageSize = maxMessageSize;
    }

    /** Encodes a message; an {@link IllegalArgumentException} says what is wrong with its JSON form. */
    byte[] encode(Map<String, Object> message) {
        if (Boolean.FALSE.equals(message.get("valid"))) {
            throw new IllegalArgumentException("the message is one that was refused, \"reason\": "
                    + Quote.json(message.get("reason")) + ": leave it out, or set \"valid\" to true and correct it");
        }
        int messageId = messageId(message);
        Form form = form(message, messageId);
        boolean event = messageId >= MessageIds.FIRST_EVENT && messageId < MessageIds.BUS_FIRST_SPECIFIC;
        int device = form.isBus() && !message.containsKey("dev_num") ? 0 : number(message, "dev_num", MAX_16);
        int token = event && !message.containsKey("token") ? 0 : number(message, "token", MAX_16);
        byte[] bytes = write(form, messageId, device, token, fields(message));
        MemorySegment written = MemorySegment.ofArray(bytes);
        // A V1 receiver ignores what is not 0 here; what it received can be encoded again, with 0.
        boolean asGiven = Header.deviceNumber(written, 0) == device && Header.token(written, 0) == token;
        if (profile == WireProfile.RFC3 && !asGiven) {
            throw new IllegalArgumentException("\"dev_num\": " + device + " or \"token\": " + token
                    + " is not 0, as it is in every " + form.name() + ": set it to 0");
        }
        Reason reason = new Validator(profile, maxMessageSize).check(written, 0, bytes.length);
        if (reason.refused() && !reason.open()) {
            throw new IllegalArgumentException(
                    "a receiver would refuse the message: " + reason + ": correct the values");
        }
        return bytes;
    }

    /** Writes a message whose fields are complete. */
    static byte[] write(Form form, int messageId, int device, int token, Map<String, Object> fields) {
        byte[] buffer = new byte[Header.MAX_MESSAGE_SIZE];
        MemorySegment base = MemorySegment.ofArray(buffer);
        FieldSource source = new FieldSource(form.name() + (form.isResponse() ? " response" : ""), fields);
        form.writer().write(source, new Form.Target(base, device, token, messageId, form.isResponse()));
        source.finish();
        return Arrays.copyOf(buffer, Header.size(base, 0));
    }

    private int messageId(Map<String, Object> message) {
        if (message.get("message") instanceof String name && !name.equals("BUS_SPECIFIC")) {
            Form form = Forms.of(profile).find(name);
            if (form == null) {
                throw new IllegalArgumentException("\"message\": " + Quote.excerpt(name)
                        + " is not a message: give a name such as GET_CONFIG");
            }
            return form.messageId();
        }
        return number(message, "msg_id", MAX_ID);
    }

    private Form form(Map<String, Object> message, int messageId) {
        boolean bus = isBus(message);
        if (message.containsKey("msg_id") && number(message, "msg_id", MAX_ID) != messageId) {
            throw new IllegalArgumentException("\"msg_id\": " + Quote.json(message.get("msg_id")) + " is not that of "
                    + Quote.json(message.get("message")) + ", which is " + messageId + ": leave one of them out");
        }
        Form request = Forms.of(profile).find(bus ? Header.BUS : 0, messageId);
        Form response = Forms.of(profile).find((bus ? Header.BUS : 0) | Header.RESPONSE, messageId);
        if (request == null) {
            throw new IllegalArgumentException("\"msg_id\": " + messageId + " is not defined: give another");
        }
        Object direction = message.get("direction");
        if ("response".equals(direction) && response != null) {
            return response;
        }
        boolean event = messageId >= MessageIds.FIRST_EVENT;
        boolean specific = messageId >= MessageIds.BUS_FIRST_SPECIFIC;
        if ("request".equals(direction) && (!event || specific) || "event".equals(direction) && event
                || direction == null && event && !specific) {
            return request;
        }
        throw new IllegalArgumentException("\"direction\": " + Quote.json(direction) + " of " + request.name()
                + " does not exist: give " + (specific ? "request, response or event" : event ? "event"
                        : "request or response"));
    }

    private boolean isBus(Map<String, Object> message) {
        Object given = message.get("bus");
        Boolean known = message.get("message") instanceof String name && Forms.of(profile).find(name) != null
                ? Forms.of(profile).find(name).isBus() : null;
        if (given == null && known != null) {
            return known;
        }
        if (given instanceof Boolean bus && (known == null || known.equals(bus))) {
            return bus;
        }
        throw new IllegalArgumentException("\"bus\": " + Quote.json(given) + (known == null
                ? " does not tell the space of the id: give true or false"
                : " is not so for " + Quote.json(message.get("message")) + ": leave it out"));
    }

    private static int number(Map<String, Object> message, String key, int max) {
        if (message.get(key) instanceof Long number && number >= 0 && number <= max) {
            return number.intValue();
        }
        throw new IllegalArgumentException("\"" + key + "\": " + Quote.json(message.get(key))
                + " is not a number from 0 to " + max + ": give one");
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> fields(Map<String, Object> message) {
        Object fields = message.getOrDefault("fields", Map.of());
        if (fields instanceof Map<?, ?> map) {
            return (Map<String, Object>) map;
        }
        throw new IllegalArgumentException(
                "\"fields\": " + Quote.json(fields) + " is not an object: give {\"name\": value}");
    }
}
