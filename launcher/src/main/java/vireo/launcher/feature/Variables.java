// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.feature;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import vireo.launcher.LaunchException;
import vireo.launcher.config.JsonFile;

/** The variables of one feature: what its file says, overridden by what the launcher knows. */
final class Variables {

    private static final Pattern USE = Pattern.compile("\\$\\{([^}]*)}");

    private final Map<String, Object> values;

    Variables(Map<String, Object> declared, Map<String, String> given) {
        values = new HashMap<>(declared);
        values.putAll(given);
    }

    /** Replaces every use in a text, and leaves values that are no text alone. */
    Object replace(JsonFile file, String pid, Object value) throws LaunchException {
        if (!(value instanceof String text)) {
            return value;
        }
        Matcher use = USE.matcher(text);
        StringBuilder result = new StringBuilder();
        while (use.find()) {
            Object replacement = values.get(use.group(1));
            if (replacement == null) {
                throw file.wrong(pid, "uses the variable " + use.group() + ", which has no value; known are "
                        + String.join(", ", new TreeSet<>(values.keySet())));
            }
            use.appendReplacement(result, Matcher.quoteReplacement(replacement.toString()));
        }
        return use.appendTail(result).toString();
    }
}
