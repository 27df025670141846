// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/** Runs one shell command in a running platform. */
public final class ShellClient {

    private ShellClient() {
    }

    /**
     * Runs a command and copies its output as it comes.
     *
     * @param directory where sockets are
     * @param instance name of the platform's instance
     * @param command the command
     * @param out where its output goes
     * @param err where its error messages go
     * @return the command's exit status
     * @throws LaunchException if no such platform runs, or it ends before the command does
     */
    public static int run(RuntimeDirectory directory, String instance, String command, PrintStream out, PrintStream err)
            throws LaunchException {
        Path socket = directory.socket(instance);
        if (command.getBytes(StandardCharsets.UTF_8).length > ShellConnection.MAX_COMMAND) {
            throw new LaunchException(ExitStatus.USAGE, "the command is longer than " + ShellConnection.MAX_COMMAND
                    + " bytes; put it into a file and run that with 'source FILE'");
        }
        try (SocketChannel channel = connect(instance, socket)) {
            send(channel, command);
            return receive(new DataInputStream(Channels.newInputStream(channel)), out, err);
        } catch (EOFException e) {
            throw new LaunchException(ExitStatus.UNAVAILABLE, "platform '" + instance + "' ended, or was ended by the "
                    + "command, before the command had a status; see its log", e);
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.IO, "connection to platform '" + instance + "' broke: " + e, e);
        }
    }

    private static SocketChannel connect(String instance, Path socket) throws LaunchException {
        try {
            if (Files.exists(socket)) {
                SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                channel.connect(UnixDomainSocketAddress.of(socket));
                return channel;
            }
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.UNAVAILABLE, "no platform '" + instance + "' is running (" + socket
                    + ": " + e.getMessage() + "); start it with './vireo run --instance " + instance + "'", e);
        }
        throw new LaunchException(ExitStatus.UNAVAILABLE, "no platform '" + instance + "' is running (no socket "
                + socket + "); start it with './vireo run --instance " + instance + "'");
    }

    private static void send(SocketChannel channel, String command) throws IOException {
        byte[] directory = Path.of("").toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8);
        byte[] text = command.getBytes(StandardCharsets.UTF_8);
        ByteBuffer request = ByteBuffer.allocate(3 * Integer.BYTES + directory.length + text.length)
                .putInt(ShellConnection.MAGIC).putInt(directory.length).put(directory).putInt(text.length).put(text)
                .flip();
        while (request.hasRemaining()) {
            channel.write(request);
        }
    }

    private static int receive(DataInputStream in, PrintStream out, PrintStream err) throws IOException {
        while (true) {
            int kind = in.readByte();
            byte[] content = Frame.readContent(in, Frame.MAX);
            switch (kind) {
                case Frame.OUT -> {
                    out.write(content);
                    out.flush();
                }
                case Frame.ERR -> {
                    err.write(content);
                    err.flush();
                }
                case Frame.EXIT -> {
                    return ByteBuffer.wrap(content).getInt();
                }
                default -> throw new IOException("a frame of unknown kind " + kind + "; is it the same version?");
            }
        }
    }
}
