// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import java.util.ArrayList;
import java.util.List;

/**
 * Packages of the launcher's class path that bundles use instead of copies of their own: what both sides must mean the
 * same by (services that the launcher calls), and logging, which belongs to the process.
 */
final class HostPackages {

    private static final List<String> SHARED = List.of(
            "org.slf4j;version=2.0.17", "org.slf4j.event;version=2.0.17", "org.slf4j.helpers;version=2.0.17",
            "org.slf4j.spi;version=2.0.17", "org.slf4j;version=1.7.36",
            "org.osgi.service.cm;version=1.6.1", "org.osgi.service.cm.annotations;version=1.6.1",
            "org.apache.felix.cm.json.io;version=1.0.0",
            "jakarta.json;version=2.1.3", "jakarta.json.spi;version=2.1.3", "jakarta.json.stream;version=2.1.3",
            "picocli;version=4.7.7");

    /** Equinox brings these itself. */
    private static final List<String> LOG =
            List.of("org.osgi.service.log;version=1.5.0", "org.osgi.service.log.admin;version=1.0.0");

    private HostPackages() {
    }

    static String export(PlatformSettings settings) {
        List<String> all = new ArrayList<>(SHARED);
        if (settings.framework() == FrameworkKind.FELIX) {
            all.addAll(LOG);
        }
        all.addAll(settings.hostPackages());
        return String.join(",", all);
    }
}
