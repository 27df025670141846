// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import vireo.bus.BusException;
import vireo.bus.BusInfo;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.driver.RequestException;
import vireo.slot.SlotControl;

/** A link on a fake bus, whose owner takes notes. */
final class LinkFixture implements AutoCloseable, LinkOwner {
    static final BusInfo INFO = BusInfo.inBand("b", BusInfo.Role.DRIVER, WireProfile.RFC3, 264);

    final FakeBus bus;
    final Timers timers = new Timers();
    final Link link;
    final List<String> notes = new CopyOnWriteArrayList<>();
    final AtomicInteger pending = new AtomicInteger();
    private final MemorySegment event = MemorySegment.ofArray(Messages.message(0, MessageIds.EVENT_AVAIL, 1, 0, 0, 0));

    LinkFixture(BusInfo info, Settings settings) {
        bus = new FakeBus(info, 65536);
        link = new Link(bus, settings, timers);
    }

    /** A link whose peer is there; requests have the given deadline. */
    static LinkFixture connected(long deadlineMillis) throws Exception {
        return connected(INFO, deadlineMillis, 60_000);
    }

    static LinkFixture connected(BusInfo info, long deadlineMillis, long stallMillis) throws Exception {
        LinkFixture made = new LinkFixture(info, Settings.of(deadlineMillis, stallMillis, 1, 0));
        made.link.start(made);
        made.bus.connect(1, false);
        Await.until(() -> made.notes.contains("connected 1 false"));
        return made;
    }

    /** Asks a device for its status. */
    int status(int device) throws RequestException {
        try (Exchange exchange = link.exchange()) {
            exchange.call(Header.putEmpty(exchange.request(), 0, 0, MessageIds.GET_DEVICE_STATUS, device, 0));
            return exchange.answer().get(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, 8);
        }
    }

    long count(String what) {
        return link.counters().values().get("vireo_link_" + what + "_total");
    }

    @Override
    public void received(MemorySegment base, long offset, long length) {
        notes.add("received " + Header.messageId(base, offset) + " " + length);
    }

    /** Sends as many events as are pending. */
    @Override
    public boolean flush() {
        while (pending.get() > 0) {
            switch (link.send(event, 0, 16)) {
                case SENT, CLOSED -> pending.decrementAndGet();
                case FULL -> {
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void connected(long peerEpoch, boolean resumed) {
        notes.add("connected " + peerEpoch + " " + resumed);
    }

    @Override
    public void disconnected(BusException cause) {
        notes.add("disconnected " + cause.reason());
    }

    @Override
    public void kicked(int device, int queue) {
        notes.add("kicked " + device + " " + queue);
    }

    @Override
    public void called(int device, int queue) {
        notes.add("called " + device + " " + queue);
    }

    @Override
    public Optional<SlotControl> slot(int device) {
        return Optional.empty();
    }

    @Override
    public void close() {
        link.close();
        bus.close();
        timers.close();
    }
}
