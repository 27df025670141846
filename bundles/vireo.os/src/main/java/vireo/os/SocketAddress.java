// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** {@code struct sockaddr_un}: two bytes of family, then the path. */
final class SocketAddress {

    static final int AF_UNIX = 1;

    private static final int PATH_OFFSET = 2;
    private static final int MAX_PATH = 107;

    private SocketAddress() {
    }

    /** Puts the address at the start of the scratch memory and returns its length. */
    static long put(MemorySegment scratch, Path path) {
        byte[] bytes = PathName.bytes(path);
        if (bytes.length == 0 || bytes.length > MAX_PATH) {
            throw new IllegalArgumentException("socket path " + path + " is " + bytes.length
                    + " bytes long; the kernel takes 1 to " + MAX_PATH + ": use a shorter directory");
        }
        scratch.set(JAVA_SHORT, 0, (short) AF_UNIX);
        MemorySegment.copy(bytes, 0, scratch, JAVA_BYTE, PATH_OFFSET, bytes.length);
        scratch.set(JAVA_BYTE, PATH_OFFSET + bytes.length, (byte) 0);
        return PATH_OFFSET + bytes.length + 1L;
    }
}
