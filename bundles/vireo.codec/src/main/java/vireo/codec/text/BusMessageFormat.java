// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Explains the messages that a bus implementation defines for itself (ids 0x80 to 0xFF). A bus plug-in may register one
 * as a service; without one such a message is printed in hexadecimal.
 */
@ConsumerType
public interface BusMessageFormat {

    /**
     * Explains a message.
     *
     * @param base segment that holds the message, whose content comes from a peer and may be anything
     * @param offset where the message starts
     * @param size its length in bytes, header included
     * @return what to print after the header fields, in one line, or null if the message is not known
     */
    String format(MemorySegment base, long offset, int size);
}
