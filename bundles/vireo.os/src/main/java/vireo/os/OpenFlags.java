// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Turns Java's names for ways to open a file into the kernel's, which differ in part between architectures. */
final class OpenFlags {

    static final int O_CLOEXEC = 0x80000;
    static final int O_NONBLOCK = 0x800;

    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_CREAT = 0x40;
    private static final int O_EXCL = 0x80;
    private static final int O_NOCTTY = 0x100;
    private static final int O_TRUNC = 0x200;
    private static final int O_APPEND = 0x400;
    private static final int O_DSYNC = 0x1000;
    private static final int O_SYNC = 0x101000;
    private static final int O_NOFOLLOW = SystemCall.X86 ? 0x20000 : 0x8000;

    private OpenFlags() {
    }

    static int of(OpenOption... options) {
        int flags = O_CLOEXEC | O_NOCTTY;
        boolean read = options.length == 0;
        boolean write = false;
        for (OpenOption option : options) {
            read |= option == StandardOpenOption.READ;
            write |= option == StandardOpenOption.WRITE || option == StandardOpenOption.APPEND;
            flags |= flag(option);
        }
        if (!read && !write) {
            throw new IllegalArgumentException("neither READ nor WRITE among the options " + List.of(options));
        }
        return flags | (write ? read ? O_RDWR : O_WRONLY : 0);
    }

    private static int flag(OpenOption option) {
        if (option == LinkOption.NOFOLLOW_LINKS) {
            return O_NOFOLLOW;
        }
        if (option instanceof StandardOpenOption standard) {
            return switch (standard) {
                case READ, WRITE -> 0;
                case APPEND -> O_APPEND;
                case CREATE -> O_CREAT;
                case CREATE_NEW -> O_CREAT | O_EXCL;
                case TRUNCATE_EXISTING -> O_TRUNC;
                case DSYNC -> O_DSYNC;
                case SYNC -> O_SYNC;
                case DELETE_ON_CLOSE, SPARSE -> throw unknown(option);
            };
        }
        throw unknown(option);
    }

    private static IllegalArgumentException unknown(OpenOption option) {
        return new IllegalArgumentException("a descriptor cannot be opened with option " + option);
    }

    /** Names the flags that say most, for error messages. */
    static String names(int flags) {
        List<String> names = new ArrayList<>();
        names.add(switch (flags & 3) {
            case O_WRONLY -> "O_WRONLY";
            case O_RDWR -> "O_RDWR";
            default -> "O_RDONLY";
        });
        if ((flags & O_CREAT) != 0) {
            names.add("O_CREAT");
        }
        if ((flags & O_EXCL) != 0) {
            names.add("O_EXCL");
        }
        if ((flags & O_TRUNC) != 0) {
            names.add("O_TRUNC");
        }
        if ((flags & O_NOFOLLOW) != 0) {
            names.add("O_NOFOLLOW");
        }
        return String.join("|", names);
    }
}
