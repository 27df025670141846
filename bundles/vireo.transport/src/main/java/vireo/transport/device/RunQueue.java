// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The tasks that wait for a worker, first in, first out. Any thread adds and any worker takes, without a lock and, up
 * to the size of the ring, without allocation: each place of the ring carries the turn in which it may be written or
 * read.
 */
final class RunQueue {
    private static final VarHandle TAIL;
    private static final VarHandle HEAD;
    private static final VarHandle TURN = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle PLACE = MethodHandles.arrayElementVarHandle(PooledTask[].class);

    static {
        try {
            TAIL = MethodHandles.lookup().findVarHandle(RunQueue.class, "tail", long.class);
            HEAD = MethodHandles.lookup().findVarHandle(RunQueue.class, "head", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int mask;
    private final long[] turns;
    private final PooledTask[] places;
    /** For a platform with more queues at work at once than the ring has places. */
    private final ConcurrentLinkedQueue<PooledTask> overflow = new ConcurrentLinkedQueue<>();
    private volatile long tail;
    private volatile long head;

    /**
     * Makes an empty queue.
     *
     * @param size places of the ring, a power of two
     */
    RunQueue(int size) {
        mask = size - 1;
        turns = new long[size];
        places = new PooledTask[size];
        for (int i = 0; i < size; i++) {
            turns[i] = i;
        }
    }

    void add(PooledTask task) {
        while (true) {
            long at = tail;
            int place = (int) at & mask;
            long ahead = (long) TURN.getAcquire(turns, place) - at;
            if (ahead == 0) {
                if (TAIL.compareAndSet(this, at, at + 1)) {
                    PLACE.setOpaque(places, place, task);
                    TURN.setRelease(turns, place, at + 1);
                    return;
                }
            } else if (ahead < 0) {
                overflow.add(task);
                return;
            }
        }
    }

    /** Takes the next task; null if there is none, or if the next one is just being added. */
    PooledTask take() {
        while (true) {
            long at = head;
            int place = (int) at & mask;
            long ahead = (long) TURN.getAcquire(turns, place) - (at + 1);
            if (ahead == 0) {
                if (HEAD.compareAndSet(this, at, at + 1)) {
                    PooledTask task = (PooledTask) PLACE.getOpaque(places, place);
                    PLACE.setOpaque(places, place, null);
                    TURN.setRelease(turns, place, at + mask + 1);
                    return task;
                }
            } else if (ahead < 0) {
                return overflow.poll();
            }
        }
    }

    boolean isEmpty() {
        return head == tail && overflow.isEmpty();
    }
}
