// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.config;

import jakarta.json.JsonObject;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.felix.cm.json.io.ConfigurationReader;
import org.apache.felix.cm.json.io.ConfigurationResource;
import org.apache.felix.cm.json.io.Configurations;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/** Reads configuration resources (*.json, as the Configurator specification has them) from files and directories. */
public final class ConfigurationFiles {

    private ConfigurationFiles() {
    }

    /**
     * Lists the configuration resources of a directory.
     *
     * @param directory the directory
     * @return its *.json files in order of name, empty if it does not exist
     * @throws LaunchException if it cannot be read
     */
    public static List<Path> list(Path directory) throws LaunchException {
        TreeSet<Path> files = new TreeSet<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.json")) {
                found.forEach(files::add);
            } catch (IOException e) {
                throw new LaunchException(ExitStatus.NO_INPUT, directory + ": cannot be read: " + e, e);
            }
        }
        return List.copyOf(files);
    }

    /**
     * Reads one file.
     *
     * @param path the file
     * @return what it configures
     * @throws LaunchException if the file is wrong, with file, line and remedy
     */
    public static List<Configured> read(Path path) throws LaunchException {
        JsonFile file = JsonFile.read(path);
        List<Configured> result = new ArrayList<>();
        for (String key : file.root().keySet()) {
            if (key.startsWith(ConfigurationResource.CONFIGURATOR_PROPERTY_PREFIX)) {
                continue;
            }
            if (!(file.root().get(key) instanceof JsonObject properties)) {
                throw file.wrong(key, "is not a configuration; write \"PID\": { … } or \"FACTORY-PID~NAME\": { … }");
            }
            checkPid(file, key);
            result.add(new Configured(key, path.toString(), values(file, key, properties)));
        }
        return result;
    }

    private static void checkPid(JsonFile file, String key) throws LaunchException {
        int tilde = key.indexOf('~');
        if (key.isBlank() || tilde == 0 || tilde == key.length() - 1 || key.indexOf(' ') >= 0) {
            throw file.wrong(key, "is not a PID; write \"PID\" or \"FACTORY-PID~NAME\" without spaces");
        }
    }

    private static Map<String, Object> values(JsonFile file, String key, JsonObject properties) throws LaunchException {
        try {
            ConfigurationReader reader = Configurations.buildReader().build(properties);
            Hashtable<String, Object> values = reader.readConfiguration();
            Map<String, Object> result = new HashMap<>();
            // The reader's dictionary keeps its entries elsewhere than in the table it extends: only keys() shows them.
            Collections.list(values.keys()).forEach(name -> result.put(name, values.get(name)));
            return result;
        } catch (IOException | RuntimeException e) {
            String reason = String.valueOf(e.getMessage()).replace("PID <configuration> : ", "");
            throw file.wrong(key, "has a wrong value: " + reason + "; the type follows the name after a colon, "
                    + "for example \"size:Integer\"");
        }
    }
}
