// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.Reason;
import vireo.codec.Validator;

/** Takes received bytes apart. */
final class Decoder {

    private final Validator validator;
    private final Forms forms;

    Decoder(WireProfile profile, int maxMessageSize) {
        validator = new Validator(profile, maxMessageSize);
        forms = Forms.of(profile);
    }

    Decoded decode(byte[] bytes) {
        MemorySegment base = MemorySegment.ofArray(bytes);
        List<Reason> findings = validator.findings(base, 0, bytes.length);
        if (bytes.length < Header.BYTES) {
            return new Decoded(bytes, null, findings, null, null);
        }
        Decoded.Head head = head(base);
        if (!findings.stream().allMatch(Reason::open)) {
            return new Decoded(bytes, head, findings, null, null);
        }
        List<Field> fields = findings.contains(Reason.EVENT_AS_RESPONSE) ? eventFields(bytes, head)
                : fields(base, head.type(), head.messageId());
        Decoded decoded = new Decoded(bytes, head, findings, fields, null);
        return findings.isEmpty() ? withCanonical(decoded) : decoded;
    }

    private Decoded.Head head(MemorySegment base) {
        int type = Header.type(base, 0);
        int id = Header.messageId(base, 0);
        int token = Header.token(base, 0);
        return new Decoded.Head(direction(type, id, token), type, id, Header.deviceNumber(base, 0), token,
                Header.size(base, 0));
    }

    private String direction(int type, int id, int token) {
        if ((type & Header.RESPONSE) != 0) {
            return "response";
        }
        if (id < MessageIds.BUS_FIRST_SPECIFIC) {
            return id < MessageIds.FIRST_EVENT ? "request" : "event";
        }
        if (validator.profile() == WireProfile.V1) {
            return id < MessageIds.BUS_FIRST_SPECIFIC_EVENT ? "request" : "event";
        }
        if ((type & Header.BUS) == 0) {
            return null;
        }
        return token != 0 ? "request" : "event";
    }

    private List<Field> fields(MemorySegment base, int type, int messageId) {
        FieldSink sink = new FieldSink();
        forms.find(type, messageId).reader().read(base, sink);
        return sink.fields();
    }

    /** What an event with the response bit would say without it; null if that is not well-formed either. */
    private List<Field> eventFields(byte[] bytes, Decoded.Head head) {
        MemorySegment event = MemorySegment.ofArray(bytes.clone());
        int type = head.type() & ~Header.RESPONSE;
        Header.put(event, 0, type, head.messageId(), head.deviceNumber(), 0, head.size());
        return validator.check(event, 0, bytes.length) == Reason.OK ? fields(event, type, head.messageId()) : null;
    }

    private Decoded withCanonical(Decoded decoded) {
        Decoded.Head head = decoded.header();
        byte[] canonical = Encoder.write(forms.find(head.type(), head.messageId()), head.messageId(),
                head.deviceNumber(), head.token(), decoded.jsonFields());
        return Arrays.equals(canonical, decoded.bytes()) ? decoded
                : new Decoded(decoded.bytes(), head, decoded.findings(), decoded.fields(), canonical);
    }
}
