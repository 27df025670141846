// SPDX-License-Identifier: Apache-2.0
package vireo.launcher;

import java.util.Arrays;
import java.util.Locale;

/** The frameworks that the platform runs on. */
public enum FrameworkKind {

    /** Apache Felix, the default. */
    FELIX("org.apache.felix."),

    /** Eclipse Equinox. */
    EQUINOX("org.eclipse.osgi.");

    private final String packages;

    FrameworkKind(String packages) {
        this.packages = packages;
    }

    /**
     * Returns the framework's name on the command line and in file names.
     *
     * @return "felix" or "equinox"
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Tells whether a framework factory is this framework's. */
    boolean made(Object factory) {
        return factory.getClass().getName().startsWith(packages);
    }

    /**
     * Finds a framework by its name.
     *
     * @param label "felix" or "equinox"
     * @return the framework
     * @throws LaunchException if there is no such framework
     */
    public static FrameworkKind of(String label) throws LaunchException {
        return Arrays.stream(values()).filter(kind -> kind.label().equals(label)).findFirst()
                .orElseThrow(() -> new LaunchException(ExitStatus.USAGE, "unknown framework '" + label
                        + "'; known are "
                        + String.join(", ", Arrays.stream(values()).map(FrameworkKind::label).toList())));
    }
}
