// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Service properties as people write them: numbers may come as text, and text may be empty. */
final class Properties {
    private Properties() {
    }

    static String text(Map<String, ?> from, String key) {
        Object value = from.get(key);
        String text = value == null ? "" : value.toString().trim();
        return text.isEmpty() ? null : text;
    }

    /**
     * Reads a number.
     *
     * @throws IllegalArgumentException if it is there and is none
     */
    static long number(Map<String, ?> from, String key, long otherwise) {
        Object value = from.get(key);
        if (value instanceof Number number) {
            return number.longValue();
        }
        String text = text(from, key);
        try {
            return text == null ? otherwise : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(key + "=" + text + " is not a number");
        }
    }

    /** Reads one or more words, however they are put together. */
    static List<String> words(Map<String, ?> from, String key) {
        Object value = from.get(key);
        List<String> words = new ArrayList<>();
        if (value instanceof String[] array) {
            words.addAll(Arrays.asList(array));
        } else if (value instanceof Collection<?> many) {
            many.forEach(one -> words.add(String.valueOf(one)));
        } else if (value != null) {
            words.addAll(Arrays.asList(value.toString().split("[,\\s]+")));
        }
        words.removeIf(String::isBlank);
        return words;
    }
}
