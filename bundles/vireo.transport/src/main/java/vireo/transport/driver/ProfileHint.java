// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.Locale;

import vireo.bus.WireProfile;
import vireo.codec.device.GetDeviceInfoResponse;
import vireo.driver.RequestException;
import vireo.transport.core.Exchange;

/**
 * Recognises a bus that is configured with the wrong wire profile by the length of its GET_DEVICE_INFO answers, the one
 * early and dependable sign of it (deltas.md). It is reported, never worked around.
 */
final class ProfileHint {
    private ProfileHint() {
    }

    /** Tells whether an answer is exactly as long as that of the other profile. */
    static boolean wrong(Exchange exchange, WireProfile profile) {
        return exchange.answerSize() == GetDeviceInfoResponse.of(other(profile)).size();
    }

    /** Gives the same trouble, with the likely cause and the remedy if the length shows them. */
    static RequestException explained(Exchange exchange, WireProfile profile, RequestException trouble) {
        if (trouble.kind() != RequestException.Kind.MALFORMED_ANSWER || !wrong(exchange, profile)) {
            return trouble;
        }
        return new RequestException(trouble.kind(), trouble.getMessage() + "; its " + exchange.answerSize()
                + " bytes are the layout of profile " + name(other(profile)) + ", and this bus is configured with "
                + name(profile) + ": give both sides the same profile", trouble);
    }

    private static WireProfile other(WireProfile profile) {
        return profile == WireProfile.V1 ? WireProfile.RFC3 : WireProfile.V1;
    }

    private static String name(WireProfile profile) {
        return profile.name().toLowerCase(Locale.ROOT);
    }
}
