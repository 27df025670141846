// SPDX-License-Identifier: Apache-2.0
package vireo.bus;

import java.util.Objects;

/**
 * What a bus instance tells the transport about itself before the first message (rules VMSG-REV-01 to 03). None of it
 * changes while the bus lives.
 *
 * @param name name of the instance, unique on the platform together with the role
 * @param role which half of the bus this is
 * @param profile wire layout of every message on it
 * @param revision transport revision; 1 is the only one there is
 * @param features transport feature bits; 0 in RFC3 (rule VMSG-REV-11)
 * @param maxMessageSize largest message in bytes, header included, 48 to 65535 (52 with V1)
 * @param maxInFlight how many requests may wait for their response at once, 1 to 32767
 * @param tokenOwner who assigns and matches tokens
 * @param kicks how queue notifications go from driver to device
 * @param calls how queue notifications go from device to driver
 * @param translated true if addresses are translated on the way, so that ACCESS_PLATFORM is offered
 * @param maxDevices highest number of device numbers in use, 1 to 65536; numbers are below it
 */
public record BusInfo(String name, Role role, WireProfile profile, int revision, int features, int maxMessageSize,
        int maxInFlight, TokenOwner tokenOwner, Signalling kicks, Signalling calls, boolean translated,
        int maxDevices) {

    /** Which half of a bus an instance is. */
    public enum Role {
        /** Has drivers behind it and finds devices. */
        DRIVER,
        /** Has devices behind it. */
        DEVICE
    }

    /** Who assigns tokens to requests and matches responses (rule VMSG-COR-05, row D-10). */
    public enum TokenOwner {
        /** The transport; the default. */
        TRANSPORT,
        /** The bus, which then implements {@link MessageBus#request}; the transport sends token 0. */
        BUS
    }

    /** How queue notifications travel in one direction (rules VMSG-OPR-03 to 06). */
    public enum Signalling {
        /** As EVENT_AVAIL or EVENT_USED messages, made by the transport. */
        IN_BAND,
        /** Beside the messages, by the bus's own {@link QueueSignal}s. */
        OUT_OF_BAND,
        /** Not at all: the receiving side looks at the rings by itself. */
        POLLED
    }

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public BusInfo {
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(profile, "profile");
        Objects.requireNonNull(tokenOwner, "tokenOwner");
        Objects.requireNonNull(kicks, "kicks");
        Objects.requireNonNull(calls, "calls");
        if (Objects.requireNonNull(name, "name").isBlank()) {
            throw new IllegalArgumentException("a bus needs a name");
        }
        check("revision", revision, 1, 1);
        check("maxMessageSize", maxMessageSize, profile.minMaxMessageSize(), 65535);
        check("maxInFlight", maxInFlight, 1, 0x7fff);
        check("maxDevices", maxDevices, 1, 65536);
    }

    private static void check(String what, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(what + "=" + value + " is not in " + least + ".." + most);
        }
    }

    /**
     * Makes the usual description: revision 1, no features, tokens matched by the transport, notifications in band,
     * addresses not translated, 64 requests in flight, 256 devices.
     *
     * @param name name of the instance
     * @param role which half of the bus this is
     * @param profile wire layout
     * @param maxMessageSize largest message in bytes, header included
     * @return the description
     */
    public static BusInfo inBand(String name, Role role, WireProfile profile, int maxMessageSize) {
        return new BusInfo(name, role, profile, 1, 0, maxMessageSize, 64, TokenOwner.TRANSPORT, Signalling.IN_BAND,
                Signalling.IN_BAND, false, 256);
    }
}
