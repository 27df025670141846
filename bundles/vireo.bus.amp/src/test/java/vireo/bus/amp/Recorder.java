// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import vireo.bus.BusException;
import vireo.bus.BusListener;
import vireo.slot.SlotControl;

/** A listener that keeps what it is told, for a test to wait for, and may do something with each message. */
class Recorder implements BusListener {

    private static final int PATIENCE_SECONDS = 20;

    final BlockingQueue<byte[]> messages = new LinkedBlockingQueue<>();
    final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    @Override
    public void onMessage(MemorySegment base, long offset, long length) {
        messages.add(base.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    }

    @Override
    public void connected(long peerEpoch, boolean resumed) {
        assertEquals(false, resumed);
        events.add(peerEpoch);
    }

    @Override
    public void disconnected(BusException cause) {
        events.add(cause);
    }

    @Override
    public void onKick(int deviceNumber, int queue) {
        throw new AssertionError("not this kind of bus");
    }

    @Override
    public void onCall(int deviceNumber, int queue) {
        throw new AssertionError("not this kind of bus");
    }

    @Override
    public void requestFailed(int token, BusException cause) {
        throw new AssertionError("not this kind of bus");
    }

    @Override
    public Optional<SlotControl> slot(int deviceNumber) {
        return Optional.empty();
    }

    byte[] message() throws InterruptedException {
        byte[] message = messages.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertNotNull(message, "no message came");
        return message;
    }

    /** Waits to be told of a peer and returns its epoch. */
    long awaitConnected() throws InterruptedException {
        Object event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return event instanceof Long epoch ? epoch : fail("connected", event);
    }

    BusException awaitDisconnected() throws InterruptedException {
        Object event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return event instanceof BusException cause ? cause : fail("disconnected", event);
    }

    private static <T> T fail(String expected, Object event) {
        throw new AssertionError("expected " + expected + ", was told " + event,
                event instanceof Throwable cause ? cause : null);
    }
}
