// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.bus.BusAttachment;
import vireo.bus.BusException;
import vireo.bus.BusInfo;
import vireo.bus.BusInfo.TokenOwner;
import vireo.bus.BusListener;
import vireo.bus.MessageBus;
import vireo.bus.SendResult;
import vireo.bus.WireProfile;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.Reason;
import vireo.codec.Validator;
import vireo.driver.RequestException;
import vireo.memory.GuestMemory;
import vireo.observe.CounterSet;
import vireo.observe.LogLimit;
import vireo.slot.SlotControl;
import vireo.transport.BusView;

/**
 * One attached bus: judges what arrives, answers PING, matches responses with requests, and hands the rest to its
 * {@link LinkOwner}; sends, and tries again when the bus was full.
 *
 * <p>What is malformed is counted and dropped without an answer (rules VMSG-ERR-04 to 08). Sending is legal from any
 * thread, never blocks and allocates nothing.
 */
public final class Link implements BusListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Link.class);

    private final MessageBus bus;
    private final BusInfo info;
    private final LinkCounters counters;
    private final Validator validator;
    private final LogLimit limit = LogLimit.usual();
    private final Correlator correlator;
    private final ExchangePool exchanges;
    private final PingResponder pings;
    private final Flusher flusher;
    private final PeerState peer;
    private final SerialExecutor lifecycle;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile LinkOwner owner;
    private volatile BusAttachment attachment;

    /**
     * Makes a link that is not attached yet.
     *
     * @param bus the bus
     * @param settings deadlines
     * @param timers for trying again
     */
    public Link(MessageBus bus, Settings settings, Timers timers) {
        this(bus, settings, timers, new Correlator(bus.info().maxInFlight(), settings.deadlineNanos()));
    }

    /** For tests, which need another supply of tokens. */
    Link(MessageBus bus, Settings settings, Timers timers, Correlator correlator) {
        this.bus = bus;
        this.info = bus.info();
        this.counters = new LinkCounters(info);
        this.validator = new Validator(info);
        this.correlator = correlator;
        this.exchanges = new ExchangePool(this, settings.deadlineNanos());
        this.pings = new PingResponder(this, counters);
        this.peer = new PeerState(this, timers, settings.stallNanos());
        this.flusher = new Flusher(timers, this::flushAll, peer::nothingWaits,
                () -> counters.set().get(LinkCounters.SENT));
        this.lifecycle = new SerialExecutor("vireo-bus-" + info.name());
    }

    /**
     * Attaches to the bus.
     *
     * @param listens told of everything from now on
     * @throws IllegalStateException if somebody else is attached to the bus, or it is closed
     */
    public void start(LinkOwner listens) {
        owner = listens;
        BusAttachment made = bus.attach(this);
        attachment = made;
        if (closed.get()) {
            made.close();
        }
    }

    /**
     * Returns what the bus is.
     *
     * @return its description
     */
    public BusInfo info() {
        return info;
    }

    /**
     * Returns the bus, for its queue signals.
     *
     * @return the bus
     */
    public MessageBus bus() {
        return bus;
    }

    /**
     * Returns the memory in which addresses of the bus's messages live.
     *
     * @return the memory
     */
    public GuestMemory memory() {
        return bus.memory();
    }

    /**
     * Returns the executor for what may block or belongs to others; it lives as long as the link.
     *
     * @return the bus's lifecycle executor
     */
    public SerialExecutor lifecycle() {
        return lifecycle;
    }

    /**
     * Returns the counters, for their owner to register.
     *
     * @return the link's counters
     */
    public CounterSet counters() {
        return counters.set();
    }

    /**
     * Tells whether a peer is there.
     *
     * @return true between {@link LinkOwner#connected} and {@link LinkOwner#disconnected}
     */
    public boolean connected() {
        return peer.up();
    }

    /**
     * Describes the bus at this moment.
     *
     * @param devices what to show as the number of devices
     * @return the view
     */
    public BusView view(int devices) {
        return new BusView(info, peer.up(), peer.epoch(), devices, correlator.inFlight(), counters.set().values());
    }

    /**
     * Sends one message if that can be done without waiting. On FULL the caller first notes what is to be sent, then
     * calls {@link #flushLater()}; {@link LinkOwner#flush()} is then the place to send it.
     *
     * @param base segment that holds the message; native memory, not used after the call
     * @param offset where the message starts
     * @param length its length in bytes
     * @return what became of it; CLOSED while no peer is there
     */
    public SendResult send(MemorySegment base, long offset, long length) {
        if (!peer.up()) {
            return SendResult.CLOSED;
        }
        SendResult result = trySend(base, offset, length);
        if (result == SendResult.SENT) {
            counters.increment(LinkCounters.SENT);
            peer.took();
        } else if (result == SendResult.FULL) {
            counters.increment(LinkCounters.FULL);
            peer.full();
        }
        return result;
    }

    /** A bus that throws has not taken the message; what its callers keep count of must not depend on it. */
    private SendResult trySend(MemorySegment base, long offset, long length) {
        try {
            return bus.trySend(base, offset, length);
        } catch (RuntimeException | LinkageError failure) {
            counters.increment(LinkCounters.FAILURES);
            return SendResult.CLOSED;
        }
    }

    /** Asks for {@link LinkOwner#flush()}, on a timer and whenever a message arrives, until it says true. */
    public void flushLater() {
        flusher.request();
    }

    private boolean flushAll() {
        try {
            boolean pinged = pings.flush();
            return owner.flush() && pinged;
        } catch (RuntimeException | LinkageError failure) {
            counters.increment(LinkCounters.FAILURES);
            log("could not send what was pending, {} requests are in flight", correlator.inFlight(), failure);
            return false;
        }
    }

    /**
     * Takes a request to fill in, for whichever peer is there now. Close it in the same method: its buffers are used
     * again.
     *
     * @return the exchange
     */
    public Exchange exchange() {
        return exchanges.take(correlator.connection());
    }

    /**
     * Takes a request that fails if the connection is not the one it belongs to.
     *
     * @param connection what {@link #connection()} gave
     * @return the exchange
     */
    public Exchange exchange(long connection) {
        return exchanges.take(connection);
    }

    /**
     * Returns which connection this is.
     *
     * @return a number that differs for each {@link LinkOwner#connected}
     */
    public long connection() {
        return correlator.connection();
    }

    /**
     * Fails the requests to a device that wait for their answer.
     *
     * @param device device number
     * @param cause why
     */
    public void failRequests(int device, BusException cause) {
        correlator.gone(device, cause);
    }

    /**
     * Sends PING and waits for the answer, by which a peer shows that it is alive (transport.md section 15.2).
     *
     * @param timeout how long to wait
     * @return how long it took, in nanoseconds
     * @throws RequestException if the answer did not come or is not the one to this PING
     */
    public long ping(Duration timeout) throws RequestException {
        return Pings.ask(this, timeout.toNanos());
    }

    @Override
    public void onMessage(MemorySegment base, long offset, long length) {
        counters.increment(LinkCounters.RECEIVED);
        try {
            if (peer.admits()) {
                route(base, offset, length);
            } else {
                counters.increment(LinkCounters.UNCONNECTED);
            }
        } catch (RuntimeException | LinkageError failure) {
            counters.increment(LinkCounters.FAILURES);
            log("could not handle a message of {} bytes", length, failure);
        } finally {
            flusher.now();
        }
    }

    private void route(MemorySegment base, long offset, long length) {
        if (length >= Header.BYTES && Header.isResponse(base, offset)) {
            response(base, offset, length);
            return;
        }
        Reason reason = validator.check(base, offset, length);
        if (reason != Reason.OK) {
            drop(reason, length);
        } else if (Header.isBus(base, offset) && Header.messageId(base, offset) == MessageIds.BUS_PING) {
            pings.answer(base, offset);
        } else {
            owner.received(base, offset, Header.size(base, offset));
        }
    }

    /** Only the header of a response is judged here: its layout is that of its request, whatever id it claims. */
    private void response(MemorySegment base, long offset, long length) {
        int size = Header.size(base, offset);
        if (size < Header.BYTES || size > length || size > info.maxMessageSize()) {
            drop(validator.check(base, offset, length), length);
            return;
        }
        int token = Header.token(base, offset);
        Exchange waiting = info.tokenOwner() == TokenOwner.BUS ? null : match(base, offset, token);
        if (waiting != null) {
            waiting.answered(base, offset, size);
        } else {
            counters.increment(correlator.rests(token) ? LinkCounters.RESPONSES_LATE
                    : LinkCounters.RESPONSES_UNMATCHED);
        }
    }

    /** Neither the id nor the bus bit is part of the key; V1 ignores the device number of a bus message (row D-18). */
    private Exchange match(MemorySegment base, long offset, int token) {
        Exchange waiting = correlator.answered(Header.deviceNumber(base, offset), token);
        boolean anyDevice = info.profile() == WireProfile.V1 && Header.isBus(base, offset);
        return waiting == null && anyDevice ? correlator.answered(0, token) : waiting;
    }

    private void drop(Reason reason, long length) {
        counters.malformed(reason);
        long held = limit.permit();
        if (held >= 0) {
            LOG.warn("bus {}: dropped a message of {} bytes: {}; {} more were not logged", info.name(), length,
                    reason, held);
        }
    }

    private void log(String what, long value, Throwable failure) {
        long held = limit.permit();
        if (held >= 0) {
            LOG.warn("bus " + info.name() + ": " + what + "; {} more were not logged", value, held, failure);
        }
    }

    @Override
    public void connected(long peerEpoch, boolean resumed) {
        peer.connected(peerEpoch, resumed);
    }

    @Override
    public void disconnected(BusException cause) {
        peer.disconnected(cause);
    }

    @Override
    public void onKick(int deviceNumber, int queue) {
        owner.kicked(deviceNumber, queue);
    }

    @Override
    public void onCall(int deviceNumber, int queue) {
        owner.called(deviceNumber, queue);
    }

    @Override
    public void requestFailed(int token, BusException cause) {
        Exchange waiting = correlator.failed(token);
        if (waiting == null) {
            counters.increment(LinkCounters.RESPONSES_UNMATCHED);
        } else {
            waiting.failed(cause);
        }
    }

    @Override
    public Optional<SlotControl> slot(int deviceNumber) {
        LinkOwner listens = owner;
        return listens == null ? Optional.empty() : listens.slot(deviceNumber);
    }

    /** Runs what is the owner's; an exception of it is counted and costs nothing else. */
    void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException | LinkageError failure) {
            counters.increment(LinkCounters.FAILURES);
            log("could not deal with a change of the peer, {} requests are in flight", correlator.inFlight(), failure);
        }
    }

    Correlator correlator() {
        return correlator;
    }

    Validator validator() {
        return validator;
    }

    LinkOwner owner() {
        return owner;
    }

    LinkCounters linkCounters() {
        return counters;
    }

    /** Detaches, fails what is in flight and waits for what runs; legal from any callback. Idempotent. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        BusAttachment tie = attachment;
        if (tie != null) {
            tie.close();
        }
        peer.close();
        correlator.down(new BusException(BusException.Reason.CLOSED, "bus " + info.name()
                + " was detached from the transport"));
        flusher.close();
        lifecycle.close();
    }
}
