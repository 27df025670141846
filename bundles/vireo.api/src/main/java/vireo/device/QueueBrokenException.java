// SPDX-License-Identifier: Apache-2.0
package vireo.device;

/**
 * The driver's ring was found malformed, so the queue is not served any more and its device needs a reset. Its own
 * outcome, so that "malformed" is never taken for "empty".
 */
public final class QueueBrokenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception without a stack trace, since what matters is where the driver erred.
     *
     * @param message what was wrong, with the value
     */
    public QueueBrokenException(String message) {
        super(message, null, false, false);
    }
}
