// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import vireo.bus.BusInfo;
import vireo.bus.WireProfile;

/**
 * Says whether a received message is well-formed, and gives one reason if not; made once per bus.
 *
 * <p>The message must be a private copy that the peer cannot change any more. The check reads no byte beyond the
 * message or beyond what was received, allocates nothing and takes any bytes. It covers what can be judged from the
 * message alone: whether a device or queue exists, or a response is awaited, is the receiver's business. Unknown type
 * bits, padding after the message and excess payload within it are ignored (rules VMSG-HDR-06 and 16). Immutable and
 * thread-safe.
 */
public final class Validator {

    private static final long TOKEN_MASK = 0xffff_0000_0000L;
    private static final long DEV_NUM_MASK = 0xffff_0000L;
    private static final int SIZE_SHIFT = 48;

    private final int[] rules;
    private final int maxMessageSize;
    private final WireProfile profile;

    /**
     * Makes the validator of a bus. Where the bus owns the tokens, any token is taken.
     *
     * @param bus what the bus says of itself
     */
    public Validator(BusInfo bus) {
        this(bus.profile(), bus.maxMessageSize(), bus.tokenOwner() == BusInfo.TokenOwner.TRANSPORT);
    }

    /**
     * Makes a validator that checks tokens as the profile demands.
     *
     * @param profile wire layout
     * @param maxMessageSize largest message in bytes, header included, 8 or more; beyond 65535 is the same as 65535
     */
    public Validator(WireProfile profile, int maxMessageSize) {
        this(profile, maxMessageSize, true);
    }

    private Validator(WireProfile profile, int maxMessageSize, boolean tokensChecked) {
        if (maxMessageSize < Header.BYTES) {
            throw new IllegalArgumentException("maxMessageSize=" + maxMessageSize + " is less than a header: give "
                    + Header.BYTES + " or more");
        }
        this.profile = Objects.requireNonNull(profile, "profile");
        this.maxMessageSize = Math.min(maxMessageSize, Header.MAX_MESSAGE_SIZE);
        rules = Rules.table(profile, tokensChecked);
    }

    /**
     * Returns the wire layout that is checked for.
     *
     * @return the profile
     */
    public WireProfile profile() {
        return profile;
    }

    /**
     * Returns the largest message that is accepted.
     *
     * @return bytes, header included
     */
    public int maxMessageSize() {
        return maxMessageSize;
    }

    /**
     * Checks a received message.
     *
     * @param base segment that holds it
     * @param offset where it starts
     * @param received number of bytes received, padding included; 0 or more
     * @return {@link Reason#OK}, or the first reason for refusing it; never an open question that is accepted
     */
    public Reason check(MemorySegment base, long offset, long received) {
        if (received < Header.BYTES) {
            return Reason.TRUNCATED_HEADER;
        }
        long header = base.get(MessageView.LE64, offset);
        int rule = rules[place(header)];
        int size = (int) (header >>> SIZE_SHIFT);
        if (size > maxMessageSize || size > received || size < Rules.leastSize(rule)) {
            return refusal(header, received, rule);
        }
        // Most messages that matter are of fixed length and concern a device: nothing is left to look at.
        int unmet = (header & TOKEN_MASK) != 0 ? ~Rules.TOKEN_NEEDED : ~Rules.TOKEN_FORBIDDEN;
        if ((rule & Rules.DEMANDS & unmet) == 0) {
            return Reason.OK;
        }
        return (rule & broken(header)) != 0 ? refusal(header, received, rule)
                : Payloads.check(Rules.payload(rule), base, offset, size);
    }

    private static int place(long header) {
        return (int) ((header & Header.TYPE_BITS) << 8 | header >>> 8 & 0xff);
    }

    /** The header rules that a header would break, if they held for its message. */
    private static int broken(long header) {
        int token = (header & TOKEN_MASK) == 0 ? Rules.TOKEN_NEEDED : Rules.TOKEN_FORBIDDEN;
        return (header & DEV_NUM_MASK) == 0 ? token : token | Rules.DEVICE_FORBIDDEN;
    }

    /** Finds out what is wrong with a header, in the order in which the reasons are to be given. */
    private Reason refusal(long header, long received, int rule) {
        int size = (int) (header >>> SIZE_SHIFT);
        if (size < Header.BYTES) {
            return Reason.SIZE_BELOW_HEADER;
        }
        if (size > maxMessageSize) {
            return Reason.SIZE_EXCEEDS_BUS_MAX;
        }
        if (size > received) {
            return Reason.SIZE_EXCEEDS_BUFFER;
        }
        if (!Rules.isDefined(rule)) {
            return rule == Rules.UNKNOWN ? Reason.UNKNOWN_MSG_ID : Reason.EVENT_AS_RESPONSE;
        }
        int broken = rule & broken(header);
        if ((broken & Rules.DEVICE_FORBIDDEN) != 0) {
            return Reason.BUS_DEV_NUM_NOT_ZERO;
        }
        return broken != 0 ? tokenReason(header) : Reason.PAYLOAD_TOO_SHORT;
    }

    private static Reason tokenReason(long header) {
        if ((header & TOKEN_MASK) != 0) {
            return Reason.EVENT_TOKEN_NOT_ZERO;
        }
        return (header & Header.RESPONSE) == 0 ? Reason.REQUEST_TOKEN_ZERO : Reason.RESPONSE_TOKEN_ZERO;
    }

    /**
     * Gives everything there is to say about a received message, for tools and logs; allocates.
     *
     * @param base segment that holds it
     * @param offset where it starts
     * @param received number of bytes received, padding included; 0 or more
     * @return every rule broken, that of {@link #check} first, or else every question left open; empty if there is
     *         nothing to say
     */
    public List<Reason> findings(MemorySegment base, long offset, long received) {
        Reason first = check(base, offset, received);
        if (received < Header.BYTES) {
            return List.of(first);
        }
        long header = base.get(MessageView.LE64, offset);
        int size = (int) (header >>> SIZE_SHIFT);
        int rule = rules[place(header)];
        if (size < Header.BYTES || size > maxMessageSize || size > received || !Rules.isDefined(rule)) {
            return List.of(first);
        }
        Set<Reason> all = new LinkedHashSet<>();
        int broken = rule & broken(header);
        if ((broken & Rules.DEVICE_FORBIDDEN) != 0) {
            all.add(Reason.BUS_DEV_NUM_NOT_ZERO);
        }
        if ((broken & ~Rules.DEVICE_FORBIDDEN) != 0) {
            all.add(tokenReason(header));
        }
        if (size < Rules.leastSize(rule)) {
            all.add(Reason.PAYLOAD_TOO_SHORT);
        } else {
            Payloads.findings(Rules.payload(rule), base, offset, size, all);
            if (all.isEmpty()) {
                new OpenQuestions(profile, base, offset, size).findings(rule, all);
            }
        }
        return List.copyOf(all);
    }
}
