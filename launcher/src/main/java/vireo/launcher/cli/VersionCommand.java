// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.util.List;
import java.util.Objects;

/** Tells what this is. */
final class VersionCommand implements Command {

    @Override
    public Syntax syntax() {
        return new Syntax("version", List.of(), List.of(), 0, 0);
    }

    @Override
    public String help() {
        return """
                Usage: ./vireo version
                Prints the versions of Vireo, of the Java that runs it, and of the kernel.
                """;
    }

    @Override
    public int run(Syntax.Given given, Console console) {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        console.out().println("vireo " + Objects.requireNonNullElse(version, "(not packaged)"));
        console.out().println("java " + Runtime.version() + " in " + System.getProperty("java.home"));
        console.out().println(System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch"));
        return 0;
    }
}
