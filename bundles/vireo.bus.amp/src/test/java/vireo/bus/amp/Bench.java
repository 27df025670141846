// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import vireo.bus.SendResult;

/** What tests of whole buses have in common. */
final class Bench {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;

    private Bench() {
    }

    static Map<String, Object> config(Path dir, String role, Object... more) {
        Map<String, Object> config = new HashMap<>(Map.of("bus.name", "amp0", "role", role, "dir", dir.toString(),
                "memory.trusted", true, "memory.size", "64K"));
        for (int i = 0; i < more.length; i += 2) {
            config.put((String) more[i], more[i + 1]);
        }
        return config;
    }

    static AmpBus open(Path dir, String role, Object... more) throws IOException {
        return AmpBus.open(AmpSettings.of(config(dir, role, more)));
    }

    /** Makes a message of 8 to 64 bytes that carries a number and is filled with what follows from it. */
    static MemorySegment message(int number, int length) {
        MemorySegment message = Arena.ofAuto().allocate(64, 8);
        message.fill((byte) number);
        message.set(INT, 0, number & 0xffff_fff0);
        message.set(INT, 4, number << 4 | length << 16);
        return message.asSlice(0, length);
    }

    /** Sends, and waits while the ring is full. */
    static SendResult send(AmpBus bus, MemorySegment message) {
        SendResult result;
        while ((result = bus.trySend(message, 0, message.byteSize())) == SendResult.FULL) {
            Thread.yield();
        }
        return result;
    }

    static int descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return (int) open.count();
        }
    }

    static long mappings(Path dir) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains(dir.toString())).count();
    }

    static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream().map(Thread::getName)
                .filter(name -> name.startsWith("vireo-")).sorted().toList();
    }
}
