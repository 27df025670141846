// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import vireo.bus.SendResult;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.device.EventConfig;

/**
 * What a slot has to tell its driver: one bit for each queue with used buffers, and the news of its configuration and
 * status. Nothing queues up however long the bus is full.
 */
final class SlotEvents {
    private static final int USED_SIZE = 12;
    private static final int USED_STRIDE = 16;

    private final int number;
    private final SlotRegisters registers;
    private final ConfigSpace config;
    private final Outbox outbox;
    private final SlotCounters counters;
    /** One complete EVENT_USED for each queue. */
    private final MemorySegment usedMessages;
    private final AtomicLong used = new AtomicLong();
    private final AtomicBoolean listed = new AtomicBoolean();
    private SlotEvents next;

    SlotEvents(int number, SlotRegisters registers, ConfigSpace config, Outbox outbox, SlotCounters counters) {
        this.number = number;
        this.registers = registers;
        this.config = config;
        this.outbox = outbox;
        this.counters = counters;
        int queues = registers.queueCount();
        usedMessages = Arena.ofAuto().allocate(Math.max(1, queues) * (long) USED_STRIDE, Long.BYTES);
        for (int queue = 0; queue < queues; queue++) {
            long at = queue * (long) USED_STRIDE;
            Header.put(usedMessages, at, 0, MessageIds.EVENT_USED, number, 0, USED_SIZE);
            usedMessages.set(ValueLayout.JAVA_BYTE, at + Header.BYTES, (byte) queue);
        }
    }

    ConfigSpace config() {
        return config;
    }

    /** Tells the driver of used buffers, now if the bus has room. On the data path: any thread, no lock, no garbage. */
    void used(int queue) {
        SendResult result = outbox.send(usedMessages, queue * (long) USED_STRIDE, USED_SIZE);
        counters.increment(SlotCounters.CALLS);
        if (result != SendResult.SENT) {
            keep(1L << queue);
            if (result == SendResult.FULL) {
                counters.increment(SlotCounters.CALLS_HELD);
                outbox.later(this);
            }
        }
    }

    private void keep(long bits) {
        long now = used.get();
        while (!used.compareAndSet(now, now | bits)) {
            now = used.get();
        }
    }

    /** Configuration or status changed by the device itself; the driver is told before it sees any effect. */
    void changed() {
        outbox.put(this);
    }

    /** A reset: what was to be told means nothing any more. */
    void forget() {
        used.set(0);
    }

    /** Sends what is pending; false if the bus was full. Only the outbox calls this and the next. */
    boolean flush() {
        if (!tellConfig()) {
            return false;
        }
        long bits = used.getAndSet(0);
        if ((registers.status() & StatusMachine.DRIVER_OK) == 0) {
            // The bus was full so long that the driver reset the device meanwhile (rules VQ-STS-07 and VQ-RST-02).
            return true;
        }
        while (bits != 0) {
            int queue = Long.numberOfTrailingZeros(bits);
            SendResult result = outbox.send(usedMessages, queue * (long) USED_STRIDE, USED_SIZE);
            if (result != SendResult.SENT) {
                keep(bits);
                return result == SendResult.CLOSED;
            }
            bits &= bits - 1;
        }
        return true;
    }

    /** Sends the newest state of configuration and status if there is news; false if the bus was full. */
    boolean tellConfig() {
        if (!config.pending()) {
            return true;
        }
        ConfigSpace.News news = config.take(EventConfig.capacity(outbox.room()));
        int status = registers.status();
        if (news == null) {
            return true;
        }
        if (status == 0) {
            // No notification between a reset and the driver's next step (transport.md section 17, item 24).
            config.told(news);
            return true;
        }
        EventConfig event = outbox.event().create(outbox.scratch(), 0, number, news.data().length).status(status)
                .generation(news.generation()).configOffset(news.offset());
        event.putData(news.data(), 0, news.data().length);
        SendResult result = outbox.send(outbox.scratch(), 0, event.messageSize());
        if (result == SendResult.SENT) {
            config.told(news);
            counters.increment(SlotCounters.CONFIG_EVENTS);
        } else {
            config.untake(news);
        }
        return result != SendResult.FULL;
    }

    /** True for the first who wants it on the outbox's list. */
    boolean list() {
        return !listed.get() && listed.compareAndSet(false, true);
    }

    void unlist() {
        listed.set(false);
    }

    SlotEvents next() {
        return next;
    }

    void next(SlotEvents after) {
        next = after;
    }
}
