// SPDX-License-Identifier: Apache-2.0
package vireo.codec.text;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.Reason;

/**
 * Prints messages, each in one line, with names for ids, status bits, features and states:
 *
 * <pre>
 *   SET_DEVICE_STATUS request dev=5 token=6 status=ACKNOWLEDGE|DRIVER|FEATURES_OK
 *   bus EVENT_DEVICE event device_number=5 device_bus_state=READY
 *   refused PAYLOAD_TOO_SHORT: SET_DEVICE_STATUS request dev=3 token=70 msg_size=8
 * </pre>
 *
 * <p>Takes any bytes. Long data is cut. Immutable and thread-safe; allocates, so ask a log limit first.
 */
public final class MessagePrinter {

    private static final int SHOWN_BYTES = 32;

    private final Decoder decoder;
    private final List<BusMessageFormat> formats;

    /**
     * Makes a printer.
     *
     * @param profile wire layout
     * @param maxMessageSize largest message in bytes, header included, 8 or more; 65535 for no limit
     * @param formats what explains messages of bus implementations; the first that knows a message is used
     */
    public MessagePrinter(WireProfile profile, int maxMessageSize, List<BusMessageFormat> formats) {
        decoder = new Decoder(profile, maxMessageSize);
        this.formats = List.copyOf(formats);
    }

    /**
     * Prints a message.
     *
     * @param base segment that holds it
     * @param offset where it starts
     * @param received number of bytes received, padding included; 0 or more
     * @return one line of printable ASCII, without its end
     */
    public String print(MemorySegment base, long offset, long received) {
        int length = (int) Math.min(received, Header.MAX_MESSAGE_SIZE);
        return print(base.asSlice(offset, length).toArray(JAVA_BYTE));
    }

    String print(byte[] received) {
        Decoded decoded = decoder.decode(received);
        StringBuilder out = new StringBuilder();
        if (!decoded.accepted()) {
            out.append("refused ").append(joined(decoded.findings())).append(": ");
        }
        if (decoded.header() == null) {
            return bytes(out.append("received="), received).toString();
        }
        header(out, decoded.header());
        if (decoded.fields() == null) {
            out.append(" msg_size=").append(decoded.header().size());
        } else {
            payload(out, decoded);
        }
        if (decoded.accepted() && !decoded.findings().isEmpty()) {
            out.append(" (open: ").append(joined(decoded.findings())).append(')');
        }
        return out.toString();
    }

    private static String joined(List<Reason> findings) {
        return String.join(", ", findings.stream().map(Reason::name).toList());
    }

    private static void header(StringBuilder out, Decoded.Head head) {
        out.append(head.isBus() ? "bus " : "");
        if (head.name() == null || head.isBus() && head.messageId() >= MessageIds.BUS_FIRST_SPECIFIC) {
            out.append(head.name() == null ? "msg_id=" : "BUS_SPECIFIC msg_id=").append(Names.hex(head.messageId()));
        } else {
            out.append(head.name());
        }
        out.append(head.direction() == null ? "" : " " + head.direction());
        if (!head.isBus() || head.deviceNumber() != 0) {
            out.append(" dev=").append(head.deviceNumber());
        }
        if (head.token() != 0) {
            out.append(" token=").append(head.token());
        }
    }

    private void payload(StringBuilder out, Decoded decoded) {
        String explained = decoded.header().isBus() && decoded.header().messageId() >= MessageIds.BUS_FIRST_SPECIFIC
                ? explained(decoded) : null;
        if (explained != null) {
            out.append(' ').append(explained);
            return;
        }
        long firstBlock = 0;
        for (Field field : decoded.fields()) {
            if (field.name().equals("block_index")) {
                firstBlock = field.number();
            }
            value(out.append(' ').append(field.name()).append('='), field, firstBlock);
        }
    }

    private String explained(Decoded decoded) {
        for (BusMessageFormat format : formats) {
            String text = format.format(MemorySegment.ofArray(decoded.bytes()), 0, decoded.header().size());
            if (text != null) {
                return text.replaceAll("[^ -~]", "?");
            }
        }
        return null;
    }

    private static void value(StringBuilder out, Field field, long firstBlock) {
        long number = field.number();
        switch (field.kind()) {
            case NUMBER -> out.append(number);
            case HEX -> out.append(Names.hex(number));
            case ADDRESS -> out.append(field.json());
            case STATUS -> out.append(Names.status(number));
            case DEVICE_TYPE -> out.append(Names.deviceType(number));
            case BUS_STATE -> out.append(Names.busState(number));
            case ENABLE_FLAGS -> out.append(Names.enableFlags(number));
            case FEATURES -> out.append(Names.features(firstBlock, shown(field.bytes())))
                    .append(field.bytes().length > SHOWN_BYTES ? "..." : "");
            case BYTES -> bytes(out, field.bytes());
        }
    }

    private static StringBuilder bytes(StringBuilder out, byte[] bytes) {
        out.append(HexFormat.of().formatHex(shown(bytes)));
        return bytes.length > SHOWN_BYTES ? out.append("...(").append(bytes.length).append(" bytes)") : out;
    }

    private static byte[] shown(byte[] bytes) {
        return Arrays.copyOf(bytes, Math.min(bytes.length, SHOWN_BYTES));
    }
}
