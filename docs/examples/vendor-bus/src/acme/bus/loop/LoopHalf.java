// SPDX-License-Identifier: Apache-2.0
package acme.bus.loop;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import vireo.bus.BusAttachment;
import vireo.bus.BusException;
import vireo.bus.BusInfo;
import vireo.bus.BusListener;
import vireo.bus.MessageBus;
import vireo.bus.SendResult;
import vireo.bus.WireProfile;
import vireo.memory.GuestMemory;

/** One half of a bus that hands messages from one thread to another; the other half is its {@link #peer}. */
final class LoopHalf implements MessageBus {

    private static final int MAX_MESSAGE = 264;
    private static final int DEPTH = 64;

    private final BusInfo info;
    private final GuestMemory memory;
    private final ArrayBlockingQueue<byte[]> inbox = new ArrayBlockingQueue<>(DEPTH);
    private volatile LoopHalf peer;
    private volatile BusListener listener;
    private volatile Thread reader;

    LoopHalf(String name, BusInfo.Role role, GuestMemory memory) {
        this.info = BusInfo.inBand(name, role, WireProfile.RFC3, MAX_MESSAGE);
        this.memory = memory;
    }

    void join(LoopHalf other) {
        peer = other;
        other.peer = this;
    }

    @Override
    public BusInfo info() {
        return info;
    }

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public synchronized BusAttachment attach(BusListener next) {
        if (listener != null) {
            throw new IllegalStateException("bus " + info.name() + " has a listener already");
        }
        listener = next;
        inbox.clear();
        reader = Thread.ofPlatform().name("acme-loop-" + info.role()).daemon().start(() -> deliver(next));
        return this::detach;
    }

    private void deliver(BusListener to) {
        boolean connected = false;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment copy = arena.allocate(MAX_MESSAGE);
            while (listener == to) {
                boolean there = peer.listener != null;
                if (there && !connected) {
                    to.connected(System.nanoTime(), false);
                } else if (!there && connected) {
                    to.disconnected(new BusException(BusException.Reason.PEER_LOST, "the other half has no listener"));
                }
                connected = there;
                byte[] message = inbox.poll(20, TimeUnit.MILLISECONDS);
                if (message != null && listener == to) {
                    MemorySegment.copy(MemorySegment.ofArray(message), 0, copy, 0, message.length);
                    hand(to, copy, message.length);
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** A listener that throws costs that one message, not the bus. */
    private static void hand(BusListener to, MemorySegment copy, int length) {
        try {
            to.onMessage(copy, 0, length);
        } catch (RuntimeException thrown) {
            System.getLogger("acme.bus.loop").log(System.Logger.Level.WARNING, "a message was not taken", thrown);
        }
    }

    private void detach() {
        Thread thread;
        synchronized (this) {
            thread = reader;
            listener = null;
            reader = null;
        }
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public SendResult trySend(MemorySegment base, long offset, long length) {
        LoopHalf to = peer;
        if (to == null || to.listener == null) {
            return SendResult.CLOSED;
        }
        byte[] message = base.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
        return to.inbox.offer(message) ? SendResult.SENT : SendResult.FULL;
    }
}
