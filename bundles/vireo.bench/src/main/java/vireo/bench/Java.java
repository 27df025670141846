// SPDX-License-Identifier: Apache-2.0
package vireo.bench;

import java.util.ArrayList;
import java.util.List;

/** Starts another JVM like this one. */
final class Java {

    private Java() {
    }

    static ProcessBuilder command(String main, List<String> options, String... arguments) {
        List<String> words = new ArrayList<>(List.of(ProcessHandle.current().info().command().orElse("java"),
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", "-cp", System.getProperty("java.class.path")));
        words.addAll(options);
        words.add(main);
        words.addAll(List.of(arguments));
        return new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    }
}
