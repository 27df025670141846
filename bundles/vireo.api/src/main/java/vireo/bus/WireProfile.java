// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

/**
 * A version of the wire layout. It is a configured property of a bus instance, holds for the bus's whole life, and is
 * never guessed from a message (deltas.md).
 */
public enum WireProfile {
    /** The virtio-msg draft, revision fb00064; the default. */
    RFC3,
    /** The 2026 revision. */
    V1;

    /**
     * Returns the smallest bus maximum with which every mandatory message fits (rule VMSG-REV-10, row D-01).
     *
     * @return bytes, header included: 48 for RFC3, 52 for V1
     */
    public int minMaxMessageSize() {
        return this == V1 ? 52 : 48;
    }
}
