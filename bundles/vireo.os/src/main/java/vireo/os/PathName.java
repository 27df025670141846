// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.Charset;
import java.nio.file.FileSystems;
import java.nio.file.Path;

/** A path as the kernel wants it: bytes in the encoding in which the JVM itself names files, with a zero at the end. */
final class PathName {

    private static final Charset ENCODING = Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

    private PathName() {
    }

    static byte[] bytes(Path path) {
        if (path.getFileSystem() != FileSystems.getDefault()) {
            throw new IllegalArgumentException("not a path of the default file system: " + path);
        }
        return path.toString().getBytes(ENCODING);
    }

    static MemorySegment allocate(Arena arena, Path path) {
        byte[] bytes = bytes(path);
        MemorySegment name = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, name, ValueLayout.JAVA_BYTE, 0, bytes.length);
        return name;
    }
}
