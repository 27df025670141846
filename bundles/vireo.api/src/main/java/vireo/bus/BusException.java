// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

import java.io.IOException;
import java.util.Objects;

/** Why a bus, or one request on it, failed. */
public final class BusException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The kinds of trouble a bus can be in. */
    public enum Reason {
        /** This side closed the bus. */
        CLOSED,
        /** The peer is gone: end of stream, dead process, or no answer to a keep-alive. */
        PEER_LOST,
        /** The peer did not take messages for longer than the bus's stall time. */
        STALLED,
        /** The peer broke the bus's own rules, for example by an impossible ring index. */
        PEER_FAULT,
        /** The peer answered a request with an error. */
        PEER_ERROR,
        /** No response came before the deadline. */
        TIMEOUT,
        /** An operating system call failed. */
        IO
    }

    /** What went wrong. */
    private final Reason reason;

    /**
     * Makes an exception.
     *
     * @param reason what went wrong
     * @param message the thing, the value and, where there is one, the remedy
     */
    public BusException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Makes an exception with a cause.
     *
     * @param reason what went wrong
     * @param message the thing, the value and, where there is one, the remedy
     * @param cause the cause, or null
     */
    public BusException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /**
     * Returns what went wrong.
     *
     * @return the reason
     */
    public Reason reason() {
        return reason;
    }
}
