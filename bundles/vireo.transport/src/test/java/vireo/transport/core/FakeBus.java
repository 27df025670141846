// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import vireo.bus.BusAttachment;
import vireo.bus.BusException;
import vireo.bus.BusInfo;
import vireo.bus.BusListener;
import vireo.bus.MessageBus;
import vireo.bus.QueueSignal;
import vireo.bus.RequestCallback;
import vireo.bus.SendResult;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryRegion;

/** A bus whose peer is a piece of the test: it sees each message and delivers what it likes, in whatever order. */
public final class FakeBus implements MessageBus, AutoCloseable {
    /** Address of the bus's memory. */
    public static final long MEMORY = 0x10000;

    /** What takes messages at the other end, on a thread of its own. */
    public interface Peer {
        /** A message arrived. */
        void take(byte[] message);
    }

    /** What takes requests where the bus owns tokens. */
    public interface Requests {
        /** A request is to be made. */
        void request(byte[] message, long deadlineNanos, RequestCallback callback);
    }

    private final BusInfo info;
    private final GuestMemory memory;
    private final ExecutorService dispatcher = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon()
            .name("fake-dispatcher").factory());
    private final ExecutorService peerThread = Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon()
            .name("fake-peer").factory());
    private final List<byte[]> sent = new CopyOnWriteArrayList<>();
    private final List<String> signals = new CopyOnWriteArrayList<>();
    private volatile BusListener listener;
    private volatile boolean connected;
    private volatile long epoch;
    private volatile Peer peer = message -> { };
    private volatile Requests requests;
    private volatile Predicate<byte[]> full = message -> false;
    private volatile QueueSignal calls;
    private volatile boolean swallows;
    private volatile Thread dispatching;

    public FakeBus(BusInfo info, long memoryBytes) {
        this(info, GuestMemory.mapped());
        Arena arena = Arena.ofShared();
        memory.publish(List.of(new MemoryRegion(MEMORY, arena.allocate(memoryBytes, 4096))), arena::close);
    }

    /** A bus over the memory of another one. */
    public FakeBus(BusInfo info, GuestMemory memory) {
        this.info = info;
        this.memory = memory;
    }

    public void peer(Peer takes) {
        peer = takes;
    }

    public void requests(Requests takes) {
        requests = takes;
    }

    /** From now on takes every message and forgets it, without a copy. */
    public void swallow() {
        swallows = true;
    }

    /** Has calls come by another signal. */
    public void calls(QueueSignal signal) {
        calls = signal;
    }

    /** Says which messages find the bus full. */
    public void full(Predicate<byte[]> when) {
        full = when;
    }

    /** What was sent, in order. */
    public List<byte[]> sent() {
        return sent;
    }

    /** Out-of-band signals, as {@code kick <device> <queue>}. */
    public List<String> signals() {
        return signals;
    }

    /** Runs something as the dispatcher would. */
    public void dispatch(Runnable task) {
        try {
            dispatcher.execute(() -> {
                dispatching = Thread.currentThread();
                task.run();
            });
        } catch (RejectedExecutionException closed) {
            // A peer that still answers when the test is over.
        }
    }

    public void connect(long peerEpoch, boolean resumed) {
        dispatch(() -> {
            connected = true;
            epoch = peerEpoch;
            BusListener listens = listener;
            if (listens != null) {
                listens.connected(peerEpoch, resumed);
            }
        });
    }

    public void disconnect(BusException cause) {
        dispatch(() -> {
            connected = false;
            BusListener listens = listener;
            if (listens != null) {
                listens.disconnected(cause);
            }
        });
    }

    /** Delivers bytes to the listener, whatever they are. */
    public void deliver(byte[] message) {
        dispatch(() -> {
            BusListener listens = listener;
            if (listens != null) {
                try (Arena arena = Arena.ofConfined()) {
                    MemorySegment copy = arena.allocate(message.length + 16L);
                    MemorySegment.copy(message, 0, copy, JAVA_BYTE, 8, message.length);
                    listens.onMessage(copy, 8, message.length);
                }
            }
        });
    }

    public BusListener listener() {
        return listener;
    }

    /** Waits until everything handed to the dispatcher so far was dispatched. */
    public void settle() throws Exception {
        peerThread.submit(() -> { }).get(10, TimeUnit.SECONDS);
        dispatcher.submit(() -> { }).get(10, TimeUnit.SECONDS);
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
    public BusAttachment attach(BusListener listens) {
        if (listener != null) {
            throw new IllegalStateException("somebody else is attached");
        }
        listener = listens;
        dispatch(() -> {
            if (connected) {
                listens.connected(epoch, false);
            }
        });
        return () -> {
            listener = null;
            if (Thread.currentThread() != dispatching && !dispatcher.isShutdown()) {
                try {
                    dispatcher.submit(() -> { }).get(10, TimeUnit.SECONDS);
                } catch (Exception failure) {
                    throw new IllegalStateException(failure);
                }
            }
        };
    }

    @Override
    public SendResult trySend(MemorySegment base, long offset, long length) {
        if (!connected) {
            return SendResult.CLOSED;
        }
        if (swallows) {
            return SendResult.SENT;
        }
        byte[] copy = base.asSlice(offset, length).toArray(JAVA_BYTE);
        if (full.test(copy)) {
            return SendResult.FULL;
        }
        sent.add(copy);
        try {
            peerThread.execute(() -> peer.take(copy));
        } catch (RejectedExecutionException closed) {
            return SendResult.CLOSED;
        }
        return SendResult.SENT;
    }

    @Override
    public void request(MemorySegment base, long offset, long length, long deadlineNanos, RequestCallback callback) {
        byte[] copy = base.asSlice(offset, length).toArray(JAVA_BYTE);
        sent.add(copy);
        peerThread.execute(() -> requests.request(copy, deadlineNanos, callback));
    }

    @Override
    public QueueSignal kick(int deviceNumber, int queue) {
        return signal("kick " + deviceNumber + " " + queue);
    }

    @Override
    public QueueSignal call(int deviceNumber, int queue) {
        return calls == null ? signal("call " + deviceNumber + " " + queue) : calls;
    }

    private QueueSignal signal(String what) {
        return new QueueSignal() {
            @Override
            public int fd() {
                return -1;
            }

            @Override
            public void signal() {
                signals.add(what);
            }

            @Override
            public void close() {
                signals.add("close " + what);
            }
        };
    }

    @Override
    public void close() {
        dispatcher.shutdownNow();
        peerThread.shutdownNow();
        memory.close();
    }
}
