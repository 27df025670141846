// SPDX-License-Identifier: Apache-2.0
package vireo.memory;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes and addresses as people write them in configurations. */
public final class ByteSize {

    // A b at the end of a hexadecimal number is a digit and no unit.
    private static final Pattern FORM = Pattern.compile("(?:0x([0-9a-f]{1,16})|(\\d{1,19}))\\s*(?:b|([kmgt])(?:ib)?)?");
    private static final String UNITS = "kmgt";

    private ByteSize() {
    }

    /**
     * Reads a size or an address.
     *
     * @param text a decimal number, or a hexadecimal one with 0x in front, either with a binary unit behind it if wanted:
     *        {@code 4096}, {@code 0x40000000}, {@code 64M}, {@code 64 MiB}; upper and lower case are the same
     * @return the number of bytes, not negative
     * @throws NumberFormatException if it is no such number, or larger than a long
     */
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text.strip().toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new NumberFormatException("no size: " + text);
        }
        long number = matcher.group(1) != null ? Long.parseLong(matcher.group(1), 16) : Long.parseLong(matcher.group(2));
        int shift = matcher.group(3) == null ? 0 : 10 * (UNITS.indexOf(matcher.group(3)) + 1);
        if (number > Long.MAX_VALUE >> shift) {
            throw new NumberFormatException("too large a size: " + text);
        }
        return number << shift;
    }
}
