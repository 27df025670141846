// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;
import vireo.launcher.PlatformSettings;

/** The disk of the embedded default: a sparse file that is made once and kept. */
final class EmbeddedImage {

    /** The feature with the configuration that runs when nothing is asked for. */
    static final String FEATURE = "embedded";

    static final long BYTES = 64L << 20;

    private EmbeddedImage() {
    }

    static void make(PlatformSettings settings) throws LaunchException {
        Path image = settings.state().resolve("disk.img");
        if (!settings.features().contains(FEATURE) || Files.exists(image)) {
            return;
        }
        try {
            Files.createDirectories(image.getParent());
            try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
                file.setLength(BYTES);
            }
        } catch (IOException e) {
            throw new LaunchException(ExitStatus.CANNOT_CREATE, "image " + image + " of " + BYTES
                    + " bytes cannot be made: " + e + "; name another directory with --state", e);
        }
    }
}
