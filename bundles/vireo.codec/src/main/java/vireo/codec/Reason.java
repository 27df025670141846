// SPDX-License-Identifier: Apache-2.0
package vireo.codec;

/**
 * The outcome of checking a received message: that all is well, which rule is broken, or which question the written
 * format leaves open. A refused message is dropped and counted, without an answer (rules VMSG-ERR-04 to 07).
 *
 * <p>For each open question the choice made here stands at the constant. What is accepted in spite of one never shows
 * up as the outcome of {@link Validator#check}.
 */
public enum Reason {
    /** The message is well-formed. */
    OK(Verdict.ACCEPTED),

    /** Fewer than 8 bytes were received (rule VMSG-HDR-01). */
    TRUNCATED_HEADER(Verdict.REFUSED),
    /** msg_size is less than 8 (rule VMSG-HDR-13). */
    SIZE_BELOW_HEADER(Verdict.REFUSED),
    /** msg_size is larger than the bus's maximum (rule VMSG-HDR-14). */
    SIZE_EXCEEDS_BUS_MAX(Verdict.REFUSED),
    /** msg_size is larger than what was received. */
    SIZE_EXCEEDS_BUFFER(Verdict.REFUSED),
    /** The id is reserved or not defined (rules VMSG-MID-03, 04, 05 and 08). */
    UNKNOWN_MSG_ID(Verdict.REFUSED),
    /** A bus message names a device (rule VMSG-HDR-08; V1 ignores the number, row D-18). */
    BUS_DEV_NUM_NOT_ZERO(Verdict.REFUSED),
    /** A request has token 0 (rule VMSG-HDR-09; not a rule in V1, nor where the bus owns the tokens, row D-11). */
    REQUEST_TOKEN_ZERO(Verdict.REFUSED),
    /** A response has token 0 (rule VMSG-HDR-10; with the same exceptions). */
    RESPONSE_TOKEN_ZERO(Verdict.REFUSED),
    /** An event has a token (rule VMSG-HDR-10; with the same exceptions, row D-12). */
    EVENT_TOKEN_NOT_ZERO(Verdict.REFUSED),
    /** The payload is shorter than the fixed part of the message's layout. */
    PAYLOAD_TOO_SHORT(Verdict.REFUSED),
    /** Feature data is not whole blocks (rules VMSG-MSG-24 and 27). */
    FEATURE_DATA_NOT_MULTIPLE_OF_4(Verdict.REFUSED),
    /** A length or count reaches beyond the payload. */
    COUNT_EXCEEDS_PAYLOAD(Verdict.REFUSED),
    /** An offset or the number asked for in GET_DEVICES is not a multiple of 8 (rules VMSG-BMS-06 to 08). */
    GET_DEVICES_NOT_MULTIPLE_OF_8(Verdict.REFUSED),

    /** An event's id with the response bit. Refused: events have no response, and nobody waits for one. */
    EVENT_AS_RESPONSE(Verdict.OPEN_REFUSED),
    /** A device says that it has so many feature bits that they are not whole blocks. Refused, as row D-39 advises. */
    FEATURE_BITS_NOT_MULTIPLE_OF_32(Verdict.OPEN_REFUSED),

    /** A reserved payload field is not zero. Accepted and ignored, so that a later revision can use it. */
    RESERVED_PAYLOAD_NOT_ZERO(Verdict.OPEN_ACCEPTED),
    /** Bytes within msg_size but beyond the payload are not zero. Accepted and ignored, like zeroes there. */
    TRAILING_NOT_ZERO(Verdict.OPEN_ACCEPTED),
    /** A SET_CONFIG response counts data that it does not carry. Accepted as if there were none (row D-35). */
    SET_CONFIG_RESPONSE_WITHOUT_DATA(Verdict.OPEN_ACCEPTED),
    /** A bus-specific id and its token do not follow the usual policy. Accepted: policy is the bus's business. */
    BUS_SPECIFIC_TOKEN_POLICY(Verdict.OPEN_ACCEPTED),
    /** A GET_DEVICES response covers a number of devices that is no multiple of 8. Accepted. */
    GET_DEVICES_ANSWER_NOT_MULTIPLE_OF_8(Verdict.OPEN_ACCEPTED),
    /** GET_DEVICES asks beyond device number 65535. Accepted; no device is there. */
    GET_DEVICES_WINDOW_OVERFLOW(Verdict.OPEN_ACCEPTED),
    /** EVENT_DEVICE carries a reserved state. Accepted; the receiver ignores and counts it. */
    RESERVED_DEVICE_STATE(Verdict.OPEN_ACCEPTED),
    /** Whole feature blocks are followed by bytes that are not a block. Accepted as padding. */
    FEATURE_DATA_TAIL(Verdict.OPEN_ACCEPTED),
    /** A configuration range runs past 2^32. Accepted; the device answers with the bytes that exist. */
    CONFIG_RANGE_OVERFLOW(Verdict.OPEN_ACCEPTED),
    /** Undefined bits of a flags field are set (V1). Accepted and ignored. */
    UNKNOWN_FLAG_BITS(Verdict.OPEN_ACCEPTED);

    private enum Verdict {
        ACCEPTED, REFUSED, OPEN_ACCEPTED, OPEN_REFUSED
    }

    private final boolean refused;
    private final boolean open;

    Reason(Verdict verdict) {
        refused = verdict == Verdict.REFUSED || verdict == Verdict.OPEN_REFUSED;
        open = verdict == Verdict.OPEN_ACCEPTED || verdict == Verdict.OPEN_REFUSED;
    }

    /**
     * Tells whether a message with this outcome is dropped.
     *
     * @return true if it is refused
     */
    public boolean refused() {
        return refused;
    }

    /**
     * Tells whether the written format leaves the outcome open, so that another implementation may choose differently.
     *
     * @return true for an open question, false for a rule and for {@link #OK}
     */
    public boolean open() {
        return open;
    }
}
