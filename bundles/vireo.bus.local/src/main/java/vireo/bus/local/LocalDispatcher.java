// SPDX-License-Identifier: Apache-2.0
package vireo.bus.local;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.BusAttachment;
import vireo.bus.BusException;
import vireo.bus.BusInfo.Role;
import vireo.bus.BusListener;
import vireo.observe.LogLimit;
import vireo.os.duty.Duty;
import vireo.os.duty.DutyThread;

/** One attached side: its listener, and the one thread that calls it. */
final class LocalDispatcher implements Duty, BusAttachment, SignalBits.Taker {

    private static final Logger LOG = LoggerFactory.getLogger(LocalDispatcher.class);

    /** Messages handed up before notifications and the peer are looked at again. */
    private static final int BATCH = 64;

    private final LocalBus bus;
    private final Role role;
    private final BusListener listener;
    private final long epoch;
    private final LogLimit limit = LogLimit.usual();
    private volatile boolean detached;
    private volatile DutyThread thread;
    /** What the listener was told of last, and its messages; only this thread uses them. */
    private LocalConnection announced;
    private MessageQueue messages;
    private SignalBits signals;

    LocalDispatcher(LocalBus bus, Role role, BusListener listener, long epoch) {
        this.bus = bus;
        this.role = role;
        this.listener = listener;
        this.epoch = epoch;
    }

    void start() {
        thread = DutyThread.start("vireo-local-" + bus.settings().name() + "-" + LocalSettings.key(role), this,
                bus.settings().pollNanos(), this::failed);
    }

    boolean isStarted() {
        return thread != null;
    }

    void wake() {
        thread.wake();
    }

    long epoch() {
        return epoch;
    }

    Role role() {
        return role;
    }

    boolean isCurrentThread() {
        DutyThread mine = thread;
        return mine != null && mine.isCurrentThread();
    }

    @Override
    public int work() {
        LocalConnection now = bus.connectionOf(this);
        if (now != announced) {
            change(now);
            return 1;
        }
        return announced == null ? 0 : deliver(BATCH) + deliverSignals();
    }

    /** Tells of the end of a connection and of the beginning of the next in two steps, so that none is missed. */
    private void change(LocalConnection now) {
        if (announced == null) {
            announced = now;
            messages = now.to(role);
            signals = now.signalsTo(role);
            connected(now.peerOf(role).epoch());
            return;
        }
        // What was sent before the end comes before it; nothing is added any more.
        deliver(Integer.MAX_VALUE);
        BusException cause = announced.end();
        announced = null;
        disconnected(cause);
    }

    private int deliver(int most) {
        MessageQueue queue = messages;
        int count = 0;
        while (count < most && !detached && queue.hasMessage()) {
            count++;
            if (queue.length() >= 0) {
                deliver(queue);
            }
            queue.remove();
        }
        return count;
    }

    private void deliver(MessageQueue queue) {
        try {
            listener.onMessage(queue.memory(), queue.offset(), queue.length());
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    private int deliverSignals() {
        return signals == null ? 0 : signals.take(this);
    }

    @Override
    public void notified(int device, int queue) {
        if (detached) {
            return;
        }
        try {
            if (role == Role.DEVICE) {
                listener.onKick(device, queue);
            } else {
                listener.onCall(device, queue);
            }
        } catch (Throwable failure) {
            failed(failure);
        }
    }

    private void connected(long peerEpoch) {
        if (!detached) {
            try {
                // Never resumed: the peer was told of an end too, and may have given its memory to other uses since.
                listener.connected(peerEpoch, false);
            } catch (Throwable failure) {
                failed(failure);
            }
        }
    }

    private void disconnected(BusException cause) {
        if (!detached) {
            try {
                listener.disconnected(cause);
            } catch (Throwable failure) {
                failed(failure);
            }
        }
    }

    private void failed(Throwable failure) {
        bus.counters().increment(LocalCounters.CALLBACK_FAILURES);
        long held = limit.permit();
        if (held >= 0) {
            LOG.warn("bus {} ({}): a callback failed; {} more were not logged", bus.settings().name(),
                    LocalSettings.key(role), held, failure);
        }
    }

    /** The bus was closed under the listener, or the listener went: it hears of the former and not of the latter. */
    @Override
    public void ended() {
        if (announced != null) {
            discard();
            disconnected(announced.end());
        }
        bus.ended(this);
    }

    private void discard() {
        while (messages.hasMessage()) {
            messages.remove();
            bus.counters().increment(LocalCounters.DISCARDED);
        }
    }

    @Override
    public void close() {
        detached = true;
        bus.detach(this);
        stop();
    }

    /** Ends the thread, and waits for that unless called from a callback of this bus: two could wait for each other. */
    void stop() {
        DutyThread mine = thread;
        if (mine == null) {
            return;
        }
        mine.stop();
        if (!bus.isDispatcher()) {
            mine.close();
        }
    }
}
