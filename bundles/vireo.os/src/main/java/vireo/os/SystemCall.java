// SPDX-License-Identifier: Apache-2.0
package vireo.os;

/** Numbers of the system calls that are used; they are all that differs between the architectures at this level. */
final class SystemCall {

    static final boolean X86 = System.getProperty("os.arch", "").equals("amd64");

    static final int READ = number(0, 63);
    static final int WRITE = number(1, 64);
    static final int CLOSE = number(3, 57);
    static final int MMAP = number(9, 222);
    static final int MUNMAP = number(11, 215);
    static final int IOCTL = number(16, 29);
    static final int PREAD = number(17, 67);
    static final int PWRITE = number(18, 68);
    static final int SOCKET = number(41, 198);
    static final int CONNECT = number(42, 203);
    static final int SENDMSG = number(46, 211);
    static final int RECVMSG = number(47, 212);
    static final int BIND = number(49, 200);
    static final int LISTEN = number(50, 201);
    static final int SOCKETPAIR = number(53, 199);
    static final int GETSOCKOPT = number(55, 209);
    static final int FCNTL = number(72, 25);
    static final int FDATASYNC = number(75, 83);
    static final int FTRUNCATE = number(77, 46);
    static final int FCHMOD = number(91, 52);
    static final int GETEUID = number(107, 175);
    static final int EPOLL_CTL = number(233, 21);
    static final int OPENAT = number(257, 56);
    static final int UNLINKAT = number(263, 35);
    static final int FCHMODAT = number(268, 53);
    static final int EPOLL_PWAIT = number(281, 22);
    static final int FALLOCATE = number(285, 47);
    static final int ACCEPT4 = number(288, 242);
    static final int EVENTFD2 = number(290, 19);
    static final int EPOLL_CREATE1 = number(291, 20);
    static final int PREADV = number(295, 69);
    static final int PWRITEV = number(296, 70);
    static final int MEMFD_CREATE = number(319, 279);
    static final int STATX = number(332, 291);

    private SystemCall() {
    }

    private static int number(int x86, int aarch64) {
        return X86 ? x86 : aarch64;
    }
}
