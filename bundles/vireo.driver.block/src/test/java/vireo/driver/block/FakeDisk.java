// SPDX-License-Identifier: Apache-2.0
package vireo.driver.block;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import vireo.wire.block.BlockLayout;

/** A behaviour that is a disk in memory, served by a thread of its own, and that can misbehave on request. */
final class FakeDisk implements FakeDevice.Behaviour, AutoCloseable {

    /** What the disk does wrong. */
    enum Mischief { NONE, STATUS_255, IOERR, UNSUPP, SHORT_DATA, NO_STATUS, SILENT, TWICE, FOREIGN_ID }

    final byte[] content;
    final AtomicInteger requests = new AtomicInteger();
    final AtomicInteger flushes = new AtomicInteger();
    final AtomicInteger longest = new AtomicInteger();
    volatile Mischief mischief = Mischief.NONE;
    volatile String id = "fake-disk";
    volatile int lastFlags = -1;
    /** While not null, requests wait for it. */
    volatile CountDownLatch gate;
    private final FakeDevice device;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread worker = new Thread(task, "fake-disk");
        worker.setDaemon(true);
        return worker;
    });

    FakeDisk(FakeDevice device, int capacity) {
        this.device = device;
        this.content = new byte[capacity];
        device.behaviour = this;
    }

    @Override
    public void serve(FakeQueue queue, FakeQueue.Sent sent) {
        try {
            thread.execute(() -> run(queue, sent));
        } catch (RejectedExecutionException closed) {
            return;
        }
    }

    private void run(FakeQueue queue, FakeQueue.Sent sent) {
        CountDownLatch wait = gate;
        if (wait != null) {
            try {
                wait.await();
            } catch (InterruptedException over) {
                return;
            }
        }
        requests.incrementAndGet();
        longest.accumulateAndGet(sent.elements().size(), Math::max);
        switch (mischief) {
            case SILENT -> { }
            case TWICE -> {
                queue.complete(sent.id(), execute(sent));
                queue.complete(sent.id(), 1);
            }
            case FOREIGN_ID -> queue.complete(200, 1);
            case STATUS_255 -> queue.complete(sent.id(), answer(sent, 255));
            case IOERR -> queue.complete(sent.id(), answer(sent, BlockLayout.STATUS_IOERR));
            case UNSUPP -> queue.complete(sent.id(), answer(sent, BlockLayout.STATUS_UNSUPP));
            case SHORT_DATA -> queue.complete(sent.id(), execute(sent) - 1);
            case NO_STATUS -> queue.complete(sent.id(), 0);
            case NONE -> queue.complete(sent.id(), execute(sent));
        }
    }

    private long answer(FakeQueue.Sent sent, int status) {
        List<MemorySegment> writable = device.part(sent, true);
        writable.getLast().set(JAVA_BYTE, 0, (byte) status);
        return writable.stream().mapToLong(MemorySegment::byteSize).sum();
    }

    private long execute(FakeQueue.Sent sent) {
        List<MemorySegment> readable = device.part(sent, false);
        List<MemorySegment> writable = device.part(sent, true);
        ByteBuffer header = readable.getFirst().asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        long at = header.getLong(BlockLayout.REQUEST_SECTOR) * 512;
        switch (header.getInt(BlockLayout.REQUEST_TYPE)) {
            case BlockLayout.TYPE_IN -> {
                for (MemorySegment piece : writable.subList(0, writable.size() - 1)) {
                    MemorySegment.copy(MemorySegment.ofArray(content), at, piece, 0, piece.byteSize());
                    at += piece.byteSize();
                }
            }
            case BlockLayout.TYPE_OUT -> {
                for (MemorySegment piece : readable.subList(1, readable.size())) {
                    MemorySegment.copy(piece, 0, MemorySegment.ofArray(content), at, piece.byteSize());
                    at += piece.byteSize();
                }
            }
            case BlockLayout.TYPE_FLUSH -> flushes.incrementAndGet();
            case BlockLayout.TYPE_GET_ID -> {
                byte[] bytes = new byte[BlockLayout.ID_SIZE];
                byte[] text = id.getBytes(StandardCharsets.ISO_8859_1);
                System.arraycopy(text, 0, bytes, 0, Math.min(text.length, bytes.length));
                writable.getFirst().copyFrom(MemorySegment.ofArray(bytes));
            }
            case BlockLayout.TYPE_DISCARD, BlockLayout.TYPE_WRITE_ZEROES -> {
                ByteBuffer segment = readable.get(1).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
                int from = (int) segment.getLong(BlockLayout.SEGMENT_SECTOR) * 512;
                int length = segment.getInt(BlockLayout.SEGMENT_SECTORS) * 512;
                lastFlags = segment.getInt(BlockLayout.SEGMENT_FLAGS);
                MemorySegment.ofArray(content).asSlice(from, length).fill((byte) 0);
            }
            default -> {
                return answer(sent, BlockLayout.STATUS_UNSUPP);
            }
        }
        return answer(sent, BlockLayout.STATUS_OK);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
