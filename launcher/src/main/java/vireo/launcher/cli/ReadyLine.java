// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import vireo.launcher.Platform;

/** The one line that says that a platform is there. */
final class ReadyLine {

    private ReadyLine() {
    }

    static String of(String instance, Platform platform) {
        Instant now = Instant.now();
        double seconds = ProcessHandle.current().info().startInstant().map(start -> Duration.between(start, now))
                .orElse(Duration.ZERO).toMillis() / 1000.0;
        BundleContext context = platform.context();
        return String.format(Locale.ROOT, "vireo: ready in %.2f s: instance %s (pid %d) on %s, %d bundles; buses: %s; "
                + "devices: %s", seconds, instance, ProcessHandle.current().pid(),
                platform.settings().framework().label(), context.getBundles().length - 1,
                names(context, "vireo.bus.MessageBus", "bus.name"),
                names(context, "vireo.device.VirtioDevice", "device.name"));
    }

    /** Names of services, by the name of their type, since the launcher knows no bundle of the platform. */
    private static String names(BundleContext context, String type, String property) {
        try {
            ServiceReference<?>[] found = context.getAllServiceReferences(type, null);
            String names = found == null ? "" : String.join(", ", Arrays.stream(found)
                    .map(reference -> Objects.toString(reference.getProperty(property), null))
                    .filter(Objects::nonNull).distinct().sorted().toList());
            return names.isEmpty() ? "none" : names;
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
