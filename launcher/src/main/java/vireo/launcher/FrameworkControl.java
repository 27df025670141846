// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.osgi.framework.BundleException;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * What a framework does in the background, waited for.
 *
 * @param framework the framework
 */
record FrameworkControl(Framework framework) {

    void start() throws LaunchException {
        try {
            framework.start();
        } catch (BundleException e) {
            throw new LaunchException(ExitStatus.SOFTWARE, "the framework does not start: " + e.getMessage(), e);
        }
    }

    /** Wires all bundles anew whose old wiring is gone. */
    void refresh() throws LaunchException {
        Waiter waiter = new Waiter(FrameworkEvent.PACKAGES_REFRESHED);
        framework.adapt(FrameworkWiring.class).refreshBundles(null, waiter);
        waiter.await();
    }

    void level(int wanted) throws LaunchException {
        Waiter waiter = new Waiter(FrameworkEvent.STARTLEVEL_CHANGED);
        framework.adapt(FrameworkStartLevel.class).setStartLevel(wanted, waiter);
        waiter.await();
    }

    /** Waits for the event that says that it is done; others say what went wrong on the way, which the log has. */
    private static final class Waiter implements FrameworkListener {

        private final int type;
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        Waiter(int type) {
            this.type = type;
        }

        @Override
        public void frameworkEvent(FrameworkEvent event) {
            if (event.getType() == type) {
                done.complete(null);
            }
        }

        void await() throws LaunchException {
            try {
                done.get();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LaunchException(ExitStatus.TEMPORARY, "interrupted while starting; start again", e);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
