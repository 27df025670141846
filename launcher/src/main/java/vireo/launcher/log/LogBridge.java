// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.log;

import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;
import org.osgi.framework.ServiceReference;
import org.osgi.service.log.LogEntry;
import org.osgi.service.log.LogLevel;
import org.osgi.service.log.LogListener;
import org.osgi.service.log.LogReaderService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes what bundles write to the OSGi log, and errors of the framework, on to slf4j. Declarative Services say there
 * why a component does not start, and without this nobody would read it.
 */
public final class LogBridge implements LogListener, FrameworkListener, ServiceListener {

    /** Prefix of the loggers under which a log service repeats events of the framework. */
    private static final String EVENTS = "Events.";

    private final BundleContext context;

    private LogBridge(BundleContext context) {
        this.context = context;
    }

    /**
     * Connects a framework's log for as long as the framework lives.
     *
     * @param context the system bundle's context
     */
    public static void connect(BundleContext context) {
        LogBridge bridge = new LogBridge(context);
        context.addFrameworkListener(bridge);
        try {
            context.addServiceListener(bridge, "(objectClass=" + LogReaderService.class.getName() + ")");
            for (ServiceReference<LogReaderService> reader
                    : context.getServiceReferences(LogReaderService.class, null)) {
                bridge.listen(reader);
            }
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        if (event.getType() == ServiceEvent.REGISTERED) {
            listen(event.getServiceReference());
        }
    }

    private void listen(ServiceReference<?> reference) {
        if (context.getService(reference) instanceof LogReaderService reader) {
            reader.addLogListener(this);
        }
    }

    @Override
    public void logged(LogEntry entry) {
        String name = entry.getLoggerName() == null ? "" : entry.getLoggerName();
        if (name.startsWith(EVENTS)) {
            return;
        }
        String bundle = entry.getBundle() == null ? "framework" : entry.getBundle().getSymbolicName();
        Logger logger = LoggerFactory.getLogger(name.isEmpty() || "LogService".equals(name) ? bundle : name);
        logger.atLevel(level(entry.getLogLevel())).setCause(entry.getException()).log(entry.getMessage());
    }

    private static org.slf4j.event.Level level(LogLevel level) {
        return switch (level) {
            case AUDIT, ERROR -> org.slf4j.event.Level.ERROR;
            case WARN -> org.slf4j.event.Level.WARN;
            case INFO -> org.slf4j.event.Level.INFO;
            case DEBUG -> org.slf4j.event.Level.DEBUG;
            case TRACE -> org.slf4j.event.Level.TRACE;
        };
    }

    @Override
    public void frameworkEvent(FrameworkEvent event) {
        if ((event.getType() & (FrameworkEvent.ERROR | FrameworkEvent.WARNING)) != 0) {
            Throwable cause = event.getThrowable();
            LoggerFactory.getLogger(String.valueOf(event.getBundle().getSymbolicName())).atLevel(
                    event.getType() == FrameworkEvent.ERROR ? org.slf4j.event.Level.ERROR : org.slf4j.event.Level.WARN)
                    .setCause(cause).log(cause == null ? "trouble in the framework" : cause.getMessage());
        }
    }
}
