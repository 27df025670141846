// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which devices there are on a bus, by number, and which numbers are yet to be looked at. What is found on one thread
 * while the peer says on another that it is gone does not get in.
 */
final class Picture {
    private final AtomicReferenceArray<FoundDevice> devices;
    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet present = new BitSet();
    private final BitSet ready = new BitSet();
    private final BitSet removed = new BitSet();
    private boolean closed;

    Picture(int maxDevices) {
        devices = new AtomicReferenceArray<>(maxDevices);
    }

    /** Any number, as it comes from the peer; allocates nothing. */
    FoundDevice at(int number) {
        return number < devices.length() ? devices.getAcquire(number) : null;
    }

    /** All devices at this moment, by rising number. */
    List<FoundDevice> all() {
        lock.lock();
        try {
            return present.stream().mapToObj(devices::get).toList();
        } finally {
            lock.unlock();
        }
    }

    /** The peer says that a device is there; it is to be looked at. */
    void ready(int number) {
        lock.lock();
        try {
            ready.set(number);
        } finally {
            lock.unlock();
        }
    }

    /** Gives the next number to be looked at, or −1; from now on a removal of that device counts. */
    int next() {
        lock.lock();
        try {
            int number = ready.nextSetBit(0);
            if (number >= 0) {
                ready.clear(number);
                removed.clear(number);
            }
            return number;
        } finally {
            lock.unlock();
        }
    }

    /** A number is looked at, for whatever reason; from now on a removal of that device counts. */
    void look(int number) {
        lock.lock();
        try {
            removed.clear(number);
        } finally {
            lock.unlock();
        }
    }

    /** Adds a device; false if it, or everything, was removed since it was looked at. */
    boolean add(FoundDevice device) {
        int number = device.device().number();
        lock.lock();
        try {
            boolean welcome = !closed && !removed.get(number) && !present.get(number);
            if (welcome) {
                present.set(number);
                devices.setRelease(number, device);
            }
            return welcome;
        } finally {
            lock.unlock();
        }
    }

    /** Removes a device; null if there is none. */
    FoundDevice remove(int number) {
        lock.lock();
        try {
            ready.clear(number);
            removed.set(number);
            present.clear(number);
            return devices.getAndSet(number, null);
        } finally {
            lock.unlock();
        }
    }

    /** Removes all of a connection that is over; what is being looked at belongs to it and does not get in. */
    List<FoundDevice> clear() {
        lock.lock();
        try {
            List<FoundDevice> all = all();
            all.forEach(found -> devices.set(found.device().number(), null));
            present.clear();
            ready.clear();
            removed.set(0, devices.length());
            return all;
        } finally {
            lock.unlock();
        }
    }

    /** Takes no device any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
