// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** One end of the round trip between two processes, busy polling: "ping SECONDS FILE FILE" or "pong FILE FILE", as in ring.c. */
public final class RingPeer {

    private static final int SLOTS = 62;
    private static final int BYTES = 4096;
    private static final int SIZE = 48;
    private static final int ROUND = 1000;
    private static final byte STOP = (byte) 0xff;

    private final MemorySegment message = Arena.global().allocate(SlotRing.SLOT_BYTES, SlotRing.SLOT_BYTES);
    private final MemorySegment copy = Arena.global().allocate(SlotRing.SLOT_BYTES, SlotRing.SLOT_BYTES);
    private final SlotProducer out;
    private final SlotConsumer in;

    private RingPeer(Path to, Path from) throws IOException {
        out = SlotRing.producer(map(to), 0, SLOTS);
        in = SlotRing.consumer(map(from), 0, SLOTS);
    }

    private static MemorySegment map(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES, Arena.global());
        }
    }

    /**
     * Runs one end.
     *
     * @param arguments as above
     * @throws IOException if a file cannot be mapped
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("ping")) {
            new RingPeer(Path.of(arguments[2]), Path.of(arguments[3])).ping(Double.parseDouble(arguments[1]));
        } else {
            new RingPeer(Path.of(arguments[2]), Path.of(arguments[1])).pong();
        }
    }

    private void ping(double seconds) {
        message.set(ValueLayout.JAVA_BYTE, 1, (byte) 10);
        trips(1.0);
        System.out.println(trips(seconds));
        message.set(ValueLayout.JAVA_BYTE, 0, STOP);
        send(message);
    }

    private double trips(double seconds) {
        long trips = 0;
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long now;
        do {
            for (int i = 0; i < ROUND; i++) {
                send(message);
                receive();
            }
            trips += ROUND;
            now = System.nanoTime();
        } while (now - end < 0);
        return (double) (now - start) / trips;
    }

    private void pong() {
        do {
            receive();
            send(copy);
        } while (copy.get(ValueLayout.JAVA_BYTE, 0) != STOP);
    }

    // No pause hint: the peer in C has none either.
    private void send(MemorySegment what) {
        while (out.put(what, 0, SIZE) != SlotRing.DONE) {
            continue;
        }
    }

    private void receive() {
        while (in.take(copy, 0) != SlotRing.DONE) {
            continue;
        }
    }
}
