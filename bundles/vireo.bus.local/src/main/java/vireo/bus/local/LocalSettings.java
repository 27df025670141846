// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import vireo.bus.BusInfo;
import vireo.bus.BusInfo.Signalling;
import vireo.bus.WireProfile;
import vireo.memory.ByteSize;

/**
 * A configuration with every value checked; the keys are those of {@link LocalConfig}.
 *
 * @param name name of the bus, unique on the platform
 * @param memorySize size of the drivers' memory in bytes
 * @param memoryBase driver address of the memory's first byte
 * @param queueDepth how many messages may wait in each direction
 * @param maxMessageSize largest message in bytes, header included
 * @param profile wire layout
 * @param signalling IN_BAND or OUT_OF_BAND
 * @param pollNanos how long each half looks for the next message before it sleeps
 * @param maxDevices how many device numbers there are
 */
public record LocalSettings(String name, long memorySize, long memoryBase, int queueDepth, int maxMessageSize,
        WireProfile profile, Signalling signalling, long pollNanos, int maxDevices) {

    private static final int PAGE = 4096;
    private static final long LARGEST_MEMORY = 1L << 40;
    private static final int DEEPEST_QUEUE = 1 << 16;
    private static final int LARGEST_MESSAGE = 65535;
    private static final long LARGEST_QUEUE = 64L << 20;
    private static final int MOST_DEVICES = 65536;
    private static final long LONGEST_POLL_MICROS = 1_000_000;
    private static final List<String> SIGNALLING = List.of("in-band", "out-of-band");

    /**
     * Checks every value.
     *
     * @throws IllegalArgumentException naming the key, its value and what would do
     */
    public LocalSettings {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw wrong("bus.name", name, "give up to 64 letters, digits, dots, dashes or underscores");
        }
        range("memory.size", memorySize, PAGE, LARGEST_MEMORY);
        range("memory.base", memoryBase, 0, Long.MAX_VALUE - LARGEST_MEMORY);
        multiple("memory.size", memorySize);
        multiple("memory.base", memoryBase);
        range("queue.depth", queueDepth, 2, DEEPEST_QUEUE);
        if (Integer.bitCount(queueDepth) != 1) {
            throw wrong("queue.depth", queueDepth, "give a power of two, such as " + Integer.highestOneBit(queueDepth));
        }
        range("max.message.size", maxMessageSize, profile.minMaxMessageSize(), LARGEST_MESSAGE);
        if ((long) queueDepth * maxMessageSize > LARGEST_QUEUE) {
            throw wrong("queue.depth", queueDepth, "with max.message.size=" + maxMessageSize + " it may be "
                    + Long.highestOneBit(LARGEST_QUEUE / maxMessageSize) + " at most");
        }
        range("poll.us", TimeUnit.NANOSECONDS.toMicros(pollNanos), 0, LONGEST_POLL_MICROS);
        range("max.devices", maxDevices, 1, MOST_DEVICES);
        if (signalling == Signalling.POLLED) {
            throw wrong("signalling", signalling, "give one of " + SIGNALLING);
        }
    }

    /**
     * Makes the usual settings.
     *
     * @param name name of the bus
     * @return settings with every other value as {@link LocalConfig} has it
     */
    public static LocalSettings named(String name) {
        return of(Map.of("bus.name", name));
    }

    /**
     * Reads a configuration, whichever types its values came in: JSON numbers, or the text of a .cfg file.
     *
     * @throws IllegalArgumentException naming the key, its value and what would do
     */
    static LocalSettings of(Map<String, ?> properties) {
        String name = text(properties, "bus.name", "");
        if (name.isEmpty()) {
            throw new IllegalArgumentException("bus.name is missing; give the bus a name, such as bus.name=main");
        }
        List<String> profiles = Arrays.stream(WireProfile.values()).map(LocalSettings::key).toList();
        return new LocalSettings(name, number(properties, "memory.size", "16M", LARGEST_MEMORY),
                number(properties, "memory.base", "0x40000000", Long.MAX_VALUE),
                (int) number(properties, "queue.depth", "256", DEEPEST_QUEUE),
                (int) number(properties, "max.message.size", "264", LARGEST_MESSAGE),
                WireProfile.values()[choice(properties, "profile", profiles)],
                choice(properties, "signalling", SIGNALLING) == 0 ? Signalling.IN_BAND : Signalling.OUT_OF_BAND,
                TimeUnit.MICROSECONDS.toNanos(number(properties, "poll.us", "0", LONGEST_POLL_MICROS)),
                (int) number(properties, "max.devices", "256", MOST_DEVICES));
    }

    /** Describes one half of the bus. */
    BusInfo info(BusInfo.Role role) {
        return new BusInfo(name, role, profile, 1, 0, maxMessageSize, 64, BusInfo.TokenOwner.TRANSPORT, signalling,
                signalling, false, maxDevices);
    }

    static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    private static String text(Map<String, ?> properties, String key, String otherwise) {
        Object value = properties.get(key);
        String text = value == null ? "" : value.toString().strip();
        return text.isEmpty() ? otherwise : text;
    }

    private static int choice(Map<String, ?> properties, String key, List<String> choices) {
        String text = text(properties, key, choices.get(0));
        int index = choices.indexOf(text.toLowerCase(Locale.ROOT));
        if (index < 0) {
            throw wrong(key, text, "give one of " + String.join(", ", choices));
        }
        return index;
    }

    /** Reads a number that may be hexadecimal with 0x in front, or end in a binary unit. */
    private static long number(Map<String, ?> properties, String key, String otherwise, long most) {
        String text = text(properties, key, otherwise);
        long value;
        try {
            value = ByteSize.parse(text);
        } catch (NumberFormatException e) {
            throw wrong(key, text, "give a number such as 4096, 0x1000 or 64M");
        }
        range(key, value, 0, most);
        return value;
    }

    private static void range(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw wrong(key, value, "give a number in " + least + ".." + most);
        }
    }

    private static void multiple(String key, long value) {
        if (value % PAGE != 0) {
            throw wrong(key, value, "give a multiple of " + PAGE);
        }
    }

    private static IllegalArgumentException wrong(String key, Object value, String remedy) {
        return new IllegalArgumentException(key + "=" + value + " will not do; " + remedy);
    }
}
