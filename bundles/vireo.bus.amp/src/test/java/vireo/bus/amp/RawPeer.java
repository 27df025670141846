// SPDX-License-Identifier: Apache-2.0
package vireo.bus.amp;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A peer that only has the wake-up socket, made of plain Java, so that a test can do with it what no bus would. */
final class RawPeer implements AutoCloseable {

    private final SocketChannel channel;

    /** Connects. */
    RawPeer(Path path) throws IOException {
        channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    }

    /** Leaves the file of a socket at which nobody listens any more. */
    static void leaveFile(Path path) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(path));
        }
    }

    void ring() throws IOException {
        channel.write(ByteBuffer.wrap(new byte[] {(byte) 0xed}));
    }

    /** Waits until the other side closes, or has closed with bytes unread. */
    void awaitEnd() {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(1024);
            while (channel.read(buffer) >= 0) {
                buffer.clear();
            }
        } catch (IOException reset) {
            // As good an end as any.
        }
    }

    /** Waits for a byte. */
    int read() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1);
        return channel.read(buffer) == 1 ? buffer.get(0) & 0xff : -1;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
