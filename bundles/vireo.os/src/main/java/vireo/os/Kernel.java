// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.Set;

/**
 * The one way into the kernel: the C library's {@code syscall}, linked once. One shape for every call keeps start-up short
 * and needs no structure that differs between C libraries.
 *
 * <p>The last parameter is one that {@code syscall} does not have. Both calling conventions let a caller pass more than a
 * function takes, and a segment passed by reference cannot be unmapped before the call returned; so buffers go as plain
 * addresses, without a slice per call, and their whole segment goes along to be kept.
 */
final class Kernel {

    /** Why the kernel cannot be called here, or null if it can. */
    static final String UNSUPPORTED;

    /** Bytes of a call's state segment, which begins with the captured error number. */
    static final long STATE_SIZE = 16;

    private static final MethodHandle SYSCALL;

    /**
     * The same function without a captured error number, for transfers. Capturing takes a slice of the state segment per
     * call, which the compiler removes most of the time and not always. A transfer that failed has moved nothing, so it is
     * made again with capture to learn why; that is true of no other kind of call, least of all of a failed fdatasync,
     * whose error is reported once.
     */
    private static final class Transfers {

        static final MethodHandle SYSCALL = link();

        private static final boolean[] NUMBERS = new boolean[512];

        static {
            for (int number : new int[] {SystemCall.READ, SystemCall.WRITE, SystemCall.PREAD, SystemCall.PWRITE,
                SystemCall.PREADV, SystemCall.PWRITEV}) {
                NUMBERS[number] = true;
            }
        }

        private Transfers() {
        }
    }

    static {
        MethodHandle handle = null;
        String reason = platformProblem();
        if (reason == null) {
            try {
                handle = link(Linker.Option.captureCallState("errno"));
            } catch (IllegalCallerException e) {
                reason = "vireo.os may not call the kernel: start java with --enable-native-access=ALL-UNNAMED";
            } catch (RuntimeException | LinkageError e) {
                reason = "vireo.os cannot call the kernel: " + e;
            }
        }
        SYSCALL = handle;
        UNSUPPORTED = reason;
    }

    private Kernel() {
    }

    private static String platformProblem() {
        String os = System.getProperty("os.name", "");
        String arch = System.getProperty("os.arch", "");
        boolean known = os.equals("Linux") && Set.of("amd64", "aarch64").contains(arch)
                && ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
        return known ? null : "vireo.os needs Linux on x86-64 or aarch64; this is " + os + " on " + arch;
    }

    @SuppressWarnings("restricted")
    private static MethodHandle link(Linker.Option... options) {
        Linker linker = Linker.nativeLinker();
        MemorySegment symbol = linker.defaultLookup().findOrThrow("syscall");
        FunctionDescriptor shape = FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG,
                JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS);
        return linker.downcallHandle(symbol, shape, options);
    }

    /**
     * Makes a call; one that a signal interrupted is made again, except close, which has done its work by then.
     *
     * @return the kernel's own result: a negative one is an error number negated
     */
    static long call(MemorySegment state, int number, long a, long b, long c, long d, long e, long f,
            MemorySegment keep) {
        if (Transfers.NUMBERS[number]) {
            long result = transfer(number, a, b, c, d, e, f, keep);
            if (result != -1) {
                return result;
            }
        }
        while (true) {
            long result = invoke(state, number, a, b, c, d, e, f, keep);
            if (result != -1) {
                return result;
            }
            int errno = state.get(JAVA_INT, 0);
            if (errno != Errno.EINTR || number == SystemCall.CLOSE) {
                return -errno;
            }
        }
    }

    private static long transfer(long number, long a, long b, long c, long d, long e, long f, MemorySegment keep) {
        try {
            return (long) Transfers.SYSCALL.invokeExact(number, a, b, c, d, e, f, keep);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static long invoke(MemorySegment state, long number, long a, long b, long c, long d, long e, long f,
            MemorySegment keep) {
        try {
            return (long) SYSCALL.invokeExact(state, number, a, b, c, d, e, f, keep);
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
