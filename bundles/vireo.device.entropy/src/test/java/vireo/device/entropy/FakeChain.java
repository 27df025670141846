// SPDX-License-Identifier: Apache-2.0
package vireo.device.entropy;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.util.Objects;
import vireo.device.Chain;

/** A chain with so much to read and an array to be written. */
final class FakeChain implements Chain {

    final byte[] bytes;
    /** What it was completed with; −1 while it is open. */
    long written = -1;
    private final long readable;

    FakeChain(long readable, int writable) {
        this.readable = readable;
        this.bytes = new byte[writable];
    }

    @Override
    public long readable() {
        return readable;
    }

    @Override
    public long writable() {
        return bytes.length;
    }

    @Override
    public void read(long at, MemorySegment target, long offset, long length) {
        throw new AssertionError("an entropy device has nothing to read");
    }

    @Override
    public void write(long at, MemorySegment source, long offset, long length) {
        Objects.checkFromIndexSize(at, length, bytes.length);
        MemorySegment.copy(source, JAVA_BYTE, offset, bytes, (int) at, (int) length);
    }

    @Override
    public int readableElements() {
        return readable > 0 ? 1 : 0;
    }

    @Override
    public int writableElements() {
        return 1;
    }

    @Override
    public MemorySegment base(int element) {
        throw new AssertionError("an entropy device copies");
    }

    @Override
    public long offset(int element) {
        return 0;
    }

    @Override
    public long length(int element) {
        return bytes.length;
    }

    @Override
    public boolean redelivered() {
        return false;
    }

    @Override
    public void complete(long length) {
        written = length;
    }
}
