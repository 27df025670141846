// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which device had which number on which bus, so that it gets the same one again after a restart of its bundle or of
 * the process. The file is a convenience: what cannot be read or written costs numbers, and nothing else. Used on the
 * plug board's executor only.
 */
final class NumberStore {
    private static final Logger LOG = LoggerFactory.getLogger(NumberStore.class);
    /** Old entries give way to new ones. */
    private static final int MOST = 4096;

    private final Path file;
    private final Map<Key, Integer> numbers = new LinkedHashMap<>();

    /** A device on a bus. */
    private record Key(String bus, String device) {
    }

    /**
     * Reads what is there.
     *
     * @param file where numbers are kept, one line each; null to keep them in memory only
     */
    NumberStore(Path file) {
        this.file = file;
        if (file != null && Files.isRegularFile(file)) {
            try {
                Files.readAllLines(file, StandardCharsets.UTF_8).forEach(this::read);
            } catch (IOException | RuntimeException e) {
                LOG.warn("device numbers of earlier runs cannot be read from {}; devices get the lowest free ones",
                        file, e);
            }
        }
    }

    private void read(String line) {
        String[] parts = line.split("\t", -1);
        if (parts.length == 3 && parts[0].matches("[0-9]{1,5}") && Integer.parseInt(parts[0]) <= 0xffff) {
            put(new Key(parts[1], parts[2]), Integer.parseInt(parts[0]));
        }
    }

    private void put(Key key, int number) {
        numbers.remove(key);
        numbers.put(key, number);
        if (numbers.size() > MOST) {
            numbers.remove(numbers.keySet().iterator().next());
        }
    }

    /**
     * Chooses a number: the one the device had, else the lowest from 1 that is free and that no other device had, else
     * the lowest free one.
     *
     * @param most numbers are below it; where it is 1, number 0 is the only one
     * @param taken tells which numbers are in use
     * @return the number, or −1 if all are in use
     */
    int choose(String bus, String device, int most, IntPredicate taken) {
        Integer before = numbers.get(new Key(bus, device));
        if (before != null && before < most && !taken.test(before)) {
            return before;
        }
        int first = most == 1 ? 0 : 1;
        int free = -1;
        for (int number = first; number < most; number++) {
            if (!taken.test(number)) {
                if (!kept(bus, number)) {
                    return number;
                }
                free = free < 0 ? number : free;
            }
        }
        return free;
    }

    private boolean kept(String bus, int number) {
        return numbers.entrySet().stream().anyMatch(one -> one.getValue() == number && one.getKey().bus().equals(bus));
    }

    /** Remembers which number a device has. */
    void keep(String bus, String device, int number) {
        Key key = new Key(bus, device);
        if (!Integer.valueOf(number).equals(numbers.get(key))) {
            numbers.entrySet().removeIf(one -> one.getValue() == number && one.getKey().bus().equals(bus));
            put(key, number);
            write();
        }
    }

    /** Forgets a device whose configuration was deleted. */
    void forget(String bus, String device) {
        if (numbers.remove(new Key(bus, device)) != null) {
            write();
        }
    }

    private void write() {
        if (file == null) {
            return;
        }
        List<String> lines = new ArrayList<>();
        numbers.forEach((key, number) -> {
            if (!(key.bus() + key.device()).matches("(?s).*[\t\r\n].*")) {
                lines.add(number + "\t" + key.bus() + "\t" + key.device());
            }
        });
        try {
            Path next = file.resolveSibling(file.getFileName() + ".new");
            Files.write(next, lines, StandardCharsets.UTF_8);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("device numbers cannot be written to {}; they hold until the process ends", file, e);
        }
    }
}
