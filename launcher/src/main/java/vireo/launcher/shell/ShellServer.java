// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jdk.net.ExtendedSocketOptions;
import org.osgi.framework.BundleContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;
import vireo.launcher.ProcessLock;

/**
 * Lets other processes of the same user run shell commands in this platform, through a Unix socket. The lock file
 * beside the socket tells a running platform from one that died and left its socket behind.
 */
public final class ShellServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShellServer.class);

    /** More clients than this at once are turned away. */
    private static final int MAX_CLIENTS = 32;

    private static final long GRACE_MILLIS = 500;

    private final Path socket;
    private final String owner;
    private final ProcessLock lock;
    private final ServerSocketChannel server;
    private final BundleContext context;
    private final Set<ShellConnection> connections = ConcurrentHashMap.newKeySet();
    private final Thread acceptor;

    private ShellServer(Path socket, String owner, ProcessLock lock, ServerSocketChannel server,
            BundleContext context) {
        this.socket = socket;
        this.owner = owner;
        this.lock = lock;
        this.server = server;
        this.context = context;
        this.acceptor = Thread.ofPlatform().daemon().name("vireo-exec-accept").unstarted(this::accept);
    }

    /**
     * Takes the name of an instance, so that no other platform of this user can run under it.
     *
     * @param directory where sockets are
     * @param instance the name
     * @return the lock, to be given to {@link #open}
     * @throws LaunchException if another process has it
     */
    public static ProcessLock claim(RuntimeDirectory directory, String instance) throws LaunchException {
        return ProcessLock.take(directory.create().lock(instance), "instance '" + instance + "'",
                "choose another name with --instance");
    }

    /**
     * Starts to listen.
     *
     * @param directory where sockets are
     * @param instance the instance's name
     * @param lock its lock, which the server owns from now on
     * @param context the system bundle's context
     * @return the server
     * @throws LaunchException if the socket cannot be made
     */
    public static ShellServer open(RuntimeDirectory directory, String instance, ProcessLock lock, BundleContext context)
            throws LaunchException {
        Path socket = directory.create().socket(instance);
        ServerSocketChannel server = null;
        try {
            Files.deleteIfExists(socket);
            server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
            server.bind(UnixDomainSocketAddress.of(socket));
            ShellServer made = new ShellServer(socket, Files.getOwner(socket).getName(), lock, server, context);
            made.acceptor.start();
            return made;
        } catch (IOException e) {
            close(server);
            lock.close();
            throw new LaunchException(ExitStatus.CANNOT_CREATE, "socket " + socket + " cannot be made: " + e
                    + "; set XDG_RUNTIME_DIR to another directory of yours", e);
        }
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel client = server.accept();
                String user = client.getOption(ExtendedSocketOptions.SO_PEERCRED).user().getName();
                if (!user.equals(owner) || connections.size() >= MAX_CLIENTS) {
                    LOG.warn("A client of user {} was turned away: {}", user, user.equals(owner)
                            ? "there are " + MAX_CLIENTS + " already" : "only " + owner + " may");
                    client.close();
                    continue;
                }
                new ShellConnection(client, context, connections).start();
            } catch (AsynchronousCloseException e) {
                return;
            } catch (ClosedChannelException e) {
                LOG.debug("Closed while accepting", e);
            } catch (IOException e) {
                LOG.warn("A client could not be accepted: {}", e.toString());
            }
        }
    }

    /**
     * Returns where it listens.
     *
     * @return the socket's path
     */
    public Path socket() {
        return socket;
    }

    /**
     * Stops listening, removes the socket, and lets go of the name. Commands get a moment to end, which is all that the
     * one needs that brought this about; then they are interrupted.
     */
    @Override
    public void close() {
        close(server);
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            LOG.warn("Socket {} could not be removed: {}", socket, e.toString());
        }
        join(acceptor, 0);
        long deadline = System.nanoTime() + GRACE_MILLIS * 1_000_000;
        for (ShellConnection connection : connections) {
            join(connection.worker(), Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
            connection.close();
        }
        lock.close();
    }

    private static void join(Thread thread, long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void close(ServerSocketChannel server) {
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            LOG.debug("Closing", e);
        }
    }
}
