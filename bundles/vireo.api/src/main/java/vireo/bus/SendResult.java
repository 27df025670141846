// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

/** What became of a message that was to be sent. */
public enum SendResult {
    /** The bus has taken a copy and will deliver it in order, unless the connection breaks. */
    SENT,
    /** There is no room now; the caller keeps the message and tries again later. */
    FULL,
    /** There is no peer or the bus is closed; the message is not sent and will not be. */
    CLOSED
}
