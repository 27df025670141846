// SPDX-License-Identifier: Apache-2.0
package vireo.launcher.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Set;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import vireo.launcher.ExitStatus;
import vireo.launcher.LaunchException;

/**
 * Makes Configuration Admin hold what features and files ask for, and nothing that they asked for once. Configurations
 * made by other means, for example by a shell command, are left alone.
 */
public final class ConfigurationStore {

    /** Property that FileInstall gives the configurations it makes. */
    private static final String FILE_INSTALL_SOURCE = "felix.fileinstall.filename";

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationStore.class);

    private final ConfigurationAdmin admin;

    /**
     * Uses a Configuration Admin.
     *
     * @param admin the service
     */
    public ConfigurationStore(ConfigurationAdmin admin) {
        this.admin = admin;
    }

    /**
     * Creates, changes and deletes until the store holds what is wanted. What already is as wanted is not touched.
     *
     * @param wanted all configurations of features and configuration resources
     * @throws LaunchException if Configuration Admin cannot store them
     */
    public void apply(Collection<Configured> wanted) throws LaunchException {
        Set<String> pids = new HashSet<>();
        try {
            for (Configured one : wanted) {
                pids.add(one.pid());
                Hashtable<String, Object> values = new Hashtable<>(one.values());
                values.put(Configured.SOURCE, one.source());
                if (configuration(one.pid()).updateIfDifferent(values)) {
                    LOG.info("Configuration {} from {}", one.pid(), one.source());
                }
            }
            for (Configuration one : all("(" + Configured.SOURCE + "=*)")) {
                if (!pids.contains(one.getPid())) {
                    LOG.info("Configuration {} deleted: {} has it no longer", one.getPid(),
                            one.getProperties().get(Configured.SOURCE));
                    one.delete();
                }
            }
        } catch (IOException | IllegalStateException e) {
            throw new LaunchException(ExitStatus.IO, "configurations cannot be stored: " + e
                    + "; check the state directory and the space on its disk", e);
        }
    }

    /**
     * Deletes configurations that FileInstall made from files which are gone or no longer watched; it does not notice
     * what happens while the platform is down.
     *
     * @param watched the directories that it watches now
     * @throws LaunchException if Configuration Admin cannot store the change
     */
    public void forget(List<Path> watched) throws LaunchException {
        try {
            for (Configuration one : all("(" + FILE_INSTALL_SOURCE + "=*)")) {
                Path file = Path.of(URI.create(one.getProperties().get(FILE_INSTALL_SOURCE).toString()));
                if (!watched.contains(file.getParent()) || !Files.exists(file)) {
                    LOG.info("Configuration {} deleted: {} is gone", one.getPid(), file);
                    one.delete();
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new LaunchException(ExitStatus.IO, "configurations cannot be read: " + e
                    + "; delete the folder config of the state directory to start afresh", e);
        }
    }

    private Configuration configuration(String pid) throws IOException {
        int tilde = pid.indexOf('~');
        return tilde < 0 ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    }

    private List<Configuration> all(String filter) throws IOException {
        try {
            Configuration[] found = admin.listConfigurations(filter);
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
