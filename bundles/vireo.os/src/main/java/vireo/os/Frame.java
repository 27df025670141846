// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What one system call needs beside its arguments: where its error number is captured, and scratch memory for small
 * structures. Frames are pooled by thread number rather than kept per thread, because callers may be virtual threads, of
 * which there can be any number; taking one allocates nothing unless more calls are in progress than the pool has frames.
 */
final class Frame {

    /** Bytes of scratch memory, enough for every structure here. */
    static final long SCRATCH = 512;

    private static final int COUNT = 64;
    private static final VarHandle BUSY;
    private static final Frame[] POOL = new Frame[COUNT];

    static {
        try {
            BUSY = MethodHandles.lookup().findVarHandle(Frame.class, "busy", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        Arena arena = Arena.ofAuto();
        for (int i = 0; i < COUNT; i++) {
            POOL[i] = new Frame(arena);
        }
    }

    /** Scratch memory with undefined content. */
    final MemorySegment scratch;

    private final MemorySegment state;
    @SuppressWarnings("unused")
    private volatile boolean busy;

    private Frame(Arena arena) {
        // A cache line of its own for each part, because neighbours are used by other threads.
        MemorySegment memory = arena.allocate(64 + SCRATCH + 64, 64);
        state = memory.asSlice(0, Kernel.STATE_SIZE);
        scratch = memory.asSlice(64, SCRATCH);
    }

    /** Takes a frame, to be given back in a finally block. */
    static Frame take() {
        int start = (int) Thread.currentThread().threadId();
        for (int i = 0; i < COUNT; i++) {
            Frame frame = POOL[start + i & COUNT - 1];
            if ((boolean) BUSY.compareAndSet(frame, false, true)) {
                return frame;
            }
        }
        return new Frame(Arena.ofAuto());
    }

    void give() {
        BUSY.setRelease(this, false);
    }

    long call(int number, long a, long b, long c, long d, long e, long f, MemorySegment keep) {
        return Kernel.call(state, number, a, b, c, d, e, f, keep);
    }

    long call(int number, long a, long b, long c, long d, long e, long f) {
        return call(number, a, b, c, d, e, f, MemorySegment.NULL);
    }

    long call(int number, long a, long b, long c, long d) {
        return call(number, a, b, c, d, 0, 0, MemorySegment.NULL);
    }

    long call(int number, long a, long b, long c) {
        return call(number, a, b, c, 0, 0, 0, MemorySegment.NULL);
    }

    /** Makes a call that needs no scratch memory. */
    static long direct(int number, long a, long b, long c, long d) {
        Frame frame = take();
        try {
            return frame.call(number, a, b, c, d);
        } finally {
            frame.give();
        }
    }
}
