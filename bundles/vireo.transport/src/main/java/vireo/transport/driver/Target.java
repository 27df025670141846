// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.function.Supplier;

import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;
import vireo.transport.core.Exchange;
import vireo.transport.core.Link;

/** Where the requests to one device go, until that device is lost: a later one at the same number is another one. */
final class Target {
    private final Link link;
    private final int number;
    private final long connection;
    private volatile Throwable lost;
    private final Supplier<Throwable> why = () -> lost;

    Target(Link link, int number, long connection) {
        this.link = link;
        this.number = number;
        this.connection = connection;
    }

    Link link() {
        return link;
    }

    int number() {
        return number;
    }

    int maxMessageSize() {
        return link.info().maxMessageSize();
    }

    /** Takes a request to the device. */
    Exchange exchange() throws RequestException {
        Throwable cause = lost;
        if (cause != null) {
            throw new RequestException(Kind.TRANSMISSION, this + " is gone: " + cause.getMessage(), cause);
        }
        return link.exchange(connection).until(why);
    }

    void lost(Throwable cause) {
        lost = cause;
    }

    boolean isLost() {
        return lost != null;
    }

    /** Makes the exception for what the device would not do. */
    RequestException refused(String why) {
        return new RequestException(Kind.REFUSED, this + ": " + why, null);
    }

    @Override
    public String toString() {
        return "device " + number + " on bus " + link.info().name();
    }
}
