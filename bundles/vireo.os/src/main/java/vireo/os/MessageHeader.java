// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * {@code struct msghdr} with one {@code iovec} and room for descriptors in one {@code cmsghdr}, laid out in a frame's
 * scratch memory:
 *
 * <pre>
 *   0  name pointer     8  name length    16  iovec pointer   24  iovec count
 *  32  control pointer 40  control length 48  flags
 *  64  iovec: pointer, length
 *  80  cmsghdr: length, 88 level, 92 type, 96 descriptors
 * </pre>
 */
final class MessageHeader {

    static final int MAX_DESCRIPTORS = 16;

    private static final long IOV_POINTER = 16;
    private static final long IOV_COUNT = 24;
    private static final long CONTROL_POINTER = 32;
    private static final long CONTROL_LENGTH = 40;
    private static final long FLAGS = 48;
    private static final long IOVEC = 64;
    private static final long CONTROL = 80;
    private static final long CONTROL_LEVEL = CONTROL + 8;
    private static final long CONTROL_TYPE = CONTROL + 12;
    private static final long CONTROL_DATA = CONTROL + 16;
    private static final long END = CONTROL_DATA + MAX_DESCRIPTORS * 4;

    private static final int SOL_SOCKET = 1;
    private static final int SCM_RIGHTS = 1;
    private static final int MSG_CTRUNC = 0x8;

    private MessageHeader() {
    }

    static void prepare(MemorySegment scratch, long address, long length) {
        for (long at = 0; at < END; at += 8) {
            scratch.set(JAVA_LONG, at, 0);
        }
        scratch.set(JAVA_LONG, IOV_POINTER, scratch.address() + IOVEC);
        scratch.set(JAVA_LONG, IOV_COUNT, 1);
        scratch.set(JAVA_LONG, IOVEC, address);
        scratch.set(JAVA_LONG, IOVEC + 8, length);
    }

    /** Makes room for received descriptors; without it the kernel drops those that come. */
    static void expectDescriptors(MemorySegment scratch) {
        scratch.set(JAVA_LONG, CONTROL_POINTER, scratch.address() + CONTROL);
        scratch.set(JAVA_LONG, CONTROL_LENGTH, END - CONTROL);
    }

    static void putDescriptor(MemorySegment scratch, int index, int number) {
        scratch.set(JAVA_INT, CONTROL_DATA + index * 4L, number);
        long used = CONTROL_DATA - CONTROL + (index + 1) * 4L;
        scratch.set(JAVA_LONG, CONTROL_POINTER, scratch.address() + CONTROL);
        scratch.set(JAVA_LONG, CONTROL_LENGTH, used + 7 & -8);
        scratch.set(JAVA_LONG, CONTROL, used);
        scratch.set(JAVA_INT, CONTROL_LEVEL, SOL_SOCKET);
        scratch.set(JAVA_INT, CONTROL_TYPE, SCM_RIGHTS);
    }

    /** Returns how many descriptors the kernel put there; each is open and must get an owner. */
    static int descriptors(MemorySegment scratch) {
        if (scratch.get(JAVA_LONG, CONTROL_LENGTH) < CONTROL_DATA - CONTROL
                || scratch.get(JAVA_INT, CONTROL_LEVEL) != SOL_SOCKET
                || scratch.get(JAVA_INT, CONTROL_TYPE) != SCM_RIGHTS) {
            return 0;
        }
        return (int) (scratch.get(JAVA_LONG, CONTROL) - (CONTROL_DATA - CONTROL)) / 4;
    }

    static int descriptor(MemorySegment scratch, int index) {
        return scratch.get(JAVA_INT, CONTROL_DATA + index * 4L);
    }

    /** Tells whether more descriptors came than there was room for. */
    static boolean truncated(MemorySegment scratch) {
        return (scratch.get(JAVA_INT, FLAGS) & MSG_CTRUNC) != 0;
    }
}
