// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import vireo.memory.ByteSize;

/**
 * Reads the properties of a configuration, whichever types they came in: JSON numbers and booleans, or the text of a
 * .cfg file. A value that will not do gives an IllegalArgumentException with its key, itself, and what would do.
 */
final class Values {

    private final Map<String, ?> properties;

    Values(Map<String, ?> properties) {
        this.properties = properties;
    }

    boolean has(String key) {
        return !text(key, "").isEmpty();
    }

    String text(String key, String otherwise) {
        Object value = properties.get(key);
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? otherwise : text;
    }

    String required(String key, String remedy) {
        String text = text(key, "");
        if (text.isEmpty()) {
            throw new IllegalArgumentException(key + " is missing; " + remedy);
        }
        return text;
    }

    boolean flag(String key, boolean otherwise) {
        String text = text(key, Boolean.toString(otherwise));
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, text, "give true or false");
        };
    }

    <E> E choice(String key, E otherwise, E[] choices, Function<E, String> name) {
        String text = text(key, otherwise == null ? "" : name.apply(otherwise));
        List<String> names = Arrays.stream(choices).map(name).toList();
        int index = names.indexOf(text);
        if (index < 0) {
            throw wrong(key, text, "give one of " + String.join(", ", names));
        }
        return choices[index];
    }

    int number(String key, int otherwise, int least, int most) {
        return (int) size(key, otherwise, least, most);
    }

    /** Reads a number that may be hexadecimal with 0x in front, or end in a binary unit. */
    long size(String key, long otherwise, long least, long most) {
        String text = text(key, Long.toString(otherwise));
        long value;
        try {
            value = ByteSize.parse(text);
        } catch (NumberFormatException e) {
            throw wrong(key, text, "give a number such as 4096, 0x1000, 64M or 1GiB");
        }
        if (value < least || value > most) {
            throw wrong(key, text, "give a number in " + least + ".." + most);
        }
        return value;
    }

    Path path(String key, Path otherwise) {
        String text = text(key, "");
        try {
            return text.isEmpty() ? otherwise : Path.of(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw wrong(key, text, "give a path of this system: " + e.getReason());
        }
    }

    static IllegalArgumentException wrong(String key, Object value, String remedy) {
        return new IllegalArgumentException(key + "=" + value + " will not do; " + remedy);
    }
}
