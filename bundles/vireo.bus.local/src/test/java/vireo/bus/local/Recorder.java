// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import vireo.bus.BusException;
import vireo.bus.BusListener;
import vireo.bus.MessageBus;
import vireo.bus.SendResult;
import vireo.slot.SlotControl;

/** A listener that notes what it is told, as text; messages are numbers of eight bytes. */
class Recorder implements BusListener {

    final List<String> events = new CopyOnWriteArrayList<>();
    volatile Thread thread;
    private final MemorySegment message = Arena.ofAuto().allocate(8);

    /** Sends a number; for one sending thread at a time. */
    SendResult send(MessageBus bus, long number) {
        message.set(JAVA_LONG_UNALIGNED, 0, number);
        return bus.trySend(message, 0, 8);
    }

    void note(String event) {
        thread = Thread.currentThread();
        events.add(event);
    }

    void message(long number) {
        note("message " + number);
    }

    @Override
    public void onMessage(MemorySegment base, long offset, long length) {
        message(base.get(JAVA_LONG_UNALIGNED, offset));
    }

    @Override
    public void connected(long peerEpoch, boolean resumed) {
        note("connected " + peerEpoch + (resumed ? " resumed" : ""));
    }

    @Override
    public void disconnected(BusException cause) {
        note("disconnected " + cause.reason());
    }

    @Override
    public void onKick(int deviceNumber, int queue) {
        note("kick " + deviceNumber + " " + queue);
    }

    @Override
    public void onCall(int deviceNumber, int queue) {
        note("call " + deviceNumber + " " + queue);
    }

    @Override
    public void requestFailed(int token, BusException cause) {
        note("failed " + token);
    }

    @Override
    public Optional<SlotControl> slot(int deviceNumber) {
        return Optional.empty();
    }

    void await(String event) {
        await(() -> events.contains(event));
    }

    void awaitConnected() {
        await(() -> events.stream().anyMatch(event -> event.startsWith("connected")));
    }

    static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Thread.yield();
        }
    }

    static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("vireo-local-")).count();
    }
}
