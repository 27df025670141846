// SPDX-License-Identifier: Apache-2.0
package vireo.observe;

import java.util.Objects;

/**
 * Why something that is configured cannot work now, registered as a service with the configuration's {@code service.pid}
 * for as long as that is so; the shell shows it beside the configuration.
 *
 * @param subject what does not work, such as {@code block device disk}
 * @param reason the thing, the value and the remedy
 */
public record Problem(String subject, String reason) {

    /** Refuses a problem that says nothing. */
    public Problem {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(reason, "reason");
    }
}
