// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

import vireo.bus.BusException;
import vireo.bus.BusInfo.TokenOwner;
import vireo.bus.RequestCallback;
import vireo.bus.SendResult;
import vireo.codec.Header;
import vireo.codec.MessageIds;
import vireo.codec.Reason;
import vireo.driver.RequestException;
import vireo.driver.RequestException.Kind;

/**
 * One request and its answer, for the thread that took it: fill in {@link #request()}, {@link #call}, read
 * {@link #answer()}, close. The token is the link's business (rule VMSG-COR-04, row D-10).
 *
 * <p>The waiting thread parks, so that a virtual one costs nothing; an interrupt ends the wait, and the answer that may
 * still come is dropped.
 */
public final class Exchange implements AutoCloseable {
    private static final int CLEARED = 64;
    private static final long FIRST_RETRY_NANOS = 50_000;
    private static final long LAST_RETRY_NANOS = 2_000_000;
    private static final long CAUSE_NANOS = 100_000_000;
    private static final int IDLE = 0;
    private static final int WAITING = 1;
    private static final int ANSWERED = 2;
    private static final int FAILED = 3;

    private final Link link;
    private final ExchangePool pool;
    private final long deadlineNanos;
    private final MemorySegment request;
    private final MemorySegment answer;
    private long connection;
    private int device;
    private int token;
    private int size;
    private boolean abandoned;
    private BusException cause;
    private Supplier<? extends Throwable> ending;
    private Thread waiter;
    private volatile int state = IDLE;

    Exchange(Link link, ExchangePool pool, long deadlineNanos) {
        this.link = link;
        this.pool = pool;
        this.deadlineNanos = deadlineNanos;
        int largest = link.info().maxMessageSize();
        this.request = Arena.ofAuto().allocate(largest, Long.BYTES);
        this.answer = Arena.ofAuto().allocate(largest, Long.BYTES);
    }

    Exchange fresh(long connectionNow) {
        connection = connectionNow;
        request.asSlice(0, Math.min(CLEARED, request.byteSize())).fill((byte) 0);
        abandoned = false;
        ending = null;
        size = 0;
        state = IDLE;
        return this;
    }

    /**
     * Ties the request to something that may come to an end before it is sent; then it fails at once. Whoever ends that
     * lets the supplier say so first and calls {@link Link#failRequests} then, so that no request slips in between.
     *
     * @param why gives why it is over, or null while it is not
     * @return this
     */
    public Exchange until(Supplier<? extends Throwable> why) {
        ending = why;
        return this;
    }

    /**
     * Returns where the request goes.
     *
     * @return as many bytes as the bus's largest message has; valid until {@link #close()}
     */
    public MemorySegment request() {
        return request;
    }

    /**
     * Returns the answer.
     *
     * @return a well-formed response to the request, after {@link #call}; valid until {@link #close()}
     */
    public MemorySegment answer() {
        return answer;
    }

    /**
     * Returns how long the answer was, also when {@link #call} threw because it was malformed.
     *
     * @return its msg_size; 0 if there was none
     */
    public int answerSize() {
        return size;
    }

    /**
     * Sends the request and waits for its answer for as long as is configured.
     *
     * @param length length of the request, whose header is complete but for the token
     * @return length of the answer, its msg_size
     * @throws RequestException if the answer did not come or is malformed
     */
    public int call(long length) throws RequestException {
        return call(length, deadlineNanos);
    }

    /**
     * Sends the request and waits for its answer.
     *
     * @param length length of the request, whose header is complete but for the token
     * @param timeoutNanos how long to wait
     * @return length of the answer, its msg_size
     * @throws RequestException if the answer did not come or is malformed
     */
    public int call(long length, long timeoutNanos) throws RequestException {
        long deadline = System.nanoTime() + timeoutNanos;
        link.linkCounters().increment(LinkCounters.REQUESTS);
        waiter = Thread.currentThread();
        state = WAITING;
        int own = begin(deadline);
        boolean over = false;
        try {
            Throwable ended = ending == null ? null : ending.get();
            if (ended != null) {
                throw lost(ended.getMessage(), ended);
            }
            if (link.info().tokenOwner() == TokenOwner.BUS) {
                Header.setToken(request, 0, 0);
                link.bus().request(request, 0, length, deadline, new Callback(own));
            } else {
                Header.setToken(request, 0, own);
                send(length, deadline);
            }
            await(deadline, timeoutNanos);
            over = true;
        } finally {
            if (!over) {
                giveUp();
            }
        }
        return outcome(length);
    }

    private int begin(long deadline) throws RequestException {
        try {
            return link.correlator().begin(this, Header.isBus(request, 0) ? 0 : Header.deviceNumber(request, 0),
                    connection, deadline);
        } catch (RequestException down) {
            link.linkCounters().increment(LinkCounters.REQUESTS_LOST);
            throw down;
        }
    }

    /**
     * A full bus is waited for here, by the one who wants something of it. A bus that is closed is about to say why,
     * and that is worth a moment too.
     */
    private void send(long length, long deadline) throws RequestException {
        long pause = FIRST_RETRY_NANOS;
        long closedAt = deadline;
        while (state == WAITING) {
            SendResult result = link.send(request, 0, length);
            long now = System.nanoTime();
            if (result == SendResult.SENT) {
                return;
            }
            if (result == SendResult.CLOSED && closedAt == deadline) {
                closedAt = now;
            }
            if (result == SendResult.CLOSED && now - closedAt > CAUSE_NANOS) {
                throw lost("the bus is closed or has no peer", null);
            }
            if (deadline - now <= 0) {
                throw lost("the bus was full until the deadline", null);
            }
            LockSupport.parkNanos(this, pause);
            pause = Math.min(2 * pause, LAST_RETRY_NANOS);
            if (Thread.currentThread().isInterrupted()) {
                throw lost("interrupted while the bus was full", null);
            }
        }
    }

    private void await(long deadline, long timeoutNanos) throws RequestException {
        while (state == WAITING) {
            long left = deadline - System.nanoTime();
            if (left <= 0 && abandoned()) {
                link.linkCounters().increment(LinkCounters.REQUESTS_UNANSWERED);
                throw trouble(Kind.NO_ANSWER, "no answer within " + timeoutNanos / 1_000_000 + " ms", null);
            }
            if (Thread.currentThread().isInterrupted() && abandoned()) {
                throw lost("interrupted while it waited for the answer", null);
            }
            if (left > 0) {
                LockSupport.parkNanos(this, left);
            } else {
                Thread.onSpinWait();
            }
        }
    }

    /** Tells whether nobody else will end this exchange any more. */
    private boolean abandoned() {
        abandoned = abandoned || link.correlator().abandon(this);
        return abandoned;
    }

    /** After trouble on this side: whoever is just ending this exchange must be done before it is used again. */
    private void giveUp() {
        while (!abandoned() && state == WAITING) {
            Thread.onSpinWait();
        }
    }

    private int outcome(long length) throws RequestException {
        if (state == FAILED) {
            BusException why = cause;
            if (why.reason() == BusException.Reason.TIMEOUT) {
                link.linkCounters().increment(LinkCounters.REQUESTS_UNANSWERED);
                throw trouble(Kind.NO_ANSWER, why.getMessage(), why);
            }
            throw lost(why.getMessage(), why);
        }
        // The id in a response means nothing (transport.md section 10): the request says what its answer looks like.
        answer.set(JAVA_BYTE, Header.TYPE_OFFSET, (byte) (Header.type(request, 0) | Header.RESPONSE));
        answer.set(JAVA_BYTE, Header.MSG_ID_OFFSET, request.get(JAVA_BYTE, Header.MSG_ID_OFFSET));
        Header.setToken(answer, 0, token);
        Reason reason = link.validator().check(answer, 0, size);
        if (reason != Reason.OK) {
            throw misanswered("the answer of " + size + " bytes is malformed: " + reason);
        }
        return size;
    }

    private RequestException lost(String why, Throwable because) {
        link.linkCounters().increment(LinkCounters.REQUESTS_LOST);
        return trouble(Kind.TRANSMISSION, why, because);
    }

    /**
     * Makes the exception for an answer that contradicts the request.
     *
     * @param why what is wrong with it
     * @return the exception, counted
     */
    public RequestException misanswered(String why) {
        link.linkCounters().increment(LinkCounters.REQUESTS_MISANSWERED);
        return trouble(Kind.MALFORMED_ANSWER, why, null);
    }

    /**
     * Makes an exception that names the request.
     *
     * @param kind which sort of trouble
     * @param why what happened
     * @param because the cause, or null
     * @return the exception
     */
    public RequestException trouble(Kind kind, String why, Throwable because) {
        boolean bus = Header.isBus(request, 0);
        String name = MessageIds.name(bus, Header.messageId(request, 0));
        String target = bus ? "" : " to device " + Header.deviceNumber(request, 0);
        return new RequestException(kind, name + target + " on bus " + link.info().name() + ": " + why, because);
    }

    /** Under the correlator's lock. */
    void key(int deviceNumber, int newToken) {
        device = deviceNumber;
        token = newToken;
    }

    int device() {
        return device;
    }

    boolean toBus() {
        return Header.isBus(request, 0);
    }

    int token() {
        return token;
    }

    /** By whoever the correlator gave this exchange to, and nobody else. */
    void answered(MemorySegment base, long offset, int received) {
        MemorySegment.copy(base, offset, answer, 0, received);
        size = received;
        end(ANSWERED);
    }

    void failed(BusException why) {
        cause = why;
        end(FAILED);
    }

    private void end(int how) {
        Thread wakes = waiter;
        state = how;
        LockSupport.unpark(wakes);
    }

    /** Gives the buffers back. */
    @Override
    public void close() {
        pool.give(this);
    }

    /** The way back where the bus matches; the token is known here only. */
    private final class Callback implements RequestCallback {
        private final int own;

        Callback(int own) {
            this.own = own;
        }

        @Override
        public void onResponse(MemorySegment base, long offset, long length) {
            int received = length < Header.BYTES ? 0 : Header.size(base, offset);
            Exchange waiting = link.correlator().ended(Exchange.this, own);
            if (waiting == null) {
                link.linkCounters().increment(LinkCounters.RESPONSES_LATE);
            } else if (received > length || received > answer.byteSize()) {
                waiting.answered(base, offset, 0);
            } else {
                waiting.answered(base, offset, received);
            }
        }

        @Override
        public void onFailure(BusException why) {
            Exchange waiting = link.correlator().ended(Exchange.this, own);
            if (waiting != null) {
                waiting.failed(why);
            }
        }
    }
}
