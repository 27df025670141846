// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.Reason;

/**
 * What there is to say about received bytes.
 *
 * @param bytes what was received, padding included
 * @param header the header, or null if fewer than 8 bytes were received
 * @param findings rules broken, or else questions left open
 * @param fields the payload fields, or null if a rule is broken
 * @param canonical what encoding the fields gives, or null if that is the same or a finding stands in the way
 */
record Decoded(byte[] bytes, Head header, List<Reason> findings, List<Field> fields, byte[] canonical) {

    /**
     * A header as received.
     *
     * @param direction request, response or event, or null if the id does not tell
     * @param type type bits of {@link Header}
     * @param messageId message id
     * @param deviceNumber device number
     * @param token token
     * @param size msg_size
     */
    record Head(String direction, int type, int messageId, int deviceNumber, int token, int size) {

        boolean isBus() {
            return (type & Header.BUS) != 0;
        }

        boolean isResponse() {
            return (type & Header.RESPONSE) != 0;
        }

        String name() {
            return MessageIds.name(isBus(), messageId);
        }
    }

    boolean accepted() {
        return findings.isEmpty() || !findings.getFirst().refused();
    }

    Map<String, Object> jsonFields() {
        Map<String, Object> values = new LinkedHashMap<>();
        for (Field field : fields) {
            values.put(field.name(), field.json());
        }
        return values;
    }
}
