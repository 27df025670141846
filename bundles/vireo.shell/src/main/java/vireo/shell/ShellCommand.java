// SPDX-License-Identifier: Apache-2.0
package vireo.shell;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.felix.service.command.CommandSession;
import org.apache.felix.service.command.Function;
import picocli.CommandLine;

/**
 * One Gogo command in scope {@code vireo}. Arguments are parsed into a fresh {@link Call} each time, so that one command
 * can run in several sessions at once; a failure is an exception, which gives the line a status that is not 0.
 */
public abstract class ShellCommand implements Function {

    /** Scope of all commands. */
    static final String SCOPE = "osgi.command.scope=vireo";

    /** Session variable in which the interactive shell keeps its terminal. */
    private static final String TERMINAL = ".terminal";

    /** One use of a command: its options and what it does. */
    @CommandLine.Command(mixinStandardHelpOptions = true, versionProvider = Version.class)
    abstract static class Call {

        /** True if the output is a terminal, where a line may be drawn over. */
        private boolean terminal;

        private Path folder = Path.of("");

        final boolean terminal() {
            return terminal;
        }

        /** Files are named from where the user is, which may be another process. */
        final Path resolve(Path file) {
            return folder.resolve(file).toAbsolutePath().normalize();
        }

        /**
         * Does the work.
         *
         * @param out the session's output
         * @throws Exception if it cannot be done; the message is what the user reads
         */
        abstract void run(PrintStream out) throws Exception;

        /** Where progress goes that a program reading JSON does not want to see. */
        static PrintStream quiet() {
            return new PrintStream(OutputStream.nullOutputStream());
        }

        /**
         * Returns what may stand where the cursor is.
         *
         * @param position how many arguments stand before it, options not counted
         * @return candidates, empty if there are none
         */
        List<String> candidates(int position) {
            return List.of();
        }
    }

    /**
     * Makes the object that arguments are parsed into.
     *
     * @return a fresh call
     */
    abstract Call call();

    @Override
    public final Object execute(CommandSession session, List<Object> arguments) throws Exception {
        String[] words = arguments.stream().map(String::valueOf).toArray(String[]::new);
        PrintStream out = session.getConsole();
        Call call = call();
        call.terminal = session.get(TERMINAL) != null;
        if (session.currentDir() != null) {
            call.folder = session.currentDir();
        }
        CommandLine line = new CommandLine(call);
        try {
            line.parseArgs(words);
        } catch (CommandLine.ParameterException wrong) {
            throw new IllegalArgumentException(wrong.getMessage() + "; see 'vireo:" + line.getCommandName() + " --help'");
        }
        if (line.isUsageHelpRequested()) {
            line.usage(out);
        } else if (line.isVersionHelpRequested()) {
            line.printVersionHelp(out);
        } else {
            call.run(out);
        }
        out.flush();
        return null;
    }

    /** The command's name without its scope. */
    final String name() {
        return describe().getCommandName();
    }

    /** The command's own text, for the overview. */
    final CommandLine describe() {
        return new CommandLine(call());
    }
}
