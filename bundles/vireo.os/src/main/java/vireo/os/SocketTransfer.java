// SPDX-License-Identifier: Apache-2.0
package vireo.os;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/** Moving bytes and descriptors over a Unix socket, without ever waiting. */
final class SocketTransfer {

    private static final int MSG_DONTWAIT = 0x40;
    private static final int MSG_NOSIGNAL = 0x4000;
    private static final int MSG_CMSG_CLOEXEC = 0x40000000;

    private SocketTransfer() {
    }

    static long send(Handle handle, MemorySegment base, long offset, long length, List<Descriptor> descriptors)
            throws OsException {
        int fd = enter(handle, "sendmsg", base, offset, length, false);
        int entered = 0;
        Frame frame = Frame.take();
        try {
            MessageHeader.prepare(frame.scratch, base.address() + offset, length);
            while (entered < descriptors.size()) {
                Handle other = descriptors.get(entered).handle();
                int number = other.enter();
                if (number < 0) {
                    throw other.closed("sendmsg");
                }
                MessageHeader.putDescriptor(frame.scratch, entered++, number);
            }
            long result = frame.call(SystemCall.SENDMSG, fd, frame.scratch.address(), MSG_DONTWAIT | MSG_NOSIGNAL, 0, 0,
                    0, base);
            return result(handle, "sendmsg", length, result);
        } finally {
            while (entered > 0) {
                descriptors.get(--entered).handle().exit();
            }
            frame.give();
            handle.exit();
        }
    }

    static long receive(Handle handle, MemorySegment base, long offset, long length, List<Descriptor> received)
            throws OsException {
        int fd = enter(handle, "recvmsg", base, offset, length, true);
        Frame frame = Frame.take();
        try {
            MessageHeader.prepare(frame.scratch, base.address() + offset, length);
            if (received != null) {
                MessageHeader.expectDescriptors(frame.scratch);
            }
            long result = frame.call(SystemCall.RECVMSG, fd, frame.scratch.address(), MSG_DONTWAIT | MSG_CMSG_CLOEXEC, 0,
                    0, 0, base);
            if (result >= 0 && received != null) {
                keep(handle, frame.scratch, received);
            }
            return result == 0 ? Descriptor.EOF : result(handle, "recvmsg", length, result);
        } finally {
            frame.give();
            handle.exit();
        }
    }

    private static int enter(Handle handle, String call, MemorySegment base, long offset, long length, boolean filled)
            throws OsException {
        if (length == 0) {
            throw new IllegalArgumentException("length=0: a stream does not carry empty messages");
        }
        return Transfer.enter(handle, call, base, offset, length, filled);
    }

    private static long result(Handle handle, String call, long length, long result) throws OsException {
        if (result < 0 && result != -Errno.EAGAIN) {
            throw handle.failure(call, ", length=" + length, result);
        }
        return result < 0 ? Descriptor.WOULD_BLOCK : result;
    }

    /** Gives every descriptor that came an owner, or closes them all. */
    private static void keep(Handle handle, MemorySegment scratch, List<Descriptor> received) throws OsException {
        int count = MessageHeader.descriptors(scratch);
        boolean truncated = MessageHeader.truncated(scratch);
        if (count == 0 && !truncated) {
            return;
        }
        List<Descriptor> arrived = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            arrived.add(new Descriptor(MessageHeader.descriptor(scratch, i), "received by " + handle));
        }
        if (truncated) {
            arrived.forEach(Descriptor::close);
            throw new OsException(Errno.EMSGSIZE, "recvmsg(" + handle + ")", "the peer sent more than "
                    + MessageHeader.MAX_DESCRIPTORS + " descriptors at once, or this process has too many open");
        }
        try {
            received.addAll(arrived);
        } catch (RuntimeException e) {
            arrived.forEach(Descriptor::close);
            throw e;
        }
    }
}
