// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import java.util.Hashtable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;

/** The command {@code vireo:exit}, which stops the platform from inside. Gogo calls its method by name. */
public final class ExitFunction {

    private final BundleContext context;
    private volatile boolean used;

    private ExitFunction(BundleContext context) {
        this.context = context;
    }

    /**
     * Makes the command available.
     *
     * @param context the system bundle's context
     * @return the command
     */
    public static ExitFunction register(BundleContext context) {
        ExitFunction function = new ExitFunction(context);
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

    /**
     * Stops the platform.
     *
     * @throws BundleException if the framework cannot stop
     */
    public void exit() throws BundleException {
        used = true;
        context.getBundle().stop();
    }
}
