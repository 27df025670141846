// SPDX-License-Identifier: Apache-2.0
package vireo.transport.core;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import vireo.bus.BusException;
import vireo.driver.RequestException;

/**
 * Gives each request a token and finds the request again that a response belongs to, by (dev_num, token) and nothing
 * else (transport.md section 10). A token is unique on the bus whatever the device, and rests after its request failed,
 * so that a late response is never taken for the answer to a newer request.
 */
final class Correlator {
    private static final int FIRST = 0x0001;
    private static final int LAST = 0x7fff;

    private final int maxInFlight;
    private final long restNanos;
    private final int first;
    private final int last;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<Integer, Exchange> waiting = new HashMap<>();
    private final ArrayDeque<Resting> resting = new ArrayDeque<>();
    /** Tokens that wait or rest. */
    private final BitSet taken = new BitSet();
    private BusException down = new BusException(BusException.Reason.PEER_LOST, "no peer has connected yet");
    private int next;
    private long connection;

    /** A token that may still be answered although nobody waits any more. */
    private record Resting(int token, long untilNanos) {
    }

    Correlator(int maxInFlight, long deadlineNanos) {
        this(maxInFlight, 2 * deadlineNanos, FIRST, LAST);
    }

    /** For tests, which cannot wait for 32767 tokens to come round. */
    Correlator(int maxInFlight, long restNanos, int first, int last) {
        this.maxInFlight = maxInFlight;
        this.restNanos = restNanos;
        this.first = first;
        this.last = last;
        this.next = first;
    }

    /** A connection is there; its tokens start somewhere else, so that those of the one before mean nothing. */
    void up() {
        lock.lock();
        try {
            down = null;
            connection++;
            next = ThreadLocalRandom.current().nextInt(first, last + 1);
        } finally {
            lock.unlock();
        }
    }

    /** Returns which connection this is, or was last; a request that belongs to another one is not sent. */
    long connection() {
        lock.lock();
        try {
            return connection;
        } finally {
            lock.unlock();
        }
    }

    /** The connection is gone: everybody who waits fails now. */
    void down(BusException cause) {
        List<Exchange> failed;
        lock.lock();
        try {
            down = cause;
            failed = take(exchange -> true);
        } finally {
            lock.unlock();
        }
        failed.forEach(exchange -> exchange.failed(cause));
    }

    /** A device is gone: everybody who waits for it fails now. */
    void gone(int device, BusException cause) {
        List<Exchange> failed;
        lock.lock();
        try {
            failed = take(exchange -> exchange.device() == device && !exchange.toBus());
        } finally {
            lock.unlock();
        }
        failed.forEach(exchange -> exchange.failed(cause));
    }

    private List<Exchange> take(Predicate<Exchange> which) {
        List<Exchange> found = waiting.values().stream().filter(which).toList();
        for (Exchange exchange : found) {
            waiting.remove(exchange.token());
            rest(exchange.token());
        }
        changed.signalAll();
        return found;
    }

    /**
     * Lets a request go ahead: waits until fewer than the allowed number are in flight and a token is free.
     *
     * @return the token, under which the exchange is now found
     */
    int begin(Exchange exchange, int device, long belongsTo, long deadline) throws RequestException {
        lock.lock();
        try {
            while (true) {
                if (down == null && belongsTo != connection) {
                    throw exchange.trouble(RequestException.Kind.TRANSMISSION, "the connection was lost meanwhile; "
                            + "the peer has connected again, and what it offers was found anew", null);
                }
                if (down != null) {
                    throw exchange.trouble(RequestException.Kind.TRANSMISSION, down.getMessage(), down);
                }
                int token = waiting.size() < maxInFlight ? free() : 0;
                if (token != 0) {
                    taken.set(token);
                    exchange.key(device, token);
                    waiting.put(token, exchange);
                    return token;
                }
                await(exchange, deadline);
            }
        } finally {
            lock.unlock();
        }
    }

    private void await(Exchange exchange, long deadline) throws RequestException {
        long now = System.nanoTime();
        if (deadline - now <= 0) {
            throw exchange.trouble(RequestException.Kind.TRANSMISSION, "not sent in time, " + waiting.size()
                    + " requests are in flight and " + resting.size() + " tokens rest", null);
        }
        long until = resting.isEmpty() ? deadline - now : Math.min(deadline - now,
                Math.max(1, resting.peek().untilNanos() - now));
        try {
            changed.awaitNanos(until);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw exchange.trouble(RequestException.Kind.TRANSMISSION, "interrupted before it was sent", interrupt);
        }
    }

    private int free() {
        long now = System.nanoTime();
        while (!resting.isEmpty() && resting.peek().untilNanos() - now <= 0) {
            taken.clear(resting.poll().token());
        }
        int token = taken.nextClearBit(next);
        if (token > last) {
            token = taken.nextClearBit(first);
        }
        if (token > last) {
            return 0;
        }
        next = token == last ? first : token + 1;
        return token;
    }

    private void rest(int token) {
        if (restNanos > 0) {
            resting.add(new Resting(token, System.nanoTime() + restNanos));
        } else {
            taken.clear(token);
        }
    }

    /** Takes a token that nobody waits for, for a message whose answer does not matter; 0 if there is none. */
    int unawaited() {
        lock.lock();
        try {
            int token = free();
            if (token != 0) {
                taken.set(token);
                rest(token);
            }
            return token;
        } finally {
            lock.unlock();
        }
    }

    /** Finds who waits for a response; from then on the caller, and nobody else, ends that exchange. */
    Exchange answered(int device, int token) {
        lock.lock();
        try {
            Exchange exchange = waiting.get(token);
            if (exchange == null || exchange.device() != device) {
                return null;
            }
            waiting.remove(token);
            taken.clear(token);
            changed.signalAll();
            return exchange;
        } finally {
            lock.unlock();
        }
    }

    /** Like {@link #answered}, where the bus knows whose answer it is. */
    Exchange ended(Exchange exchange, int token) {
        lock.lock();
        try {
            if (!waiting.remove(token, exchange)) {
                return null;
            }
            taken.clear(token);
            changed.signalAll();
            return exchange;
        } finally {
            lock.unlock();
        }
    }

    /** Like {@link #answered}, for a request that failed; its token rests. */
    Exchange failed(int token) {
        lock.lock();
        try {
            Exchange exchange = waiting.remove(token);
            if (exchange != null) {
                rest(token);
                changed.signalAll();
            }
            return exchange;
        } finally {
            lock.unlock();
        }
    }

    /** Gives a request up, unless somebody is about to end it. */
    boolean abandon(Exchange exchange) {
        lock.lock();
        try {
            if (!waiting.remove(exchange.token(), exchange)) {
                return false;
            }
            rest(exchange.token());
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean rests(int token) {
        lock.lock();
        try {
            return taken.get(token) && !waiting.containsKey(token);
        } finally {
            lock.unlock();
        }
    }

    int inFlight() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }
}
