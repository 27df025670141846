// SPDX-License-Identifier: Apache-2.0
package vireo.transport.driver;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

import vireo.device.DeviceModel;
import vireo.transport.QueueView;

/** The queues of one device by index, and the ring memory of queues that ended but may still be used by the device. */
final class QueueTable {
    private final AtomicReferenceArray<RemoteQueue> queues = new AtomicReferenceArray<>(DeviceModel.MAX_QUEUES);
    private final ReentrantLock lock = new ReentrantLock();
    private final BitSet reserved = new BitSet();
    private final List<RemoteQueue> remains = new ArrayList<>();

    /** Takes an index for a queue that is being set up; false if there is one. */
    boolean reserve(int index) {
        lock.lock();
        try {
            boolean free = !reserved.get(index);
            reserved.set(index);
            return free;
        } finally {
            lock.unlock();
        }
    }

    /** The set-up failed before the device could know of the queue. */
    void unreserve(int index) {
        lock.lock();
        try {
            reserved.clear(index);
        } finally {
            lock.unlock();
        }
    }

    void put(int index, RemoteQueue queue) {
        queues.setRelease(index, queue);
    }

    /** Any index, as it comes from the peer. */
    RemoteQueue at(long index) {
        return index >= 0 && index < queues.length() ? queues.getAcquire((int) index) : null;
    }

    void live() {
        for (int i = 0; i < queues.length(); i++) {
            RemoteQueue queue = queues.getAcquire(i);
            if (queue != null) {
                queue.live();
            }
        }
    }

    boolean flush() {
        boolean done = true;
        for (int i = 0; i < queues.length(); i++) {
            RemoteQueue queue = queues.getAcquire(i);
            done &= queue == null || queue.flush();
        }
        return done;
    }

    /** Ends one queue; its memory stays until {@link #free()}. */
    void end(int index, String why) {
        RemoteQueue queue = queues.getAndSet(index, null);
        if (queue != null) {
            remains(queue, why);
        }
    }

    /** Keeps a queue that ended although it never came into the table. */
    void remains(RemoteQueue queue, String why) {
        queue.end(why);
        lock.lock();
        try {
            remains.add(queue);
        } finally {
            lock.unlock();
        }
    }

    void endAll(String why) {
        for (int i = 0; i < queues.length(); i++) {
            end(i, why);
        }
    }

    /** Gives back the memory of all queues that ended, and their indices: the device was reset, or nobody drives it. */
    void free() {
        free(queue -> true);
    }

    /** The same for one queue, which alone was reset. */
    void free(int index) {
        free(queue -> queue.ring().index() == index);
    }

    private void free(Predicate<RemoteQueue> which) {
        List<RemoteQueue> over;
        lock.lock();
        try {
            over = remains.stream().filter(which).toList();
            remains.removeAll(over);
            over.forEach(queue -> reserved.clear(queue.ring().index()));
        } finally {
            lock.unlock();
        }
        over.forEach(RemoteQueue::free);
    }

    List<QueueView> views() {
        List<QueueView> views = new ArrayList<>();
        for (int i = 0; i < queues.length(); i++) {
            RemoteQueue queue = queues.getAcquire(i);
            if (queue != null) {
                views.add(new QueueView(i, queue.ring().size(), -1, -1, queue.isEnded()));
            }
        }
        return views;
    }
}
