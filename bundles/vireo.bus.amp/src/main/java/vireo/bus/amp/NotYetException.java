// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;

/** Something that the peer makes is not there yet; trying again later is the remedy. */
final class NotYetException extends IOException {

    private static final long serialVersionUID = 1L;

    NotYetException(String message) {
        super(message);
    }
}
