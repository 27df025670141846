// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Set;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.launcher.LaunchException;

/**
 * One client of the shell socket: reads one command, runs it, streams its output, sends its status. A second thread
 * waits for the client to go away, since a command that nobody waits for is interrupted.
 */
final class ShellConnection implements AutoCloseable {

    /** First bytes of every request; the last is the version. */
    static final int MAGIC = 0x56495201;

    /** Longest command. */
    static final int MAX_COMMAND = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(ShellConnection.class);

    private final SocketChannel channel;
    private final BundleContext context;
    private final Set<ShellConnection> connections;
    private final Thread worker = Thread.ofPlatform().daemon().name("vireo-exec").unstarted(this::serve);
    private volatile LineRunner runner;

    ShellConnection(SocketChannel channel, BundleContext context, Set<ShellConnection> connections) {
        this.channel = channel;
        this.context = context;
        this.connections = connections;
    }

    void start() {
        connections.add(this);
        worker.start();
    }

    Thread worker() {
        return worker;
    }

    private void serve() {
        try (channel) {
            DataInputStream in = new DataInputStream(Channels.newInputStream(channel));
            DataOutputStream out = new DataOutputStream(new BufferedOutputStream(writer(), Frame.MAX));
            if (in.readInt() != MAGIC) {
                LOG.warn("A client of the shell socket does not speak its protocol");
                return;
            }
            Path directory = Path.of(new String(Frame.readContent(in, Frame.MAX), StandardCharsets.UTF_8));
            String command = new String(Frame.readContent(in, MAX_COMMAND), StandardCharsets.UTF_8);
            Thread.ofPlatform().daemon().name("vireo-exec-watch").start(() -> watch(in));
            int status = run(command, directory, out);
            Frame.write(out, Frame.EXIT, ByteBuffer.allocate(Integer.BYTES).putInt(status).array(), 0, Integer.BYTES);
        } catch (IOException | InvalidPathException e) {
            LOG.debug("A client of the shell socket went away", e);
        } finally {
            connections.remove(this);
        }
    }

    private int run(String command, Path directory, DataOutputStream out) {
        PrintStream results = new PrintStream(Frame.stream(out, Frame.OUT), true, StandardCharsets.UTF_8);
        PrintStream errors = new PrintStream(Frame.stream(out, Frame.ERR), true, StandardCharsets.UTF_8);
        try (LineRunner session = LineRunner.open(context, InputStream.nullInputStream(), results, errors,
                directory)) {
            runner = session;
            return session.run(command);
        } catch (LaunchException e) {
            errors.println("vireo: " + e.getMessage());
            return e.status();
        }
    }

    /** A channel may be read and written at once; its stream adapters may not, so writes go by hand. */
    private OutputStream writer() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        };
    }

    private void watch(DataInputStream in) {
        try {
            if (in.read() >= 0) {
                LOG.warn("A client of the shell socket sent more than one command; it is cut off");
            }
        } catch (IOException e) {
            LOG.trace("The connection has ended", e);
        }
        close();
    }

    /** Cuts the client off and interrupts its command. */
    @Override
    public void close() {
        LineRunner session = runner;
        if (session != null) {
            session.close();
        }
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Closing", e);
        }
    }
}
