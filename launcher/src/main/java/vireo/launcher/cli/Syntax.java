// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/**
 * The options and words that one command takes. A library for this costs a quarter of the start, since none of them
 * gets into the cache of loaded classes.
 *
 * @param command the command's name
 * @param valued options that take a value, with their hyphens
 * @param flags options that take none
 * @param minWords fewest words beside the options
 * @param maxWords most words beside the options
 */
record Syntax(String command, List<String> valued, List<String> flags, int minWords, int maxWords) {

    /** Everywhere. */
    static final List<String> HELP = List.of("--help", "-h");

    /**
     * What was given.
     *
     * @param options each option's values in order, empty texts for flags
     * @param words the other arguments in order
     */
    record Given(Map<String, List<String>> options, List<String> words) {

        boolean has(String option) {
            return options.containsKey(option);
        }

        boolean help() {
            return HELP.stream().anyMatch(this::has);
        }

        /** The last value given for an option, or another if there is none. */
        String value(String option, String otherwise) {
            return has(option) ? options.get(option).getLast() : otherwise;
        }

        Path path(String option) {
            return has(option) ? Path.of(options.get(option).getLast()) : null;
        }
    }

    Given parse(List<String> arguments) throws LaunchException {
        Map<String, List<String>> options = new HashMap<>();
        List<String> words = new ArrayList<>();
        int at = 0;
        while (at < arguments.size()) {
            String one = arguments.get(at++);
            if (one.equals("--")) {
                words.addAll(arguments.subList(at, arguments.size()));
                break;
            }
            if (!one.startsWith("-") || one.equals("-")) {
                words.add(one);
                continue;
            }
            String name = one.replaceFirst("=.*", "");
            if (valued.contains(name)) {
                if (name.length() == one.length() && at == arguments.size()) {
                    throw wrong("option " + name + " needs a value");
                }
                String value = name.length() < one.length() ? one.substring(name.length() + 1) : arguments.get(at++);
                options.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
            } else if (flags.contains(one) || HELP.contains(one)) {
                options.computeIfAbsent(one, key -> new ArrayList<>()).add("");
            } else {
                throw wrong((name.length() < one.length() && flags.contains(name) ? "option takes no value: '"
                        : "unknown option '") + one + "'");
            }
        }
        Given given = new Given(options, words);
        if (!given.help() && (words.size() < minWords || words.size() > maxWords)) {
            throw wrong(words.size() < minWords ? "an argument is missing" : "unexpected argument '"
                    + words.get(maxWords) + "'");
        }
        return given;
    }

    private LaunchException wrong(String problem) {
        return new LaunchException(ExitStatus.USAGE, problem + "; see './vireo " + command + " --help'");
    }
}
