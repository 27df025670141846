// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import vireo.device.DeviceModel;
import vireo.device.FeatureSet;
import vireo.device.QueueBrokenException;
import vireo.driver.DriverQueue;
import vireo.driver.UsedHandler;

/**
 * The driver side of a split virtqueue, over memory that the device can reach and may change at any time. Nothing that
 * the device could have changed is believed: free descriptors, lengths and what is in flight are kept apart.
 *
 * <p>A chain goes into direct descriptors while half of the queue is free, and into an indirect table after that, so
 * that short queues are fast and long ones hold many chains. Tables are part of the ring's memory, one per descriptor
 * with {@value #TABLE_ENTRIES} entries.
 *
 * <p>Nobody is told of used buffers before the first {@link #arm()}. Without EVENT_IDX the request to be told is taken
 * back by {@link #poll}.
 */
public final class DriverRing implements DriverQueue {

    /** Alignment of the ring's memory and its address, in bytes (rule VQ-SPL-02). */
    public static final int ALIGNMENT = SplitLayout.DESCRIPTORS_ALIGNMENT;

    /** Entries of an indirect table. */
    public static final int TABLE_ENTRIES = 32;

    private static final int NOT_IN_FLIGHT = -1;
    // Chains submitted without a kick after which the next kick is made unasked: 65536 would look like none.
    private static final int MAX_UNKICKED = 0x8000;

    /** Brings the device's attention to a queue. */
    @FunctionalInterface
    public interface Bell {

        /**
         * Notifies the device; called by {@link DriverRing#kick()} when the device wants to be told. Must not allocate.
         *
         * @param queue queue index
         * @param next the available index, 0 to 65535, for NOTIFICATION_DATA (virtqueues.md section 8)
         */
        void ring(int queue, int next);
    }

    private final QueueSpec spec;
    private final int size;
    private final int slotMask;
    private final boolean eventIndex;
    private final boolean tables;
    private final DriverMemory memory;
    private final Bell bell;

    private final FreeDescriptors free;
    private final ChainBuilder chain;
    // By id: descriptors of the chain in flight, or NOT_IN_FLIGHT; and what the device may write.
    private final int[] lengths;
    private final long[] writable;

    private int inFlight;
    private int available;
    private int kicked;
    private boolean kickOverdue;
    private int used;
    private int usedSeen;
    private boolean wanted;
    private volatile String ended;

    /**
     * Makes a ring and initialises its memory.
     *
     * @param index queue index, 0 to 63
     * @param size number of descriptors, a power of two, at most 32768
     * @param features the features agreed on; INDIRECT_DESC and EVENT_IDX count
     * @param address driver address of the memory, a multiple of {@link #ALIGNMENT}
     * @param memory at least {@link #bytes} bytes, equally aligned, valid while the ring is used
     * @param bell notifies the device
     * @throws IllegalArgumentException naming the value that is out of range
     */
    public DriverRing(int index, int size, FeatureSet features, long address, MemorySegment memory, Bell bell) {
        if (index < 0 || index >= DeviceModel.MAX_QUEUES) {
            throw new IllegalArgumentException("index=" + index + " is not in 0.." + (DeviceModel.MAX_QUEUES - 1));
        }
        this.memory = new DriverMemory(size, bytes(size, features), address, memory);
        this.size = size;
        this.bell = bell;
        slotMask = size - 1;
        eventIndex = features.has(FeatureSet.EVENT_IDX);
        tables = features.has(FeatureSet.INDIRECT_DESC);
        spec = this.memory.spec(index, features);
        free = new FreeDescriptors(size);
        chain = new ChainBuilder(tables ? Math.max(size, TABLE_ENTRIES) : size);
        lengths = new int[size];
        Arrays.fill(lengths, NOT_IN_FLIGHT);
        writable = new long[size];
        this.memory.initialise(eventIndex);
    }

    /**
     * Returns how much memory a ring needs.
     *
     * @param size number of descriptors, a power of two, at most 32768
     * @param features the features agreed on; INDIRECT_DESC adds room for tables
     * @return bytes
     * @throws IllegalArgumentException if the size is no power of two in range
     */
    public static long bytes(int size, FeatureSet features) {
        return DriverMemory.bytes(size, features.has(FeatureSet.INDIRECT_DESC) ? TABLE_ENTRIES : 0);
    }

    /**
     * Returns what to tell the device in SET_VQUEUE.
     *
     * @return index, size, addresses and features
     */
    public QueueSpec spec() {
        return spec;
    }

    /**
     * Ends the ring, because the device was reset or is gone: {@link #submit()} gives {@link #FULL}, {@link #kick()}
     * does nothing and {@link #poll} throws from now on. Legal from any thread; a call in progress on another thread
     * may still touch the memory. Idempotent.
     *
     * @param reason why, for the exception's message
     */
    public void end(String reason) {
        if (ended == null) {
            ended = reason;
        }
    }

    @Override
    public int index() {
        return spec.index();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public int room() {
        int direct = free.count();
        return ended != null ? 0 : tables && direct > 0 ? Math.max(direct, TABLE_ENTRIES) : direct;
    }

    @Override
    public void readable(long address, long length) {
        chain.add(address, length, true);
    }

    @Override
    public void writable(long address, long length) {
        chain.add(address, length, false);
    }

    @Override
    public int submit() {
        int id = ended == null ? place() : FULL;
        if (id != FULL) {
            writable[id] = chain.writable();
            memory.availHead(available & slotMask, id);
            available = available + 1 & SplitLayout.INDEX_MASK;
            memory.availIndexRelease(available);
            inFlight++;
            kickOverdue |= (available - kicked & SplitLayout.INDEX_MASK) >= MAX_UNKICKED;
        }
        chain.clear();
        return id;
    }

    private int place() {
        int count = chain.count();
        int left = free.count();
        if (count == 0) {
            throw new IllegalStateException("the chain is empty; add an element before submit");
        }
        boolean fits = count > 0 && count <= left;
        if (fits && (count == 1 || !tables || count > TABLE_ENTRIES || left - count >= size / 2)) {
            return placeDirect(count);
        }
        return tables && count > 0 && count <= TABLE_ENTRIES && left > 0 ? placeInTable(count) : FULL;
    }

    private int placeDirect(int count) {
        int head = free.peek();
        for (int i = 0; i < count; i++) {
            int descriptor = free.take();
            memory.descriptor(descriptor, chain.address(i), chain.rest(i, free.peek()));
        }
        lengths[head] = count;
        return head;
    }

    private int placeInTable(int count) {
        int head = free.take();
        long table = memory.tableAddress(head);
        for (int i = 0; i < count; i++) {
            memory.tableEntry(head, i, chain.address(i), chain.rest(i, i + 1));
        }
        memory.descriptor(head, table, (long) SplitLayout.INDIRECT << Integer.SIZE
                | (long) count * SplitLayout.DESCRIPTOR_SIZE);
        lengths[head] = 1;
        return head;
    }

    @Override
    public void kick() {
        int placed = available;
        int before = kicked;
        if (placed == before && !kickOverdue || ended != null) {
            return;
        }
        kicked = placed;
        SplitLayout.storeThenLoad();
        boolean due = eventIndex ? SplitLayout.needEvent(memory.availEvent(), placed, before)
                : (memory.usedFlags() & SplitLayout.NO_NOTIFICATION) == 0;
        if (due || kickOverdue) {
            kickOverdue = false;
            bell.ring(spec.index(), placed);
        }
    }

    @Override
    public int poll(UsedHandler handler, int limit) {
        throwIfEnded();
        if (wanted && !eventIndex) {
            wanted = false;
            memory.availFlags(SplitLayout.NO_NOTIFICATION);
        }
        int handed = 0;
        while (handed < limit && (used != usedSeen || look())) {
            long element = memory.usedElement(used & slotMask);
            int id = check(element);
            used = used + 1 & SplitLayout.INDEX_MASK;
            inFlight--;
            free.giveBack(id, lengths[id]);
            lengths[id] = NOT_IN_FLIGHT;
            handed++;
            handler.used(id, element >>> Integer.SIZE);
        }
        return handed;
    }

    // Reads the used index; true if it is beyond the own one (rule VQ-ROB-16).
    private boolean look() {
        if (ended != null) {
            return false;
        }
        int now = memory.usedIndexAcquire();
        int ahead = now - used & SplitLayout.INDEX_MASK;
        if (ahead > inFlight) {
            throw breaks("used index jumps from " + used + " to " + now + " with " + inFlight + " in flight",
                    "VQ-ROB-16");
        }
        usedSeen = now;
        return ahead != 0;
    }

    private int check(long element) {
        long id = element & SplitLayout.LENGTH_MASK;
        if (id >= size || lengths[(int) id] == NOT_IN_FLIGHT) {
            throw breaks("device used id " + id + ", which is not in flight", "VQ-ROB-15");
        }
        long length = element >>> Integer.SIZE;
        if (length > writable[(int) id]) {
            throw breaks("device says it wrote " + length + " bytes into id " + id + ", which has "
                    + writable[(int) id], "VQ-ROB-15");
        }
        return (int) id;
    }

    private QueueBrokenException breaks(String what, String rule) {
        end("queue " + spec.index() + ": " + what + " (" + rule + "); reset the device");
        return new QueueBrokenException(ended);
    }

    private void throwIfEnded() {
        String reason = ended;
        if (reason != null) {
            throw new QueueBrokenException(reason);
        }
    }

    @Override
    public boolean arm() {
        if (used != usedSeen || ended != null) {
            return false;
        }
        wanted = true;
        if (eventIndex) {
            memory.usedEvent(used);
        } else {
            memory.availFlags(0);
        }
        SplitLayout.storeThenLoad();
        return memory.usedIndexAcquire() == used;
    }

    @Override
    public int inFlight() {
        return inFlight;
    }
}
