// SPDX-License-Identifier: Apache-2.0
package vireo.device.block;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import vireo.device.Chain;
import vireo.wire.block.BlockLayout;

/** A chain cut into elements as a test likes, each somewhere in a larger piece of memory. */
final class FakeChain implements Chain {

    private static final byte UNTOUCHED = 0x77;

    boolean redelivered;
    /** What it was completed with; −1 while it is open. */
    long written = -1;
    int completions;
    private final List<MemorySegment> bases = new ArrayList<>();
    private int readableElements;

    /** A request header and data behind it, all of one piece. */
    static FakeChain request(int type, long sector, byte[] data, int writable) {
        return new FakeChain().readable(header(type, sector, data)).writable(writable);
    }

    static byte[] header(int type, long sector, byte[] data) {
        return ByteBuffer.allocate(BlockLayout.REQUEST_SIZE + data.length).order(ByteOrder.LITTLE_ENDIAN).putInt(type)
                .putInt(0).putLong(sector).put(data).array();
    }

    static byte[] segments(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length / 3 * 16).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values.length; i += 3) {
            bytes.putLong(values[i]).putInt((int) values[i + 1]).putInt((int) values[i + 2]);
        }
        return bytes.array();
    }

    FakeChain readable(byte[] bytes, int... cuts) {
        int at = 0;
        for (int cut : cuts) {
            add(bytes, at, cut);
            at += cut;
        }
        if (at < bytes.length) {
            add(bytes, at, bytes.length - at);
        }
        readableElements = bases.size();
        return this;
    }

    FakeChain writable(int... lengths) {
        for (int length : lengths) {
            if (length > 0) {
                byte[] untouched = new byte[length];
                java.util.Arrays.fill(untouched, UNTOUCHED);
                add(untouched, 0, length);
            }
        }
        return this;
    }

    private void add(byte[] bytes, int at, int length) {
        // Not at the start of its segment, so that a forgotten offset shows.
        MemorySegment base = Arena.ofAuto().allocate(length + 48L);
        MemorySegment.copy(bytes, at, base, JAVA_BYTE, 24, length);
        bases.add(base);
    }

    byte[] writablePart() {
        byte[] all = new byte[(int) writable()];
        int at = 0;
        for (int i = readableElements; i < bases.size(); i++) {
            MemorySegment.copy(bases.get(i), JAVA_BYTE, 24, all, at, (int) length(i));
            at += (int) length(i);
        }
        return all;
    }

    int status() {
        byte[] all = writablePart();
        return all[all.length - 1];
    }

    private long total(int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += length(i);
        }
        return sum;
    }

    @Override
    public long readable() {
        return total(0, readableElements);
    }

    @Override
    public long writable() {
        return total(readableElements, bases.size());
    }

    @Override
    public void read(long at, MemorySegment target, long offset, long length) {
        Objects.checkFromIndexSize(at, length, readable());
        for (long i = 0; i < length; i++) {
            target.set(JAVA_BYTE, offset + i, byteAt(0, at + i).get(JAVA_BYTE, 0));
        }
    }

    @Override
    public void write(long at, MemorySegment source, long offset, long length) {
        Objects.checkFromIndexSize(at, length, writable());
        for (long i = 0; i < length; i++) {
            byteAt(readableElements, at + i).set(JAVA_BYTE, 0, source.get(JAVA_BYTE, offset + i));
        }
    }

    private MemorySegment byteAt(int first, long at) {
        int element = first;
        long left = at;
        while (left >= length(element)) {
            left -= length(element++);
        }
        return base(element).asSlice(offset(element) + left, 1);
    }

    @Override
    public int readableElements() {
        return readableElements;
    }

    @Override
    public int writableElements() {
        return bases.size() - readableElements;
    }

    @Override
    public MemorySegment base(int element) {
        return bases.get(element);
    }

    @Override
    public long offset(int element) {
        return 24;
    }

    @Override
    public long length(int element) {
        return bases.get(element).byteSize() - 48;
    }

    @Override
    public boolean redelivered() {
        return redelivered;
    }

    @Override
    public void complete(long length) {
        completions++;
        written = length;
    }
}
