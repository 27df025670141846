// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import vireo.bus.SendResult;
import vireo.codec.bus.EventDevice;
import vireo.codec.device.EventConfig;
import vireo.transport.core.Link;

/**
 * What a device-role bus has to send: responses in the order they were made, and events as pending bits. One thread at
 * a time sends, whoever comes first, and no lock is held while it does. When the bus is full everything stays as it is
 * until the link says that there may be room.
 *
 * <p>EVENT_USED goes past all this as long as the bus has room, since it has no order with anything.
 */
final class Outbox {
    private final DeviceBus bus;
    private final ConcurrentLinkedQueue<Message> responses = new ConcurrentLinkedQueue<>();
    private final DeviceEvents devices = new DeviceEvents();
    /** Slots with something to tell, last come first. */
    private final AtomicReference<SlotEvents> slots = new AtomicReference<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private final MemorySegment scratch = Arena.ofAuto().allocate(Message.room(Integer.MAX_VALUE), Long.BYTES);
    private final EventConfig event = new EventConfig();
    private final EventDevice deviceEvent = new EventDevice();

    Outbox(DeviceBus bus) {
        this.bus = bus;
    }

    /** Room for one event, for whoever sends. */
    MemorySegment scratch() {
        return scratch;
    }

    EventConfig event() {
        return event;
    }

    /** How long a message may be. */
    int room() {
        return Message.room(bus.maxMessageSize());
    }

    SendResult send(MemorySegment base, long offset, long length) {
        Link link = bus.link();
        return link == null ? SendResult.CLOSED : link.send(base, offset, length);
    }

    /** Sends a response after all before it; gives the message back once it is sent or has become pointless. */
    void put(Message response) {
        responses.add(response);
        drain();
    }

    void put(SlotEvents slot) {
        push(slot);
        drain();
    }

    /** The bus was full on the data path: the slot has its turn when there is room. */
    void later(SlotEvents slot) {
        push(slot);
        retry();
    }

    void came(int number) {
        devices.came(number);
        drain();
    }

    void went(int number) {
        devices.went(number);
        drain();
    }

    /** A driver that begins asks for everything by itself. */
    void begin() {
        devices.forget();
    }

    private void push(SlotEvents slot) {
        if (slot.list()) {
            SlotEvents first = slots.get();
            do {
                first = slots.get();
                slot.next(first);
            } while (!slots.compareAndSet(first, slot));
        }
    }

    private void retry() {
        Link link = bus.link();
        if (link != null) {
            link.flushLater();
        }
    }

    /** Sends what there is. */
    void drain() {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            if (!devices() || !responses() || !slots()) {
                retry();
            }
            seen = wanted.addAndGet(-seen);
        } while (seen != 0);
    }

    boolean isEmpty() {
        return responses.isEmpty() && slots.get() == null && wanted.get() == 0
                && (devices.isEmpty() || !bus.connected());
    }

    private boolean devices() {
        for (DeviceEvents.Event first = devices.first(); first != null; first = devices.first()) {
            EventDevice message = deviceEvent.create(scratch, 0, first.number(), first.state());
            SendResult result = send(scratch, 0, message.messageSize());
            if (result != SendResult.SENT) {
                return result == SendResult.CLOSED;
            }
            devices.told(first);
        }
        return true;
    }

    private boolean responses() {
        for (Message first = responses.peek(); first != null; first = responses.peek()) {
            if (first.connection() == bus.connection() && !respond(first)) {
                return false;
            }
            responses.poll();
            first.release();
        }
        return true;
    }

    /** EVENT_CONFIG leaves before the first response that shows its effect. */
    private boolean respond(Message message) {
        SlotEvents events = message.events();
        boolean shows = events != null && message.change() != Message.NO_CHANGE;
        if (shows && events.config().changesTold() < message.change() && !events.tellConfig()) {
            return false;
        }
        SendResult result = send(message.response(), 0, message.length());
        if (shows && result == SendResult.SENT && events.config().changesTold() > message.change()) {
            // The news were newer than the response that came after them: the driver has to look once more.
            events.config().announce(true);
            push(events);
        }
        return result != SendResult.FULL;
    }

    private boolean slots() {
        SlotEvents first = slots.getAndSet(null);
        while (first != null) {
            SlotEvents slot = first;
            first = slot.next();
            slot.next(null);
            slot.unlist();
            if (!slot.flush()) {
                push(slot);
                while (first != null) {
                    first = putBack(first);
                }
                return false;
            }
        }
        return true;
    }

    private SlotEvents putBack(SlotEvents slot) {
        SlotEvents after = slot.next();
        slot.unlist();
        push(slot);
        return after;
    }
}
