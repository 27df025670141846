// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import vireo.device.QueueBrokenException;
import vireo.driver.DriverQueue;
import vireo.driver.UsedHandler;

/** A queue without rings: chains as objects, and a device end that may do what it likes. */
final class FakeQueue implements DriverQueue {

    record Element(long address, long length, boolean writable) {
    }

    record Used(int id, long written) {
    }

    record Sent(int id, List<Element> elements) {
    }

    private final FakeDevice device;
    private final int index;
    private final int size;
    private final Waker waker;
    private final Deque<Integer> ids = new ArrayDeque<>();
    private final Map<Integer, List<Element>> inFlight = new HashMap<>();
    private final Deque<Used> used = new ArrayDeque<>();
    private final Deque<Sent> submitted = new ArrayDeque<>();
    private List<Element> building = new ArrayList<>();
    private int descriptors;
    private boolean armed;
    private boolean dead;
    private Thread user;

    FakeQueue(FakeDevice device, int index, int size, Waker waker) {
        this.device = device;
        this.index = index;
        this.size = size;
        this.waker = waker;
        for (int i = 0; i < size; i++) {
            ids.add(i);
        }
    }

    @Override
    public int index() {
        return index;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public synchronized int room() {
        return size - descriptors;
    }

    @Override
    public void readable(long address, long length) {
        if (!building.isEmpty() && building.getLast().writable()) {
            throw new IllegalStateException("readable after writable");
        }
        building.add(new Element(address, length, false));
    }

    @Override
    public void writable(long address, long length) {
        building.add(new Element(address, length, true));
    }

    @Override
    public synchronized int submit() {
        enter();
        try {
            List<Element> chain = building;
            building = new ArrayList<>();
            if (descriptors + chain.size() > size) {
                return FULL;
            }
            descriptors += chain.size();
            int id = ids.remove();
            inFlight.put(id, chain);
            submitted.add(new Sent(id, chain));
            return id;
        } finally {
            user = null;
        }
    }

    @Override
    public void kick() {
        List<Sent> fresh;
        synchronized (this) {
            enter();
            user = null;
            fresh = new ArrayList<>(submitted);
            submitted.clear();
        }
        fresh.forEach(sent -> device.deliver(this, sent));
    }

    @Override
    public int poll(UsedHandler handler, int limit) {
        int done = 0;
        while (done < limit) {
            Used next;
            synchronized (this) {
                enter();
                user = null;
                next = used.poll();
                if (next == null) {
                    return done;
                }
                List<Element> chain = inFlight.remove(next.id());
                if (chain == null && !device.rawIds) {
                    throw new QueueBrokenException("id " + next.id() + " is not in flight");
                }
                if (chain != null) {
                    descriptors -= chain.size();
                    ids.add(next.id());
                }
            }
            handler.used(next.id(), next.written());
            done++;
        }
        return done;
    }

    @Override
    public synchronized boolean arm() {
        enter();
        user = null;
        armed = used.isEmpty();
        device.arms.incrementAndGet();
        return armed;
    }

    @Override
    public synchronized int inFlight() {
        return inFlight.size();
    }

    /** What one thread at a time means, and not after the device was reset. */
    private void enter() {
        if (dead) {
            device.usedAfterReset = true;
            throw new IllegalStateException("queue used after reset");
        }
        if (user != null && user != Thread.currentThread()) {
            device.usedByTwo = true;
        }
        user = Thread.currentThread();
    }

    synchronized void kill() {
        dead = true;
    }

    /** The device end gives a chain back. */
    void complete(int id, long written) {
        boolean tell;
        synchronized (this) {
            used.add(new Used(id, written));
            tell = armed;
            armed = false;
        }
        if (tell && waker != null) {
            waker.used();
        }
    }
}
