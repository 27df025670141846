// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one JSON value: an object becomes a Map in the order of its keys, an array a List, a whole number a Long, any
 * other number a Double. Small on purpose, so that the codec needs no library; strict, and bounded in depth.
 */
final class JsonReader {

    private static final int MAX_DEPTH = 16;
    private static final int MAX_NUMBER = 40;
    /** Several times what the largest message takes in hexadecimal. */
    private static final int MAX_STRING = 1 << 20;

    private final TextSource in;
    private final Map<Object, Integer> lines = new IdentityHashMap<>();

    JsonReader(TextSource in) {
        this.in = in;
    }

    /** Reads a value; an {@link IllegalArgumentException} says where it goes wrong. */
    Object value() throws IOException {
        return value(0);
    }

    /** The line in which an object starts that this reader has read. */
    int lineOf(Object object) {
        return lines.get(object);
    }

    private Object value(int depth) throws IOException {
        if (depth > MAX_DEPTH) {
            throw wrong("values are nested more than " + MAX_DEPTH + " deep");
        }
        int c = in.skipWhite();
        return switch (c) {
            case '{' -> object(depth);
            case '[' -> array(depth);
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object(int depth) throws IOException {
        Map<String, Object> map = new LinkedHashMap<>();
        lines.put(map, in.line());
        in.read();
        if (in.skipWhite() == '}') {
            in.read();
            return map;
        }
        do {
            if (in.skipWhite() != '"') {
                throw wrong("a key in quotes is missing");
            }
            String key = string();
            if (in.skipWhite() != ':') {
                throw wrong("a colon is missing after the key " + Quote.excerpt(key));
            }
            in.read();
            if (map.containsKey(key)) {
                throw wrong("the key " + Quote.excerpt(key) + " is given twice");
            }
            map.put(key, value(depth + 1));
        } while (another('}'));
        return map;
    }

    private List<Object> array(int depth) throws IOException {
        List<Object> list = new ArrayList<>();
        in.read();
        if (in.skipWhite() == ']') {
            in.read();
            return list;
        }
        do {
            list.add(value(depth + 1));
        } while (another(']'));
        return list;
    }

    private boolean another(char end) throws IOException {
        int c = in.skipWhite();
        if (c != ',' && c != end) {
            throw wrong("a comma or " + end + " is missing");
        }
        in.read();
        return c == ',';
    }

    private String string() throws IOException {
        StringBuilder text = new StringBuilder();
        in.read();
        for (int c = in.read(); c != '"'; c = in.read()) {
            if (c < ' ') {
                throw wrong("a string does not end in its line");
            }
            if (text.length() == MAX_STRING) {
                throw wrong("a string is longer than " + MAX_STRING + " characters");
            }
            text.append(c == '\\' ? escape() : (char) c);
        }
        return text.toString();
    }

    private char escape() throws IOException {
        int c = in.read();
        return switch (c) {
            case '"', '\\', '/' -> (char) c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                int code = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(in.read(), 16);
                    if (digit < 0) {
                        throw wrong("four hexadecimal digits are missing after \\u");
                    }
                    code = code << 4 | digit;
                }
                yield (char) code;
            }
            default -> throw wrong("a backslash stands before something that is not an escape");
        };
    }

    private Object word(String word, Object value) throws IOException {
        for (int i = 0; i < word.length(); i++) {
            if (in.read() != word.charAt(i)) {
                throw wrong("only true, false and null need no quotes");
            }
        }
        return value;
    }

    private Object number() throws IOException {
        StringBuilder digits = new StringBuilder();
        while (digits.length() < MAX_NUMBER && "+-0123456789.eE".indexOf(in.peek()) >= 0) {
            digits.append((char) in.read());
        }
        String text = digits.toString();
        if (!text.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw wrong(text.isEmpty() ? "a value is missing" : Quote.excerpt(text) + " is not a number");
        }
        try {
            return text.matches("-?[0-9]+") ? (Object) Long.valueOf(text) : (Object) Double.valueOf(text);
        } catch (NumberFormatException e) {
            throw wrong(Quote.excerpt(text) + " is too large");
        }
    }

    private IllegalArgumentException wrong(String what) {
        return new IllegalArgumentException("not JSON at line " + in.line() + ", column " + in.column() + ": " + what);
    }
}
