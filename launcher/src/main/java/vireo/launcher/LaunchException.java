// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

/** The platform cannot start or go on; the message names the thing, the value and the remedy: all that a user sees. */
public final class LaunchException extends Exception {

    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * Makes an exception.
     *
     * @param status one of {@link ExitStatus}
     * @param message what is wrong and what to do
     */
    public LaunchException(int status, String message) {
        this(status, message, null);
    }

    /**
     * Makes an exception.
     *
     * @param status one of {@link ExitStatus}
     * @param message what is wrong and what to do
     * @param cause what led to it, or null
     */
    public LaunchException(int status, String message, Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /**
     * Returns what the process should exit with.
     *
     * @return one of {@link ExitStatus}
     */
    public int status() {
        return status;
    }
}
