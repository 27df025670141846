// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import java.util.Hashtable;
import org.osgi.framework.BundleContext;

/** The command {@code vireo:exit}, which stops the platform from inside. Gogo calls its method by name. */
public final class ExitFunction {

    private final Runnable stop;
    private volatile boolean used;

    private ExitFunction(Runnable stop) {
        this.stop = stop;
    }

    /**
     * Makes the command available.
     *
     * @param context the system bundle's context
     * @param stop stops everything; called on a thread of its own, since the command itself has to end first
     * @return the command
     */
    public static ExitFunction register(BundleContext context, Runnable stop) {
        ExitFunction function = new ExitFunction(stop);
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("osgi.command.scope", "vireo");
        properties.put("osgi.command.function", new String[] {"exit"});
        context.registerService(ExitFunction.class, function, properties);
        return function;
    }

    /**
     * Tells whether the command was given.
     *
     * @return true from then on
     */
    public boolean used() {
        return used;
    }

    /** Stops the platform. */
    public void exit() {
        used = true;
        Thread.ofPlatform().name("vireo-exit").start(stop);
    }
}
