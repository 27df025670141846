// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import vireo.bus.BusInfo;
import vireo.bus.WireProfile;

/**
 * A configuration with every value checked and every default filled in; the keys are those of {@link AmpConfig}.
 *
 * @param name name of the bus
 * @param role which half of the bus this is
 * @param profile wire layout
 * @param rings where the rings are
 * @param wake how the peers meet and wake each other
 * @param memory where the driver's memory is
 * @param create whether this side makes files that are missing
 * @param ping whether a silent peer is asked whether it is alive
 * @param pollNanos how long to watch the rings after the last message
 * @param maxDevices how many device numbers there are
 */
record AmpSettings(String name, BusInfo.Role role, WireProfile profile, Rings rings, Wake wake, Memory memory,
        boolean create, boolean ping, long pollNanos, int maxDevices) {

    private static final long LARGEST_MEMORY = 1L << 40;
    private static final long SMALLEST_MEMORY = 4096;
    private static final long USUAL_BASE = 0x4000_0000L;
    private static final long USUAL_MEMORY = 64L << 20;
    private static final int LONGEST_POLL_MICROS = 1_000_000;
    /** What a Unix socket address holds, without its final zero byte. */
    private static final int LONGEST_SOCKET_PATH = 107;

    /**
     * Where the rings are.
     *
     * @param layout how they lie
     * @param driver file of the ring from driver to device
     * @param device file of the ring from device to driver; the same file if the layout is one area
     * @param slots slots of each
     */
    record Rings(AmpLayout layout, Path driver, Path device, int slots) {
    }

    /** How a peer that sleeps is woken. */
    enum WakeKind { SOCKET, EVENTFD }

    /**
     * How the peers meet.
     *
     * @param kind how they wake each other
     * @param path path of the Unix socket
     * @param listen whether this side listens
     */
    record Wake(WakeKind kind, Path path, boolean listen) {
    }

    /**
     * Where the driver's memory is. Bytes {@code 0 .. low} of the file lie at driver addresses {@code lowBase ..
     * lowBase + low}, the bytes behind them from {@code base} on; with {@code low=0} the whole file is at {@code base}.
     *
     * @param file the file
     * @param base driver address of the file's first byte behind the low part
     * @param size size of the file if it has to be made, or 0 if nobody said
     * @param low size of the low part, 0 for none
     * @param lowBase driver address of the low part
     * @param trusted whether memory that could be made shorter under us is mapped all the same
     */
    record Memory(Path file, long base, long size, long low, long lowBase, boolean trusted) {

        /** Returns the size of a file that has to be made. */
        long sizeToMake() {
            return size != 0 ? size : USUAL_MEMORY;
        }
    }

    /**
     * Reads a configuration.
     *
     * @throws IllegalArgumentException naming the key, its value and what would do
     */
    static AmpSettings of(Map<String, ?> properties) {
        Values values = new Values(properties);
        String name = values.required("bus.name", "give the bus a name, such as bus.name=amp0");
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw Values.wrong("bus.name", name, "give up to 64 letters, digits, dots, dashes or underscores, since it "
                    + "becomes part of file names");
        }
        values.required("role", "say role=device or role=driver");
        BusInfo.Role role = values.choice("role", null, BusInfo.Role.values(), AmpSettings::key);
        boolean device = role == BusInfo.Role.DEVICE;
        Path dir = directory(values);
        return new AmpSettings(name, role,
                values.choice("profile", WireProfile.RFC3, WireProfile.values(), AmpSettings::key),
                rings(values, name, dir), wake(values, name, dir, device), memory(values, name, dir),
                values.flag("create", device), values.flag("ping", true),
                TimeUnit.MICROSECONDS.toNanos(values.number("poll.us", 50, 0, LONGEST_POLL_MICROS)),
                values.number("max.devices", 256, 1, 65536));
    }

    private static String key(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** Returns the role as configurations and service properties have it. */
    String roleKey() {
        return key(role);
    }

    private static Path directory(Values values) {
        Path dir = values.path("dir", null);
        if (dir != null && !Files.isDirectory(dir)) {
            throw Values.wrong("dir", dir, "there is no such directory: make it, or name the one that the peer uses");
        }
        return dir;
    }

    /** Returns the path given under a key, or the default in {@code dir}, where its directory must exist. */
    private static Path file(Values values, String key, Path dir, String usual) {
        Path path = values.path(key, dir == null ? null : dir.resolve(usual));
        if (path == null) {
            throw new IllegalArgumentException("neither " + key + " nor dir is given; say dir=DIRECTORY, the same on "
                    + "both sides, or name the file with " + key);
        }
        Path parent = path.getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw Values.wrong(key, path, "its directory does not exist: make it, or correct the path");
        }
        return path;
    }

    private static Rings rings(Values values, String name, Path dir) {
        AmpLayout layout = values.choice("layout", AmpLayout.FILES, AmpLayout.values(), AmpLayout::key);
        int most = layout.oneArea() ? layout.slots() : SlotRing.MAX_SLOTS;
        int slots = values.number("slots", layout.slots(), SlotRing.MIN_SLOTS, most);
        if (layout.oneArea()) {
            Path area = file(values, "ring.area", dir, "area-" + name);
            return new Rings(layout, area, area, slots);
        }
        Path driver = file(values, "ring.driver", dir, "queue-" + name + "-driver");
        Path device = file(values, "ring.device", dir, "queue-" + name + "-device");
        if (driver.equals(device)) {
            throw Values.wrong("ring.device", device, "ring.driver names the same file, and each ring needs its own");
        }
        return new Rings(layout, driver, device, slots);
    }

    private static Wake wake(Values values, String name, Path dir, boolean device) {
        WakeKind kind = values.choice("wake", WakeKind.SOCKET, WakeKind.values(), AmpSettings::key);
        Path path = file(values, "wake.path", dir, "wake-" + name);
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET_PATH) {
            throw Values.wrong("wake.path", path, "a socket's path has at most " + LONGEST_SOCKET_PATH
                    + " bytes: choose a shorter one");
        }
        return new Wake(kind, path, values.flag("wake.listen", device));
    }

    private static Memory memory(Values values, String name, Path dir) {
        Path file = file(values, "memory.file", dir, "memory-" + name);
        long size = values.has("memory.size")
                ? values.size("memory.size", USUAL_MEMORY, SMALLEST_MEMORY, LARGEST_MEMORY) : 0;
        return new Memory(file, values.size("memory.base", USUAL_BASE, 0, Long.MAX_VALUE), size,
                values.size("memory.low", 0, 0, LARGEST_MEMORY),
                values.size("memory.low.base", 0, 0, Long.MAX_VALUE), values.flag("memory.trusted", false));
    }
}
