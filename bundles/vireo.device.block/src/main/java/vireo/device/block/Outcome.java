// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import vireo.wire.block.BlockLayout;

/** How a request ended, more finely than the driver is told. */
enum Outcome {
    /** Done. */
    OK,
    /** The request has not the shape of its type. */
    MALFORMED,
    /** It reaches beyond the capacity, or asks for more than the limits of the configuration. */
    OUT_OF_RANGE,
    /** It would write and the device is read-only. */
    READ_ONLY,
    /** The device does not do such requests, or the driver did not agree to the feature for it. */
    UNSUPPORTED,
    /** The store could not do it. */
    FAILED,
    /** A predecessor may have done it, and twice would do harm. */
    NOT_REPEATABLE;

    /** Returns the status byte; the specification has one for all that is wrong, and one for what is not supported. */
    int status() {
        return switch (this) {
            case OK -> BlockLayout.STATUS_OK;
            case UNSUPPORTED -> BlockLayout.STATUS_UNSUPP;
            case MALFORMED, OUT_OF_RANGE, READ_ONLY, FAILED, NOT_REPEATABLE -> BlockLayout.STATUS_IOERR;
        };
    }
}
