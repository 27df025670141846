// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Values as JSON text. Everything outside printable ASCII is escaped, so that a terminal can take it. */
final class Quote {

    private static final int SHOWN = 60;

    private Quote() {
    }

    static String json(Object value) {
        StringBuilder out = new StringBuilder();
        append(out, value);
        return out.toString();
    }

    /** Text from outside in quotes, shortened, for an error message. */
    static String excerpt(String text) {
        return json(text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...");
    }

    static void append(StringBuilder out, Object value) {
        switch (value) {
            case String text -> text(out, text);
            case Map<?, ?> map -> {
                String separator = "{";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    text(out.append(separator), entry.getKey().toString());
                    append(out.append(": "), entry.getValue());
                    separator = ", ";
                }
                out.append(map.isEmpty() ? "{}" : "}");
            }
            case List<?> list -> {
                String separator = "[";
                for (Object element : list) {
                    append(out.append(separator), element);
                    separator = ", ";
                }
                out.append(list.isEmpty() ? "[]" : "]");
            }
            case null, default -> out.append(value);
        }
    }

    private static void text(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"', '\\' -> out.append('\\').append(c);
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> {
                    if (c < ' ' || c > '~') {
                        out.append("\\u").append(HexFormat.of().toHexDigits(c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
