// SPDX-License-Identifier: Apache-2.0
package vireo.virtqueue.mock;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;
import vireo.device.FeatureSet;
import vireo.memory.GuestMemory;
import vireo.memory.MemoryRegion;

/**
 * The driver of one split virtqueue, with memory of its own. Its helpers keep to virtqueues.md; through {@link #ring()}
 * and {@link #memory()} everything can be made wrong, and {@link #scribbleRings} and {@link #scribbleMemory} do so at
 * random. After a wrong doing the helpers may fail with any unchecked exception.
 *
 * <p>For one thread. It allocates, so measurements count it in or use {@link RawRing} alone.
 */
public final class MockDriver implements AutoCloseable {

    /** Driver address at which the memory starts. */
    public static final long BASE = 0x4000_0000L;

    private record Element(long address, long length, boolean writable) {
    }

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final GuestMemory guest = GuestMemory.mapped();
    private final RawRing ring;
    private final long driver;
    private final long device;
    private final long ringsEnd;
    private final boolean eventIndex;

    private final Deque<Integer> free = new ArrayDeque<>();
    private final List<List<Integer>> chains = new ArrayList<>();
    private final List<Element> building = new ArrayList<>();
    private long allocated;
    private int available;
    private int kicked;
    private int used;
    private int usedId = -1;
    private long usedLength;

    /**
     * Makes a driver with zeroed memory: the rings first, then what {@link #allocate} gives.
     *
     * @param size queue size; any value above 0 is laid out
     * @param features the features agreed on; EVENT_IDX counts
     * @param bytes size of the memory, rings included
     */
    public MockDriver(int size, FeatureSet features, long bytes) {
        memory = arena.allocate(bytes, 4096);
        driver = 16L * size;
        device = driver + 6 + 2L * size + 3 & -4;
        ringsEnd = device + 6 + 8L * size;
        allocated = ringsEnd;
        ring = new RawRing(memory, size, 0, driver, device);
        eventIndex = features.has(FeatureSet.EVENT_IDX);
        for (int i = 0; i < size; i++) {
            free.add(i);
            chains.add(List.of());
        }
        guest.publish(List.of(new MemoryRegion(BASE, memory)), () -> { });
    }

    /**
     * Returns the memory as a device finds it.
     *
     * @return one region at {@link #BASE}, unless the caller publishes something else
     */
    public GuestMemory guest() {
        return guest;
    }

    /**
     * Returns all of the memory.
     *
     * @return the segment that {@link #BASE} refers to, valid until {@link #close()}
     */
    public MemorySegment memory() {
        return memory;
    }

    /**
     * Returns every field of the ring.
     *
     * @return the ring
     */
    public RawRing ring() {
        return ring;
    }

    /**
     * Returns the address of the descriptor area.
     *
     * @return driver address
     */
    public long descriptorsAddress() {
        return BASE;
    }

    /**
     * Returns the address of the driver area.
     *
     * @return driver address
     */
    public long driverAddress() {
        return BASE + driver;
    }

    /**
     * Returns the address of the device area.
     *
     * @return driver address
     */
    public long deviceAddress() {
        return BASE + device;
    }

    /**
     * Sets memory aside for data or tables; it is never given back.
     *
     * @param bytes how much
     * @return driver address, a multiple of 16
     * @throws IllegalStateException if there is not enough
     */
    public long allocate(long bytes) {
        long start = allocated + 15 & -16;
        if (start + bytes > memory.byteSize()) {
            throw new IllegalStateException("mock memory of " + memory.byteSize() + " bytes is used up");
        }
        allocated = start + bytes;
        return BASE + start;
    }

    /**
     * Turns an address into an offset.
     *
     * @param address driver address
     * @return byte offset in {@link #memory()}
     */
    public long offset(long address) {
        return address - BASE;
    }

    /**
     * Writes bytes.
     *
     * @param address driver address
     * @param bytes what to write
     */
    public void put(long address, byte[] bytes) {
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, offset(address), bytes.length);
    }

    /**
     * Reads bytes.
     *
     * @param address driver address
     * @param length how many
     * @return a copy
     */
    public byte[] get(long address, int length) {
        return memory.asSlice(offset(address), length).toArray(ValueLayout.JAVA_BYTE);
    }

    /**
     * Adds a device-readable element to the chain being built.
     *
     * @param address driver address
     * @param length bytes
     * @return this
     */
    public MockDriver readable(long address, long length) {
        building.add(new Element(address, length, false));
        return this;
    }

    /**
     * Adds a device-writable element to the chain being built; the order is the caller's.
     *
     * @param address driver address
     * @param length bytes
     * @return this
     */
    public MockDriver writable(long address, long length) {
        building.add(new Element(address, length, true));
        return this;
    }

    /**
     * Makes the chain that was built available, in descriptors of the table.
     *
     * @return its head, or −1 if there are not enough free descriptors; the chain is forgotten either way
     */
    public int submit() {
        return submit(building.size(), 0);
    }

    /**
     * Makes the chain that was built available, all of it in an indirect table.
     *
     * @return its head, or −1 if there is no free descriptor; the chain is forgotten either way
     */
    public int submitIndirect() {
        return submit(0, building.size());
    }

    /**
     * Makes the chain that was built available: first elements in descriptors of the table, the rest in an indirect
     * table (rule VQ-IND-06).
     *
     * @param direct how many elements go into descriptors of the table
     * @return its head, or −1 if there are not enough free descriptors; the chain is forgotten either way
     */
    public int submitMixed(int direct) {
        return submit(direct, building.size() - direct);
    }

    private int submit(int direct, int indirect) {
        List<Element> elements = List.copyOf(building);
        building.clear();
        int needed = direct + (indirect > 0 ? 1 : 0);
        if (needed == 0 || needed > free.size()) {
            return -1;
        }
        List<Integer> taken = new ArrayList<>();
        for (int i = 0; i < needed; i++) {
            taken.add(free.pop());
        }
        for (int i = 0; i < direct; i++) {
            Element element = elements.get(i);
            boolean last = i == needed - 1;
            ring.descriptor(taken.get(i), element.address(), element.length(), flags(element, last),
                    last ? 0 : taken.get(i + 1));
        }
        if (indirect > 0) {
            long table = table(elements.subList(direct, elements.size()));
            ring.descriptor(taken.get(direct), table, 16L * indirect, RawRing.INDIRECT, 0);
        }
        int head = taken.get(0);
        chains.set(head, taken);
        offer(head);
        return head;
    }

    private long table(List<Element> elements) {
        long table = allocate(16L * elements.size());
        for (int i = 0; i < elements.size(); i++) {
            boolean last = i == elements.size() - 1;
            ring.descriptorAt(offset(table) + 16L * i, elements.get(i).address(), elements.get(i).length(),
                    flags(elements.get(i), last), last ? 0 : i + 1);
        }
        return table;
    }

    private static int flags(Element element, boolean last) {
        return (element.writable() ? RawRing.WRITE : 0) | (last ? 0 : RawRing.NEXT);
    }

    /**
     * Puts a head into the next slot of the available ring and moves the index, whatever the head is.
     *
     * @param head any value
     */
    public void offer(int head) {
        ring.availHead(available % ring.size(), head);
        available = available + 1 & 0xffff;
        ring.availIndex(available);
    }

    /**
     * Tells whether the device wants to be notified of what was made available since the last call.
     *
     * @return true if an honest driver would notify now
     */
    public boolean wantsKick() {
        VarHandle.fullFence();
        int before = kicked;
        kicked = available;
        return eventIndex ? (available - ring.availEvent() - 1 & 0xffff) < (available - before & 0xffff)
                : available != before && (ring.usedFlags() & 1) == 0;
    }

    /**
     * Takes the next used buffer; {@link #usedId()} and {@link #usedLength()} say which it is.
     *
     * @return false if there is none
     * @throws IllegalStateException if the device used what it does not have
     */
    public boolean poll() {
        if (ring.usedIndex() == used) {
            return false;
        }
        long id = ring.usedId(used % ring.size());
        if (id >= ring.size() || chains.get((int) id).isEmpty()) {
            throw new IllegalStateException("device used id " + id + ", which is not in flight");
        }
        usedId = (int) id;
        usedLength = ring.usedLength(used % ring.size());
        used = used + 1 & 0xffff;
        free.addAll(chains.set(usedId, List.of()));
        return true;
    }

    /**
     * Returns the head of the buffer that the last {@link #poll} found.
     *
     * @return the head
     */
    public int usedId() {
        return usedId;
    }

    /**
     * Returns the written length of the buffer that the last {@link #poll} found.
     *
     * @return bytes
     */
    public long usedLength() {
        return usedLength;
    }

    /** Asks to be notified of the next used buffer. */
    public void arm() {
        if (eventIndex) {
            ring.usedEvent(used);
        } else {
            ring.availFlags(0);
        }
        VarHandle.fullFence();
    }

    /** Asks not to be notified. */
    public void disarm() {
        if (eventIndex) {
            ring.usedEvent(used - 1);
        } else {
            ring.availFlags(1);
        }
    }

    /**
     * Starts both indices somewhere else than at 0, before anything was made available; the device must be told the
     * same position.
     *
     * @param position 0 to 65535
     */
    public void startAt(int position) {
        available = position;
        kicked = position;
        used = position;
        ring.availIndex(position);
        ring.usedIndex(position);
        ring.usedEvent(position);
        ring.availEvent(position);
    }

    /**
     * Overwrites random bytes of the rings with random values.
     *
     * @param random where randomness comes from
     * @param count how many bytes
     */
    public void scribbleRings(RandomGenerator random, int count) {
        scribble(random, count, ringsEnd);
    }

    /**
     * Overwrites random bytes of the rings, tables and data with random values.
     *
     * @param random where randomness comes from
     * @param count how many bytes
     */
    public void scribbleMemory(RandomGenerator random, int count) {
        scribble(random, count, allocated);
    }

    private void scribble(RandomGenerator random, int count, long end) {
        for (int i = 0; i < count; i++) {
            memory.set(ValueLayout.JAVA_BYTE, random.nextLong(end), (byte) random.nextInt());
        }
    }

    /** Frees the memory, with no regard to who uses it. Idempotent. */
    @Override
    public void close() {
        guest.close();
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
