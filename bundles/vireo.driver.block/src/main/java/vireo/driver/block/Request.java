// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static vireo.wire.block.BlockLayout.ID_SIZE;
import static vireo.wire.block.BlockLayout.REQUEST_RESERVED;
import static vireo.wire.block.BlockLayout.REQUEST_SECTOR;
import static vireo.wire.block.BlockLayout.REQUEST_SIZE;
import static vireo.wire.block.BlockLayout.REQUEST_TYPE;
import static vireo.wire.block.BlockLayout.SECTOR_SIZE;
import static vireo.wire.block.BlockLayout.SEGMENT_FLAGS;
import static vireo.wire.block.BlockLayout.SEGMENT_SECTOR;
import static vireo.wire.block.BlockLayout.SEGMENT_SECTORS;
import static vireo.wire.block.BlockLayout.SEGMENT_SIZE;
import static vireo.wire.block.BlockLayout.STATUS_OK;
import static vireo.wire.block.BlockLayout.STATUS_SIZE;
import static vireo.wire.block.BlockLayout.TYPE_DISCARD;
import static vireo.wire.block.BlockLayout.TYPE_FLUSH;
import static vireo.wire.block.BlockLayout.TYPE_GET_ID;
import static vireo.wire.block.BlockLayout.TYPE_IN;
import static vireo.wire.block.BlockLayout.TYPE_OUT;
import static vireo.wire.block.BlockLayout.TYPE_WRITE_ZEROES;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import vireo.api.block.BlockCompletion;
import vireo.driver.DriverQueue;
import vireo.wire.block.BlockLayout;

/**
 * A place for one request: its memory and who waits for it. Made once and used again and again; between
 * {@link Lane#begin} and {@link Lane#release} it belongs to one caller, and to the device while it is sent.
 */
final class Request {

    /** Nobody's. */
    static final int FREE = 0;
    /** A caller fills it or takes the result out. */
    static final int OWNED = 1;
    /** The device has it. */
    static final int SENT = 2;
    /** The device gave it back, or it failed. */
    static final int DONE = 3;

    /** Stands in the status byte until the device writes there, so that a status not written is never taken for OK. */
    private static final byte NO_STATUS = (byte) 0xff;

    private static final ValueLayout.OfInt LE32 = JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LE64 = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final MemorySegment memory;
    /** Offset of what surrounds the data. */
    final long meta;
    /** Offset of the data. */
    final long data;

    int type;
    long position;
    long length;
    long sentAt;

    volatile int state;
    long written;
    /** Why the request failed before the device gave it back, or null. */
    Throwable cause;
    /** Nobody waits for it any more; it is free as soon as the device gives it back. */
    boolean abandoned;

    Thread waiter;
    boolean spinning;
    BlockCompletion completion;
    long cookie;
    MemorySegment target;
    long targetAt;

    Request(RequestMemory memory, int index) {
        this.memory = memory.segment;
        this.meta = memory.meta(index);
        this.data = memory.data(index);
    }

    /** Makes it nobody's. */
    void clear() {
        state = FREE;
        waiter = null;
        completion = null;
        target = null;
        cause = null;
        abandoned = false;
        spinning = false;
    }

    /** Writes the header; {@code position} and {@code length} are bytes on the volume. */
    void prepare(int requestType, long at, long bytes) {
        type = requestType;
        position = at;
        length = bytes;
        memory.set(LE32, meta + REQUEST_TYPE, requestType);
        memory.set(LE32, meta + REQUEST_RESERVED, 0);
        boolean addressed = requestType == TYPE_IN || requestType == TYPE_OUT;
        memory.set(LE64, meta + REQUEST_SECTOR, addressed ? at / SECTOR_SIZE : 0);
        memory.set(JAVA_BYTE, meta + RequestMemory.STATUS, NO_STATUS);
    }

    /** Writes the one segment of a discard or write zeroes. */
    void prepareSegment(int requestType, long at, long bytes, int flags) {
        prepare(requestType, at, bytes);
        long segment = meta + RequestMemory.SEGMENT;
        memory.set(LE64, segment + SEGMENT_SECTOR, at / SECTOR_SIZE);
        memory.set(LE32, segment + SEGMENT_SECTORS, (int) (bytes / SECTOR_SIZE));
        memory.set(LE32, segment + SEGMENT_FLAGS, flags);
    }

    /** Stands for a request that succeeded without the device, so that its completion comes as all others do. */
    void completeHere(long newCookie, BlockCompletion newCompletion) {
        prepare(TYPE_FLUSH, 0, 0);
        memory.set(JAVA_BYTE, meta + RequestMemory.STATUS, (byte) STATUS_OK);
        written = expected();
        cookie = newCookie;
        completion = newCompletion;
        state = DONE;
    }

    /** Adds the request's elements to the chain being built; none is longer than {@code sizeMax}. */
    void addTo(DriverQueue queue, long address, long sizeMax) {
        queue.readable(address + meta, REQUEST_SIZE);
        switch (type) {
            case TYPE_IN -> {
                for (long at = 0; at < length; at += sizeMax) {
                    queue.writable(address + data + at, Math.min(sizeMax, length - at));
                }
            }
            case TYPE_OUT -> {
                for (long at = 0; at < length; at += sizeMax) {
                    queue.readable(address + data + at, Math.min(sizeMax, length - at));
                }
            }
            case TYPE_GET_ID -> queue.writable(address + meta + RequestMemory.ID, ID_SIZE);
            case TYPE_DISCARD, TYPE_WRITE_ZEROES ->
                queue.readable(address + meta + RequestMemory.SEGMENT, SEGMENT_SIZE);
            default -> { }
        }
        queue.writable(address + meta + RequestMemory.STATUS, STATUS_SIZE);
    }

    /** Returns how many bytes the device has to write for the request to have succeeded. */
    long expected() {
        return STATUS_SIZE + switch (type) {
            case TYPE_IN -> length;
            case TYPE_GET_ID -> ID_SIZE;
            default -> 0L;
        };
    }

    /**
     * Judges a request that is done, and counts it.
     *
     * @return null on success
     */
    IOException outcome(String volume, VolumeCounters counters) {
        IOException failure = cause == null ? verdict(volume) : failure(volume, cause.getMessage(), cause);
        if (failure == null) {
            counters.succeeded(type, length);
        } else {
            counters.failed();
        }
        return failure;
    }

    /**
     * A status counts if the device wrote one; success counts if it wrote all of the data too, since what lies beyond
     * the written length is undefined.
     */
    private IOException verdict(String volume) {
        byte status = memory.get(JAVA_BYTE, meta + RequestMemory.STATUS);
        if (status == STATUS_OK && written >= expected()) {
            return null;
        }
        if (status == STATUS_OK || status == NO_STATUS && written < expected()) {
            return failure(volume, "the device gave it back unfinished: it wrote " + written + " of " + expected()
                    + " bytes", null);
        }
        int number = Byte.toUnsignedInt(status);
        String name = BlockLayout.statusName(number);
        return failure(volume, "the device answered status " + number + " (" + (name == null ? "not defined" : name)
                + ")", null);
    }

    IOException failure(String volume, String why, Throwable reason) {
        return failure(volume, type, position, length, why, reason);
    }

    static IOException failure(String volume, int type, long position, long length, String why, Throwable reason) {
        String what = switch (type) {
            case TYPE_IN -> "read";
            case TYPE_OUT -> "write";
            case TYPE_FLUSH -> "flush";
            case TYPE_GET_ID -> "identity request";
            case TYPE_DISCARD -> "discard";
            case TYPE_WRITE_ZEROES -> "zeroing";
            default -> "request of type " + type;
        };
        boolean ranged = type != TYPE_FLUSH && type != TYPE_GET_ID;
        return new IOException("volume " + volume + ": " + what
                + (ranged ? " of " + length + " bytes at " + position : "") + ": " + why, reason);
    }
}
