// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import java.lang.foreign.MemorySegment;

/** {@code struct epoll_event}: events, then data, with padding between them on every architecture but x86-64. */
final class EpollEvents {

    static final int EPOLLIN = 0x1;
    static final int EPOLLRDHUP = 0x2000;
    static final int EPOLLONESHOT = 1 << 30;
    static final int CTL_ADD = 1;
    static final int CTL_DEL = 2;
    static final int CTL_MOD = 3;

    static final long SIZE = SystemCall.X86 ? 12 : 16;

    private static final long DATA = SystemCall.X86 ? 4 : 8;

    private EpollEvents() {
    }

    static void put(MemorySegment segment, int events, long data) {
        segment.set(JAVA_INT_UNALIGNED, 0, events);
        segment.set(JAVA_LONG_UNALIGNED, DATA, data);
    }

    static long data(MemorySegment segment, int index) {
        return segment.get(JAVA_LONG_UNALIGNED, index * SIZE + DATA);
    }
}
