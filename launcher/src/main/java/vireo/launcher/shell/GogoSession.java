// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.shell;

import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/**
 * One session of Gogo, used by reflection: Gogo finds the running command through the class loader of its interfaces,
 * so these must come from its bundle and cannot be shared with the launcher.
 */
final class GogoSession implements AutoCloseable {

    private static final String API = "org.apache.felix.service.command.";

    /** Level of {@code Converter} for a value printed in full lines. */
    private static final int FORMAT_LINE = 1;

    private final ClassLoader loader;
    private final Object session;
    private volatile int error;

    private GogoSession(ClassLoader loader, Object session) {
        this.loader = loader;
        this.session = session;
    }

    static GogoSession open(BundleContext context, InputStream in, OutputStream out, OutputStream err, Path directory)
            throws LaunchException {
        Object processor = processor(context);
        ClassLoader loader = processor.getClass().getClassLoader();
        GogoSession made = new GogoSession(loader, call(loader, "CommandProcessor", processor, "createSession",
                new Class<?>[] {InputStream.class, OutputStream.class, OutputStream.class}, in, out, err));
        made.call("currentDir", new Class<?>[] {Path.class}, directory);
        made.listen();
        return made;
    }

    private static Object processor(BundleContext context) throws LaunchException {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(API + "CommandProcessor", null);
            Object processor = found == null ? null : context.getService(found[0]);
            if (processor != null) {
                return processor;
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
        throw new LaunchException(ExitStatus.UNAVAILABLE, "this platform has no shell; start it with "
                + "--feature workbench");
    }

    /** A job tells its error code to a listener only; the result of the line does not have it. */
    private void listen() {
        Class<?> listener = load(loader, "JobListener");
        Object proxy = Proxy.newProxyInstance(loader, new Class<?>[] {listener}, (self, method, arguments) -> {
            if (method.getName().equals("jobChanged") && arguments[2].toString().equals("Done")
                    && call(loader, "Job", arguments[0], "parent", new Class<?>[0]) == null) {
                Object result = call(loader, "Job", arguments[0], "result", new Class<?>[0]);
                error = result == null ? 0 : (int) call(loader, "Result", result, "error", new Class<?>[0]);
            }
            return method.getName().equals("hashCode") ? (Object) System.identityHashCode(self)
                    : method.getName().equals("equals") ? (Object) (self == arguments[0]) : null;
        });
        call("setJobListener", new Class<?>[] {listener}, proxy);
    }

    void put(String name, Object value) {
        call("put", new Class<?>[] {String.class, Object.class}, name, value);
    }

    /** Runs a line and returns its result as text, or null if it has none. */
    String execute(String line) throws Exception {
        error = 0;
        try {
            Object result = load(loader, "CommandSession").getMethod("execute", CharSequence.class)
                    .invoke(session, line);
            return result == null ? null
                    : call("format", new Class<?>[] {Object.class, int.class}, result, FORMAT_LINE).toString();
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    /** The error code that the last line's last job ended with, where it ended without an exception. */
    int error() {
        return error;
    }

    @Override
    public void close() {
        call("close", new Class<?>[0]);
    }

    private Object call(String method, Class<?>[] types, Object... arguments) {
        return call(loader, "CommandSession", session, method, types, arguments);
    }

    private static Object call(ClassLoader loader, String type, Object target, String method, Class<?>[] types,
            Object... arguments) {
        try {
            return load(loader, type).getMethod(method, types).invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(ClassLoader loader, String type) {
        try {
            return loader.loadClass(API + type);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
