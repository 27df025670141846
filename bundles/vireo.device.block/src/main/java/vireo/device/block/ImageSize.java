// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: a number of bytes, or one with a binary unit. */
final class ImageSize {

    private static final Pattern FORM = Pattern.compile("(\\d{1,18})\\s*(?:B|([KMGT])(?:iB)?)?",
            Pattern.CASE_INSENSITIVE);

    private ImageSize() {
    }

    /**
     * Reads a size.
     *
     * @param text such as {@code 64MiB}, {@code 64M} or {@code 67108864}; blank for 0
     * @throws IllegalArgumentException if it is no size, or too large a one
     */
    static long parse(String text) {
        if (text.isBlank()) {
            return 0;
        }
        Matcher matcher = FORM.matcher(text.strip());
        if (matcher.matches()) {
            String unit = matcher.group(2);
            int shift = unit == null ? 0 : 10 * ("KMGT".indexOf(unit.toUpperCase(Locale.ROOT)) + 1);
            long number = Long.parseLong(matcher.group(1));
            if (number <= Long.MAX_VALUE >> shift) {
                return number << shift;
            }
        }
        throw new IllegalArgumentException("create.size=" + text + " is no size; write one such as 64MiB or 1GiB");
    }
}
