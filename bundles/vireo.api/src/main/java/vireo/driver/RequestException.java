// SPDX-License-Identifier: Apache-2.0
package vireo.driver;

import java.io.IOException;
import java.util.Objects;

/** A request to a device failed; the kind says which sort of trouble it was. */
public final class RequestException extends IOException {

    private static final long serialVersionUID = 1L;

    /** The sorts of trouble. */
    public enum Kind {
        /** The request could not be delivered, or the bus or the device went away before the response came. */
        TRANSMISSION,
        /** No response came before the deadline. */
        NO_ANSWER,
        /** A response came, and it was malformed or contradicts the request. */
        MALFORMED_ANSWER,
        /** The device answered and said no: it did not agree to features, a queue or a write. */
        REFUSED
    }

    /** Which sort of trouble. */
    private final Kind kind;

    /**
     * Makes an exception.
     *
     * @param kind which sort of trouble
     * @param message the thing, the value and, where there is one, the remedy
     * @param cause the cause, or null
     */
    public RequestException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = Objects.requireNonNull(kind, "kind");
    }

    /**
     * Returns which sort of trouble it was.
     *
     * @return the kind
     */
    public Kind kind() {
        return kind;
    }
}
