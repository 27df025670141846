// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/** A shell session that runs lines and says with which status each ended. Not thread-safe but for {@link #close()}. */
public final class LineRunner implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LineRunner.class);

    /** Status of a failure that fits no other. */
    private static final int FAILED = 1;

    private final GogoSession session;
    private final PrintStream out;
    private final PrintStream err;

    private LineRunner(GogoSession session, PrintStream out, PrintStream err) {
        this.session = session;
        this.out = out;
        this.err = err;
    }

    /**
     * Opens a session.
     *
     * @param context the system bundle's context
     * @param in what commands read
     * @param out where results go
     * @param err where error messages go
     * @param directory what relative file names of commands start from
     * @return the session
     * @throws LaunchException if the platform has no shell
     */
    public static LineRunner open(BundleContext context, InputStream in, PrintStream out, PrintStream err,
            Path directory) throws LaunchException {
        GogoSession session = GogoSession.open(context, in, out, err, directory);
        session.put("SCOPE", "vireo:gogo:felix:*");
        return new LineRunner(session, out, err);
    }

    /**
     * Runs one line and prints its result or its error.
     *
     * @param line the line; empty lines and comments do nothing
     * @return 0, or the status of the failure
     */
    public int run(String line) {
        if (line.isBlank() || line.stripLeading().startsWith("#")) {
            return 0;
        }
        try {
            String result = session.execute(line);
            if (result != null) {
                out.println(result);
            }
            return session.error();
        } catch (Exception e) {
            LOG.debug("'{}' failed", line, e);
            err.println("vireo: " + message(e));
            return status(e);
        } finally {
            out.flush();
            err.flush();
        }
    }

    private static String message(Exception e) {
        if (isUnknownCommand(e)) {
            return e.getMessage().replace("Command not found: ", "no command '") + "'; 'help' lists the commands";
        }
        if (e instanceof NoSuchFileException file) {
            return "no file " + file.getFile();
        }
        if (e instanceof AccessDeniedException file) {
            return "no permission for " + file.getFile();
        }
        return e.getMessage() == null || e.getMessage().isBlank() ? e.toString() : e.getMessage();
    }

    private static boolean isUnknownCommand(Exception e) {
        return e.getClass().getSimpleName().equals("CommandNotFoundException")
                || String.valueOf(e.getMessage()).startsWith("Command not found: ");
    }

    private static int status(Exception e) {
        if (e instanceof IllegalArgumentException || isUnknownCommand(e)) {
            return ExitStatus.USAGE;
        }
        if (e instanceof UnsupportedOperationException) {
            return ExitStatus.UNAVAILABLE;
        }
        if (e instanceof NoSuchFileException) {
            return ExitStatus.NO_INPUT;
        }
        if (e instanceof FileAlreadyExistsException) {
            return ExitStatus.CANNOT_CREATE;
        }
        if (e instanceof AccessDeniedException) {
            return ExitStatus.NO_PERMISSION;
        }
        return e instanceof IOException ? ExitStatus.IO : FAILED;
    }

    /** Ends the session; a command that is running is interrupted. */
    @Override
    public void close() {
        session.close();
    }
}
