// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/**
 * Where log lines go: everything from the wanted level on into a file in the state directory, warnings and errors to
 * standard error too. Set up in code because reading logback's XML costs a tenth of the start; a file logback.xml in
 * the configuration directory replaces it all.
 */
public final class Logging {

    private static final Level[] LEVELS = {Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE};

    private Logging() {
    }

    /**
     * Sets logging up for this process.
     *
     * @param level "error", "warn", "info", "debug" or "trace"
     * @param file the log file
     * @param xml a logback configuration that is used instead if it exists; it may use the property vireo.log
     * @throws LaunchException if the level is not known or the configuration is wrong
     */
    public static void set(String level, Path file, Path xml) throws LaunchException {
        Level wanted = Arrays.stream(LEVELS).filter(one -> one.levelStr.equalsIgnoreCase(level)).findFirst()
                .orElseThrow(() -> new LaunchException(ExitStatus.USAGE, "unknown log level '" + level + "'; known are "
                        + String.join(", ", Arrays.stream(LEVELS).map(one -> one.levelStr.toLowerCase(Locale.ROOT))
                                .toList())));
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        if (Files.exists(xml)) {
            readXml(context, file, xml);
            return;
        }
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(wanted);
        root.addAppender(rolling(context, file));
        root.addAppender(terminal(context));
    }

    /** Ends logging, so that the file is complete. */
    public static void stop() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static void readXml(LoggerContext context, Path file, Path xml) throws LaunchException {
        context.putProperty("vireo.log", file.toString());
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        try {
            configurator.doConfigure(xml.toFile());
        } catch (JoranException e) {
            throw new LaunchException(ExitStatus.CONFIG, xml + ": not a logback configuration: " + e.getMessage()
                    + "; correct or remove the file", e);
        }
    }

    private static RollingFileAppender<ILoggingEvent> rolling(LoggerContext context, Path file) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setName("file");
        appender.setFile(file.toString());
        appender.setEncoder(encoder(context, "%d{yyyy-MM-dd'T'HH:mm:ss.SSS} %-5level [%thread] %logger: %msg%n"));
        FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
        names.setContext(context);
        names.setParent(appender);
        names.setFileNamePattern(file + ".%i");
        names.setMinIndex(1);
        names.setMaxIndex(2);
        names.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(FileSize.valueOf("8MB"));
        size.start();
        appender.setRollingPolicy(names);
        appender.setTriggeringPolicy(size);
        appender.start();
        return appender;
    }

    /**
     * Writes to the descriptor itself, since System.err belongs to whichever shell session a thread works for; and
     * leaves it open, since others have more to say after the log has ended.
     */
    private static OutputStreamAppender<ILoggingEvent> terminal(LoggerContext context) {
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(context);
        appender.setName("terminal");
        appender.setEncoder(encoder(context, "vireo: %level %logger{0}: %msg%n%nopex"));
        appender.setOutputStream(new FilterOutputStream(new FileOutputStream(FileDescriptor.err)) {
            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                out.write(bytes, offset, length);
            }

            @Override
            public void close() {
                // The process ends it.
            }
        });
        ThresholdFilter warnings = new ThresholdFilter();
        warnings.setLevel(Level.WARN.levelStr);
        warnings.start();
        appender.addFilter(warnings);
        appender.start();
        return appender;
    }

    private static PatternLayoutEncoder encoder(LoggerContext context, String pattern) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern(pattern);
        encoder.start();
        return encoder;
    }
}
