// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.Logger;

/**
 * Keeps logback from searching for configuration files and from printing at debug level before {@link Logging#set} has
 * said where lines go. A program that embeds the launcher and has a logback.xml or names one is left alone.
 */
public final class QuietConfigurator extends ContextAwareBase implements Configurator {

    /** Called by logback through {@link java.util.ServiceLoader}. */
    public QuietConfigurator() {
    }

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null
                || ClassLoader.getSystemResource("logback.xml") != null
                || ClassLoader.getSystemResource("logback-test.xml") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
