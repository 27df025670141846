// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/** The assembled home that this launcher belongs to. */
final class Home {

    private Home() {
    }

    static Path find() throws LaunchException {
        try {
            Path jar = Path.of(Home.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path home = Path.of(System.getProperty("vireo.home", jar.getParent().toString()));
            if (!Files.isDirectory(home.resolve("features"))) {
                throw new LaunchException(ExitStatus.SOFTWARE, "no features in " + home
                        + "; start Vireo with ./vireo, or set -Dvireo.home to launcher/target/home");
            }
            return home;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where an instance keeps its state unless told otherwise. */
    static Path state(String instance) {
        String base = System.getenv("XDG_STATE_HOME");
        Path root = base == null || base.isBlank() ? Path.of(System.getProperty("user.home"), ".local", "state")
                : Path.of(base);
        return root.resolve("vireo").resolve(instance);
    }
}
