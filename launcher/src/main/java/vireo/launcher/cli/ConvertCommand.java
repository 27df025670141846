// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import vireo.bus.WireProfile;
import vireo.codec.text.MessageTool;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/** Explains captured messages, or puts messages together; both from a file or standard input. */
abstract class ConvertCommand implements Command {

    private static final int HEADER = 8;

    /** Does the work on text. */
    abstract int convert(MessageTool.Options options, Reader in, Console console);

    @Override
    public int run(Syntax.Given given, Console console) throws LaunchException {
        String file = given.words().isEmpty() ? "-" : given.words().getFirst();
        MessageTool.Options options = new MessageTool.Options(profile(given), maxSize(given), given.has("--json"),
                file.equals("-") ? "standard input" : file);
        try (Reader in = open(file, console)) {
            return convert(options, in, console);
        } catch (NoSuchFileException e) {
            throw new LaunchException(ExitStatus.NO_INPUT, "file " + file + " does not exist; name another, or - for "
                    + "standard input", e);
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.NO_INPUT, "file " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static Reader open(String file, Console console) throws IOException {
        return file.equals("-") ? new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(file));
    }

    private static WireProfile profile(Syntax.Given given) throws LaunchException {
        String name = given.value("--profile", null);
        if (name == null) {
            return null;
        }
        return Arrays.stream(WireProfile.values()).filter(one -> one.name().equalsIgnoreCase(name)).findFirst()
                .orElseThrow(() -> new LaunchException(ExitStatus.USAGE, "unknown profile '" + name + "'; known are "
                        + String.join(", ", Arrays.stream(WireProfile.values())
                                .map(one -> one.name().toLowerCase(Locale.ROOT)).toList())));
    }

    private static int maxSize(Syntax.Given given) throws LaunchException {
        String text = given.value("--max-size", "0");
        try {
            int size = Integer.parseInt(text);
            if (size == 0 || size >= HEADER) {
                return size;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new LaunchException(ExitStatus.USAGE, "--max-size " + text + " is not a number of bytes from " + HEADER
                + " on");
    }

    /** {@code ./vireo decode}. */
    static final class Decode extends ConvertCommand {

        @Override
        public Syntax syntax() {
            return new Syntax("decode", List.of("--profile", "--max-size"), List.of("--json"), 0, 1);
        }

        @Override
        public String help() {
            return """
                    Usage: ./vireo decode [--profile rfc3|v1] [--max-size N] [--json] [FILE|-]
                    Explains captured messages: one line each, names instead of numbers.

                      FILE            one message per line in hexadecimal, or JSON objects with "hex", or a file of
                                      golden vectors; standard input without it or with -
                      --profile NAME  wire layout: rfc3 (default) or v1
                      --max-size N    the bus's maximum message size, header included; no limit by default
                      --json          one JSON object per message, with the keys of the golden vectors

                    Exit status: 0, also for messages that are refused; 65 if a line is no message at all.
                    """;
        }

        @Override
        int convert(MessageTool.Options options, Reader in, Console console) {
            return MessageTool.decode(options, in, console.out(), console.err());
        }
    }

    /** {@code ./vireo encode}. */
    static final class Encode extends ConvertCommand {

        @Override
        public Syntax syntax() {
            return new Syntax("encode", List.of("--profile", "--max-size"), List.of(), 0, 1);
        }

        @Override
        public String help() {
            return """
                    Usage: ./vireo encode [--profile rfc3|v1] [--max-size N] [FILE|-]
                    Puts messages together: JSON objects in, as 'decode --json' prints them; one line of hexadecimal
                    each out.

                      FILE            JSON objects, or a file of golden vectors; standard input without it or with -
                      --profile NAME  wire layout: rfc3 (default) or v1
                      --max-size N    the bus's maximum message size, header included; no limit by default

                    Exit status: 0, or 65 if an object is no message.
                    """;
        }

        @Override
        int convert(MessageTool.Options options, Reader in, Console console) {
            return MessageTool.encode(options, in, console.out(), console.err());
        }
    }
}
