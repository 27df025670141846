// SPDX-License-Identifier: Apache-2.0
package vireo.transport.device;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

import vireo.codec.Header;
import vireo.device.DeviceModel;

/** A request that arrived and, once it was handled, its response; kept and used again. */
final class Message {
    /** Config bytes and what stands before them; nothing a slot understands or says is longer. */
    private static final int LARGEST = DeviceModel.MAX_CONFIG_SIZE + 24;

    /** Nothing of the configuration or the status is in the response. */
    static final long NO_CHANGE = -1;

    private final MessagePool pool;
    private final int index;
    private final SlotEvents events;
    private final MemorySegment request;
    private final MemorySegment response;
    private int connection;
    private int length;
    private long change;

    Message(MessagePool pool, int index, SlotEvents events, int maxMessageSize) {
        this.pool = pool;
        this.index = index;
        this.events = events;
        int size = room(maxMessageSize);
        this.request = Arena.ofAuto().allocate(size, Long.BYTES);
        this.response = Arena.ofAuto().allocate(size, Long.BYTES);
    }

    /** How long a response or event may be. */
    static int room(int maxMessageSize) {
        return Math.min(maxMessageSize, LARGEST);
    }

    /** Copies a message; one that says more than anything can mean is cut, and its size with it. */
    void copy(MemorySegment base, long offset, long size, int arrivedOn) {
        int kept = (int) Math.min(size, request.byteSize());
        MemorySegment.copy(base, offset, request, 0, kept);
        if (kept < size) {
            Header.put(request, 0, Header.type(request, 0), messageId(), deviceNumber(), token(), kept);
        }
        connection = arrivedOn;
        length = 0;
        change = NO_CHANGE;
    }

    MemorySegment request() {
        return request;
    }

    MemorySegment response() {
        return response;
    }

    int messageId() {
        return Header.messageId(request, 0);
    }

    int deviceNumber() {
        return Header.deviceNumber(request, 0);
    }

    int token() {
        return Header.token(request, 0);
    }

    /** The connection it arrived on; a later one has no use for the response. */
    int connection() {
        return connection;
    }

    /** Whose news may have to go before the response; null if the bus itself answers. */
    SlotEvents events() {
        return events;
    }

    /** The response is complete, and shows none of what EVENT_CONFIG tells. */
    void answered(int bytes) {
        length = bytes;
    }

    /** The response is complete, and shows everything up to a change that the driver has to be told of before. */
    void answered(int bytes, long upTo) {
        length = bytes;
        change = upTo;
    }

    int length() {
        return length;
    }

    long change() {
        return change;
    }

    void release() {
        pool.release(index);
    }
}
