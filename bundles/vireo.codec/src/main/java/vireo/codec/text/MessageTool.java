// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import vireo.bus.WireProfile;
import vireo.codec.Header;

/**
 * What is behind {@code vireo decode} and {@code vireo encode}: text in, text out, and an exit status of sysexits.
 *
 * <p>Input for {@code decode} is one message per line in hexadecimal, spaces allowed; or JSON objects with a
 * {@code hex} of their own, and {@code name}, {@code note}, {@code max_size} if they like; or a whole file of golden
 * vectors, whose {@code profile} then holds unless one is asked for. Output is a line per message. Input for
 * {@code encode} is JSON objects or such a file; output is a line of hexadecimal per message. Empty lines and lines
 * that start with {@code #} are skipped. A line that cannot be used is reported with its number, and the rest goes on.
 */
public final class MessageTool {

    /** Exit status: all input was used. A refused message is no failure. */
    public static final int OK = 0;
    /** Exit status: some input could not be used. */
    public static final int DATA_ERROR = 65;
    /** Exit status: reading or writing failed. */
    public static final int IO_ERROR = 74;

    private static final int MAX_LINE = 1 << 20;

    /**
     * What the user asked for.
     *
     * @param profile wire layout, or null for that of the file, else RFC3
     * @param maxSize bus maximum for input that names none, header included, 8 or more; 0 for no limit
     * @param json true for JSON objects, false for printed lines; only for decoding
     * @param source what to call the input in errors, such as a file name
     */
    public record Options(WireProfile profile, int maxSize, boolean json, String source) {

        /**
         * Checks the values.
         *
         * @throws IllegalArgumentException if the maximum is too small for any message
         */
        public Options {
            Objects.requireNonNull(source, "source");
            if (maxSize != 0 && maxSize < Header.BYTES) {
                throw new IllegalArgumentException("max-size=" + maxSize + " is less than a header: give "
                        + Header.BYTES + " or more");
            }
        }
    }

    /** Turns one item of the input into one line of output. */
    private interface Converter {
        String convert(Item item);
    }

    /** A line of the input, or an object in it. */
    private record Item(String text, Map<String, Object> json, WireProfile profile) {
    }

    private final Options options;
    private final TextSource in;
    private final PrintStream out;
    private final PrintStream err;
    private boolean failed;

    private MessageTool(Options options, Reader in, PrintStream out, PrintStream err) {
        this.options = options;
        this.in = new TextSource(in);
        this.out = out;
        this.err = err;
    }

    /**
     * Explains messages.
     *
     * @param options what the user asked for
     * @param in the messages; not closed
     * @param out receives a line per message
     * @param err receives a line per input that could not be used
     * @return {@link #OK}, {@link #DATA_ERROR} or {@link #IO_ERROR}
     */
    public static int decode(Options options, Reader in, PrintStream out, PrintStream err) {
        MessageTool tool = new MessageTool(options, in, out, err);
        return tool.run(tool::decode);
    }

    /**
     * Puts messages together.
     *
     * @param options what the user asked for
     * @param in the JSON objects; not closed
     * @param out receives a line of hexadecimal per message
     * @param err receives a line per input that could not be used
     * @return {@link #OK}, {@link #DATA_ERROR} or {@link #IO_ERROR}
     */
    public static int encode(Options options, Reader in, PrintStream out, PrintStream err) {
        MessageTool tool = new MessageTool(options, in, out, err);
        return tool.run(tool::encode);
    }

    private int run(Converter converter) {
        try {
            for (int c = in.skipWhite(); c != TextSource.END; c = in.skipWhite()) {
                if (c == '#') {
                    in.restOfLine(0);
                } else if (c == '{') {
                    object(converter);
                } else {
                    int line = in.line();
                    convert(converter, line, new Item(in.restOfLine(MAX_LINE).strip(), null, null));
                }
                if (out.checkError()) {
                    return IO_ERROR;
                }
            }
            return failed ? DATA_ERROR : OK;
        } catch (IOException e) {
            report(in.line(), "cannot be read: " + e.getMessage());
            return IO_ERROR;
        }
    }

    /** Takes an object and the rest of its last line; after an error goes on with the next line. */
    private void object(Converter converter) throws IOException {
        int line = in.line();
        try {
            JsonReader reader = new JsonReader(in);
            Map<?, ?> object = (Map<?, ?>) reader.value();
            String rest = in.restOfLine(MAX_LINE).strip();
            if (!rest.isEmpty() && !rest.equals(",")) {
                report(line, Quote.excerpt(rest) + " follows the JSON object: put it on a line of its own");
            }
            if (object.get("cases") instanceof List<?> cases) {
                for (Object element : cases) {
                    item(converter, element, element instanceof Map ? reader.lineOf(element) : line,
                            object.get("profile"));
                }
            } else {
                item(converter, object, line, null);
            }
        } catch (IllegalArgumentException e) {
            report(line, e.getMessage() + ": correct the input");
            if (in.column() != 0) {
                in.restOfLine(0);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private void item(Converter converter, Object element, int line, Object profile) {
        if (!(element instanceof Map<?, ?> json)) {
            report(line, Quote.excerpt(Quote.json(element)) + " in \"cases\" is not an object: remove it");
            return;
        }
        try {
            convert(converter, line, new Item(null, (Map<String, Object>) json, profile(profile)));
        } catch (IllegalArgumentException e) {
            report(line, e.getMessage());
        }
    }

    private WireProfile profile(Object name) {
        if (options.profile != null || name == null) {
            return options.profile;
        }
        for (WireProfile profile : WireProfile.values()) {
            if (profile.name().equalsIgnoreCase(String.valueOf(name))) {
                return profile;
            }
        }
        throw new IllegalArgumentException("\"profile\": " + Quote.excerpt(String.valueOf(name))
                + " is not known: ask for one with --profile rfc3 or --profile v1");
    }

    private void convert(Converter converter, int line, Item item) {
        try {
            out.println(converter.convert(item));
        } catch (IllegalArgumentException e) {
            Object name = item.json == null ? null : item.json.get("name");
            report(line, (name instanceof String text ? Quote.excerpt(text) + ": " : "") + e.getMessage());
        }
    }

    private void report(int line, String what) {
        failed = true;
        err.println(options.source + ":" + line + ": " + what);
    }

    private String decode(Item item) {
        Map<String, Object> given = item.json == null ? Map.of() : item.json;
        byte[] bytes = hex(item.json == null ? item.text : given.get("hex"));
        WireProfile profile = profile(item);
        int max = maxSize(given);
        if (!options.json) {
            Object name = given.get("name");
            return (name instanceof String text ? Quote.json(text) + " " : "")
                    + new MessagePrinter(profile, max, List.of()).print(bytes);
        }
        if (options.maxSize != 0 && !given.containsKey("max_size")) {
            given = new LinkedHashMap<>(given);
            given.put("max_size", (long) options.maxSize);
        }
        return Quote.json(new MessageJson(profile, max).describe(bytes, given));
    }

    private String encode(Item item) {
        if (item.json == null) {
            throw new IllegalArgumentException(
                    Quote.excerpt(item.text) + " is not a JSON object: give {\"message\": ...}");
        }
        return HexFormat.of().formatHex(new MessageJson(profile(item), maxSize(item.json)).encode(item.json));
    }

    private WireProfile profile(Item item) {
        WireProfile profile = item.profile != null ? item.profile : options.profile;
        return profile != null ? profile : WireProfile.RFC3;
    }

    private int maxSize(Map<String, Object> given) {
        if (!given.containsKey("max_size")) {
            return options.maxSize == 0 ? Header.MAX_MESSAGE_SIZE : options.maxSize;
        }
        if (given.get("max_size") instanceof Long size && size >= Header.BYTES && size <= Integer.MAX_VALUE) {
            return size.intValue();
        }
        throw new IllegalArgumentException("\"max_size\": " + Quote.json(given.get("max_size"))
                + " is not a bus maximum: give a number of bytes, " + Header.BYTES + " or more");
    }

    private static byte[] hex(Object value) {
        if (!(value instanceof String text)) {
            throw new IllegalArgumentException(
                    "\"hex\": " + Quote.excerpt(Quote.json(value)) + " is not a string: give the bytes in hexadecimal");
        }
        if (text.length() >= MAX_LINE) {
            throw new IllegalArgumentException(Quote.excerpt(text) + " is longer than any message: give one message");
        }
        try {
            return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    Quote.excerpt(text) + " is not hexadecimal: give two digits 0-9 a-f per byte", e);
        }
    }
}
